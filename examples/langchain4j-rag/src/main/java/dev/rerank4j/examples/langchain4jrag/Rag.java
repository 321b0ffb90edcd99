package dev.rerank4j.examples.langchain4jrag;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.AugmentationResult;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Metadata;
import dev.rerank4j.Citation;
import dev.rerank4j.Context;
import dev.rerank4j.Hit;
import dev.rerank4j.RerankException;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.langchain4j.EvidenceContentAggregator;
import dev.rerank4j.langchain4j.TwoStageContentRetriever;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Asks a company's handbook: retrieval and prompt by LangChain4j's augmentor, the answer by a chat model if there is one.
 * The same question is answered twice; what differs is one line, the aggregator.
 */
public final class Rag {

    private static final int PASSAGES = 3; // in the prompt
    private static final int DEPTH = 30; // that the reranker may choose from

    private final Settings settings;
    private final OnnxScorer scorer;
    private final PrintStream out;
    private final PrintStream err;

    private Rag(Settings settings, OnnxScorer scorer, PrintStream out, PrintStream err) {
        this.settings = settings;
        this.scorer = scorer;
        this.out = out;
        this.err = err;
    }

    /**
     * Answers one question.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        Path folder = Path.of(System.getProperty("example", "."));
        System.exit(run(folder, List.of(arguments), System.getenv(), System.out, System.err));
    }

    /** {@return the exit code} */
    static int run(Path folder, List<String> arguments, Map<String, String> environment, PrintStream out,
            PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(Settings.HELP);
            return 0;
        }
        try {
            Settings settings = Settings.of(arguments, environment);
            Path handbook = folder.resolve("../handbook/docs").normalize();
            try (OnnxScorer scorer = OnnxScorer.builtIn();
                    OnnxEncoder encoder = OnnxEncoder.builtIn();
                    LuceneIndex index = Handbook.open(handbook, folder.resolve("target"), encoder, err)) {
                new Rag(settings, scorer, out, err).answer(index);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("langchain4j-rag: " + e.getMessage());
            return 2;
        } catch (RerankException | IOException e) {
            err.println("langchain4j-rag: " + e.getMessage());
            return 1;
        }
    }

    private void answer(LuceneIndex index) {
        out.println(settings.question());
        try (SearchPipeline search = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector()).build();
                EvidenceContentAggregator reranking = EvidenceContentAggregator.builder()
                        .scorer(scorer)
                        .maxResults(PASSAGES)
                        .timeout(Duration.ofSeconds(5))
                        .build()) {
            print("Without reranking", DefaultRetrievalAugmentor.builder()
                    .contentRetriever(retriever(search, PASSAGES))
                    .contentInjector(new CitingInjector())
                    .build());
            print("With reranking", DefaultRetrievalAugmentor.builder()
                    .contentRetriever(retriever(search, DEPTH))
                    .contentAggregator(reranking) // the line that makes the difference
                    .contentInjector(new CitingInjector())
                    .build());
        }
    }

    private static ContentRetriever retriever(SearchPipeline search, int limit) {
        return TwoStageContentRetriever.builder().pipeline(search).limit(limit).build();
    }

    private void print(String heading, RetrievalAugmentor augmentor) {
        UserMessage question = UserMessage.from(settings.question());
        AugmentationResult prompt = augmentor
                .augment(new AugmentationRequest(question, Metadata.from(question, null, null)));
        Context context = CitingInjector.context(prompt.contents());
        out.printf("%n%s:%n", heading);
        for (Citation citation : context.citations()) {
            out.println("  " + citation.header() + probability(citation.hits().getFirst()));
        }
        String answer = answer((UserMessage) prompt.chatMessage(), context);
        out.printf("%n  %s%n%n", answer.replace("\n", "\n  "));
        for (Citation citation : context.cited(answer)) {
            out.println("  " + citation.header());
            out.println("      " + citation.text().replace("\n", "\n      "));
        }
        for (int number : context.unknown(answer)) {
            out.println("  [" + number + "] is not among the passages: do not trust this answer");
        }
    }

    private static String probability(Hit hit) {
        return hit.probability().isPresent()
                ? String.format(Locale.ROOT, "  %.2f", hit.probability().getAsDouble())
                : "";
    }

    private String answer(UserMessage prompt, Context context) {
        if (settings.chat().isPresent()) {
            Settings.Chat chat = settings.chat().get();
            try {
                return chat.model().chat(prompt).aiMessage().text();
            } catch (RuntimeException e) { // each provider has exceptions of its own
                err.println(
                        "langchain4j-rag: " + chat.name() + " does not answer (" + rootOf(e).getClass().getSimpleName()
                                + "); this answer is made of the passages' sentences");
            }
        }
        return Extract.of(settings.question(), context, scorer);
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }
}
