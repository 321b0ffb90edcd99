package dev.rerank4j.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Any {@link Scorer} as LangChain4j's {@link ScoringModel}, for their {@code ReRankingContentAggregator} or for code of
 * one's own. A score is the probability that the text answers the query, 0 to 1, where the model is calibrated, and its
 * logit where it is not; {@link #withLogits()} gives logits always. Both put texts into the same order.
 *
 * <p>Immutable, safe for use by several threads. It throws {@link RerankException}, whose kind says whether trying again
 * makes sense; it remains usable then.
 */
public final class RerankScoringModel implements ScoringModel, AutoCloseable {

    private final Scorer scorer;
    private final boolean owner;
    private final boolean logits;
    private final Optional<Duration> timeout;

    private RerankScoringModel(Scorer scorer, boolean owner, boolean logits, Optional<Duration> timeout) {
        this.scorer = Objects.requireNonNull(scorer, "scorer");
        this.owner = owner;
        this.logits = logits;
        this.timeout = timeout;
    }

    /**
     * The built-in cross-encoder; loading takes about half a second. {@link #close()} frees it.
     *
     * @return a model that owns its scorer
     * @throws RerankException {@code UNAVAILABLE} if {@code rerank4j-onnx} or {@code rerank4j-model} was taken off the
     *         class path; {@code MODEL} if the model does not give its known scores on this machine
     */
    public static RerankScoringModel builtIn() {
        return new RerankScoringModel(BuiltIn.scorer(), true, false, Optional.empty());
    }

    /**
     * Any scorer, which remains its maker's to close.
     *
     * @param scorer says how well texts answer a query
     * @return a model without timeout
     */
    public static RerankScoringModel of(Scorer scorer) {
        return new RerankScoringModel(scorer, false, false, Optional.empty());
    }

    /**
     * The same model, giving the scorer's logits even where it has probabilities: the numbers that LangChain4j's {@code
     * OnnxScoringModel} gives for the same ONNX file.
     *
     * @return another view of the same scorer; closing one closes both
     */
    public RerankScoringModel withLogits() {
        return new RerankScoringModel(scorer, owner, true, timeout);
    }

    /**
     * The same model with a deadline for each call.
     *
     * @param timeout how long a call may take; longer than zero. A scorer that does not look at deadlines is not cut off
     * @return another view of the same scorer; closing one closes both
     * @throws IllegalArgumentException if {@code timeout} is negative or zero
     */
    public RerankScoringModel withTimeout(Duration timeout) {
        Deadline.in(timeout); // complains in its own words
        return new RerankScoringModel(scorer, owner, logits, Optional.of(timeout));
    }

    /**
     * Scores one text.
     *
     * @param text null and blank are scored as an empty text, although a {@link TextSegment} could not hold them
     * @param query may be empty
     * @return the score, and the tokens that the model read
     * @throws RerankException as {@link #scoreAll}
     */
    @Override
    public Response<Double> score(@Nullable String text, String query) {
        Response<List<Double>> all = scoreTexts(List.of(text == null ? "" : text), query);
        return Response.from(all.content().getFirst(), all.tokenUsage());
    }

    /**
     * Scores texts against a query.
     *
     * @param segments may be empty; a null segment, and one whose text is null, is scored as an empty text, so that
     *        scores stay in step with segments. Metadata is not read
     * @param query may be empty
     * @return a score for each segment, in their order; as token usage, how many tokens the model read in all pairs
     * @throws RerankException {@code INVALID_REQUEST} if the query alone fills the model's window; {@code OVERLOADED} if
     *         too much is waiting; {@code TIMEOUT} after the timeout; {@code MODEL} if the model gives something else
     *         than a score for each text
     * @throws IllegalStateException if the scorer is closed
     */
    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        List<String> texts = new ArrayList<>(segments.size());
        for (TextSegment segment : segments) {
            String text = segment == null ? null : segment.text();
            texts.add(text == null ? "" : text);
        }
        return scoreTexts(texts, query);
    }

    private Response<List<Double>> scoreTexts(List<String> texts, String query) {
        Objects.requireNonNull(query, "query");
        if (texts.isEmpty()) {
            return Response.from(List.of(), new TokenUsage(0, 0));
        }
        Deadline deadline = timeout.map(Deadline::in).orElseGet(Deadline::none);
        Scores scores = scorer.score(ScoreRequest.of(query, texts, deadline));
        if (scores.size() != texts.size()) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "model " + scorer.name() + " scored " + scores.size() + " texts of " + texts.size());
        }
        float[] numbers = logits || scores.probabilities().length == 0 ? scores.logits() : scores.probabilities();
        List<Double> content = new ArrayList<>(numbers.length);
        for (float number : numbers) {
            content.add((double) number);
        }
        long tokens = Arrays.stream(scores.tokens()).asLongStream().sum();
        return Response.from(content, new TokenUsage((int) Math.min(tokens, Integer.MAX_VALUE), 0));
    }

    /** Frees the model if {@link #builtIn()} made it, else does nothing; a second call does nothing. */
    @Override
    public void close() {
        if (owner) {
            scorer.close();
        }
    }
}
