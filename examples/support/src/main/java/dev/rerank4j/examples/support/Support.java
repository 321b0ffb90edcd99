package dev.rerank4j.examples.support;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Context;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchRequest.Unit;
import dev.rerank4j.SearchResult;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A support desk's memory: an error description is matched with past tickets, and where none is probable enough, it says
 * so instead of showing the least unlikely.
 */
public final class Support {

    /** Of an error description that is searched for: the model's window has 512, and the ticket needs the rest. */
    static final int TOKENS = 200;

    private static final int LIMIT = 3;
    private static final int DEPTH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LuceneIndex index;
    private final OnnxEncoder encoder;
    private final SearchPipeline search;

    private Support(LuceneIndex index, OnnxEncoder encoder, SearchPipeline search) {
        this.index = index;
        this.encoder = encoder;
        this.search = search;
    }

    /**
     * Answers.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(Path.of(System.getProperty("example", ".")), List.of(arguments), System.in, System.out,
                System.err));
    }

    /** {@return the exit code} */
    static int run(Path folder, List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(Ask.HELP);
            return 0;
        }
        try {
            Ask ask = Ask.of(arguments, in);
            open(folder, err, support -> ask.pasted().forEach(pasted -> support.answer(pasted, ask, out)));
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("support: " + e.getMessage());
            return 2;
        } catch (RerankException | IOException e) {
            err.println("support: " + e.getMessage());
            return 1;
        }
    }

    /** Opens models and index for as long as the work takes. */
    static void open(Path folder, PrintStream err, Consumer<Support> work) throws IOException {
        try (OnnxEncoder encoder = OnnxEncoder.builtIn();
                OnnxScorer scorer = OnnxScorer.builtIn();
                LuceneIndex index = index(folder, encoder, err);
                SearchPipeline search = SearchPipeline.builder()
                        .retriever(index.bm25()).retriever(index.vector()).fusion(Fusion.standardized(1, 1))
                        .reranker(Reranker.adaptive(scorer, 0.6, Map.of("bm25", 1.0, "vector", 1.0), 0.2,
                                AdaptiveDepth.DEFAULT.settling(LIMIT, Unit.PASSAGE)))
                        .build()) {
            work.accept(new Support(index, encoder, search));
        }
    }

    /** The past tickets that are probable enough, best first; possibly none. */
    Ranking relevant(String pasted, double atLeast) {
        return search(report(pasted)).ranking().atLeast(atLeast);
    }

    private ErrorReport report(String pasted) {
        return ErrorReport.of(pasted, text -> encoder.tokenStarts(text).length, TOKENS);
    }

    private SearchResult search(ErrorReport report) {
        return search.search(new SearchRequest(Query.of(report.text()), Unit.PASSAGE, DEPTH, DEPTH, PATIENCE));
    }

    private void answer(String pasted, Ask ask, PrintStream out) {
        ErrorReport report = report(pasted);
        SearchResult found = search(report);
        if (found.degraded()) { // then there are no probabilities, which does not mean that nothing is relevant
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "the model could not look at the tickets: " + found.stages());
        }
        Ranking relevant = found.ranking().atLeast(ask.atLeast());
        if (ask.context()) {
            out.println(Context.of(relevant).text());
            return;
        }
        out.println(report.text().indent(2).stripTrailing()
                + (report.leftOut() == 0 ? "" : "\n  (" + report.leftOut() + " lines of it left out)"));
        out.println();
        if (relevant.isEmpty()) {
            double best = found.ranking().hits().stream().mapToDouble(hit -> hit.probability().orElse(0)).max()
                    .orElse(0);
            out.printf(Locale.ROOT, "Nothing relevant was found among %d tickets: the best has a probability of %.2f, "
                    + "asked for are %.2f.%n%n", index.documentCount(), best, ask.atLeast());
            return;
        }
        for (Hit hit : relevant.top(LIMIT)) {
            out.printf(Locale.ROOT, "%.2f  %s  %s%n%s%n", hit.probability().orElse(0), hit.passage().documentId(),
                    hit.passage().title(), resolution(hit.passage().text()).indent(6));
        }
    }

    /** What helped, which stands at the end of a ticket. */
    private static String resolution(String ticket) {
        return ticket.substring(Math.max(0, ticket.indexOf("Resolution:")));
    }

    /** One folder for each state of the tickets, so that a changed file makes a new index. */
    private static LuceneIndex index(Path folder, OnnxEncoder encoder, PrintStream err) throws IOException {
        Path tickets = folder.resolve("corpus.jsonl");
        Path directory = folder.resolve("target/index-" + Files.getLastModifiedTime(tickets).toMillis());
        LuceneIndex index = LuceneIndex.open(directory, encoder, "en");
        if (index.documentCount() == 0) {
            // A ticket with its resolution in one piece where it can be, and room for a long query beside it.
            Chunker chunker = Chunker.structured(encoder::tokenStarts, 263, 32);
            try (DocumentReader reader = new DocumentReader()) {
                reader.read(new SourceFile(tickets, "tickets"), ticket -> index.add(chunker.chunk(ticket)),
                        warning -> err.println(warning.name() + ": " + warning.reason()));
            }
            index.commit();
        }
        return index;
    }
}
