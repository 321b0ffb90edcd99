package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.Scorer;

/**
 * Language models as second stages, over Ollama's API or OpenAI's. There are three ways to ask one:
 *
 * <ul>
 * <li>{@linkplain #pointwise pointwise}: of each passage, whether it is relevant; one call a passage, all at the same
 * time; needs log-probabilities;</li>
 * <li>{@linkplain #listwise listwise}: to order twenty passages at a time; few long calls, one after the other;</li>
 * <li>{@linkplain #setwise setwise}: for the best of four, again and again; many short calls, one after the other.</li>
 * </ul>
 *
 * <p>Models are asked with temperature 0. What passages and queries say is data: what would end their place in a prompt
 * is changed before it is sent. A model may still heed what a passage says; see {@code docs/language-models.md}.
 */
public final class LanguageModels {

    /** RankGPT's window. */
    public static final int WINDOW = 20;

    /** RankGPT's stride. */
    public static final int STRIDE = 10;

    /** How many passages are compared at a time in the setwise paper: a parent of three children. */
    public static final int SET = 4;

    /** How many of the best a setwise reranker finds, unless fewer are wanted. */
    public static final int BEST = 10;

    private static final int MOST_SHOWN = 100;
    private static final int LEAST_SET = 3; // with two, the heap would be a line, and calls the square of candidates
    private static final int LABELS = 23; // A to W, as in the paper: X and Y are not one token everywhere

    private LanguageModels() {
    }

    /**
     * {@return a scorer as {@link #pointwise(LanguageModelOptions, PointwisePrompt)}, with the prompt that the model's
     * name asks for}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param remote where it is
     * @throws IllegalArgumentException if the name is blank
     */
    public static Scorer pointwise(ChatApi api, String model, RemoteOptions remote) {
        return pointwise(LanguageModelOptions.of(api, model, remote), PointwisePrompt.of(model));
    }

    /**
     * {@return a scorer that asks of each text whether it is relevant, and takes {@code log P(yes) - log P(no)} of the
     * answer's first token as its logit} If one of the two is not among the likeliest tokens, it is taken to be as
     * likely as the last of them. There are no probabilities: a language model's certainty is not calibrated.
     *
     * <p>Equal texts are asked for once, others at the same time, as many as
     * {@linkplain RemoteOptions#maxConcurrent() allowed}. If a call fails, the request fails. Tokens are those of query
     * and text, counted approximately, without the prompt around them. Its name is the model's with the prompt's
     * version, such as {@code ollama/qwen3/pointwise-1}. Beside what {@link Scorer} says, it throws a
     * {@link RerankException} of kind {@code MODEL} if the server gives no log-probabilities (Ollama does since 0.12.11)
     * or the model begins its answer with neither yes nor no, and of kind {@code INVALID_REQUEST} if the query has more
     * than about 512 tokens.
     *
     * @param model the model
     * @param prompt how it is asked
     */
    public static Scorer pointwise(LanguageModelOptions model, PointwisePrompt prompt) {
        return new PointwiseScorer(model, prompt);
    }

    /**
     * {@return a reranker as {@link #listwise(LanguageModelOptions, int, int)}}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param window how many candidates are shown at a time
     * @param stride by how many the window moves
     * @param remote where it is
     * @throws IllegalArgumentException if the name is blank or a number out of its range
     */
    public static LanguageModelReranker listwise(ChatApi api, String model, int window, int stride,
            RemoteOptions remote) {
        return listwise(LanguageModelOptions.of(api, model, remote), window, stride);
    }

    /**
     * {@return a reranker that has windows of candidates put in order, from the last to the first} The best of a window
     * move on with it: the first {@code window - stride} hits are the best of all candidates, if the model is right.
     * For {@code n} candidates it asks {@code 1 + ceil((n - window) / stride)} times, once if they fit into one window;
     * a window of one is not asked for.
     *
     * <p>If an answer names less than half of the passages, the model is asked once more. What an answer does not name
     * keeps its order behind what it names.
     *
     * <p>From Sun et al., "Is ChatGPT Good at Search? Investigating Large Language Models as Re-Ranking Agents", EMNLP
     * 2023.
     *
     * @param model the model
     * @param window how many candidates are shown at a time; 2 to 100
     * @param stride by how many the window moves; 1 to {@code window}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static LanguageModelReranker listwise(LanguageModelOptions model, int window, int stride) {
        LanguageModelOptions.within("window", window, 2, MOST_SHOWN);
        LanguageModelOptions.within("stride", stride, 1, window);
        ChatService service = new ChatService(model);
        return new LanguageModelReranker(service, ListwiseOrdering.of(service, window, stride));
    }

    /**
     * {@return a reranker as {@link #setwise(LanguageModelOptions, int, int)} that finds the {@value #BEST} best}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param set how many candidates are shown at a time
     * @param remote where it is
     * @throws IllegalArgumentException if the name is blank or the number out of its range
     */
    public static LanguageModelReranker setwise(ChatApi api, String model, int set, RemoteOptions remote) {
        return setwise(LanguageModelOptions.of(api, model, remote), set, BEST);
    }

    /**
     * {@return a reranker that asks for the best of a set, again and again, until so many are found as are wanted} The
     * others follow in the order they had. An answer that names no passage leaves the set as it is.
     *
     * <p>The heapsort of Zhuang et al., "A Setwise Approach for Effective and Highly Efficient Zero-shot Ranking with
     * Large Language Models", SIGIR 2024.
     *
     * @param model the model
     * @param set how many candidates are shown at a time, one and those it is compared to; 3 to 23
     * @param best how many are found at most, however many hits are wanted; at least 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static LanguageModelReranker setwise(LanguageModelOptions model, int set, int best) {
        LanguageModelOptions.within("set", set, LEAST_SET, LABELS);
        if (best < 1) {
            throw new IllegalArgumentException("best must be >= 1, got " + best);
        }
        ChatService service = new ChatService(model);
        return new LanguageModelReranker(service, SetwiseOrdering.of(service, set, best));
    }
}
