package dev.rerank4j.examples.policies;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Context;
import dev.rerank4j.Filter;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchRequest.Unit;
import dev.rerank4j.SearchResult;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Asks a company's policies. What is known for certain (country, contract, whether a clause is still in force) is a
 * filter; what is left to judge, the model judges. The clauses that almost won stand beside the first, with what differs
 * in their circumstances, since the model reads numbers and dates badly.
 */
public final class Policies {

    static final String QUESTION = "May I bring my 12-year-old along to see the hall in Bergen?";

    private static final int LIMIT = 5; // the clause and four near misses
    private static final int DEPTH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Policies() {
    }

    /**
     * Answers one question.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(Path.of(System.getProperty("example", ".")), List.of(arguments), System.out, System.err));
    }

    /** {@return the exit code} */
    static int run(Path folder, List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(Ask.HELP);
            return 0;
        }
        try {
            answer(folder, Ask.of(arguments), out, err);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("policies: " + e.getMessage());
            return 2;
        } catch (RerankException | IOException e) {
            err.println("policies: " + e.getMessage());
            return 1;
        }
    }

    private static void answer(Path folder, Ask ask, PrintStream out, PrintStream err) throws IOException {
        try (OnnxEncoder encoder = OnnxEncoder.builtIn();
                OnnxScorer scorer = OnnxScorer.builtIn();
                LuceneIndex index = index(folder, encoder, err);
                SearchPipeline search = SearchPipeline.builder()
                        .retriever(index.bm25()).retriever(index.vector()).fusion(Fusion.standardized(1, 1))
                        .reranker(Reranker.adaptive(scorer, 0.6, Map.of("bm25", 1.0, "vector", 1.0), 0.2,
                                AdaptiveDepth.DEFAULT.settling(LIMIT, Unit.PASSAGE)))
                        .build()) {
            Filter filter = ask.filter(field -> index.counts(field, Filter.NONE).keySet());
            SearchResult found = search.search(
                    new SearchRequest(new Query(ask.text(), filter), Unit.PASSAGE, LIMIT, DEPTH, PATIENCE));
            if (ask.context()) {
                out.println(Context.of(found.ranking()).text());
                return;
            }
            out.printf("%s%n(%d of %d clauses pass the filter)%n", ask.text(), index.count(filter),
                    index.count(Filter.NONE));
            print(found, out);
        }
    }

    /** One folder for each state of the clauses, so that a changed file makes a new index. */
    private static LuceneIndex index(Path folder, OnnxEncoder encoder, PrintStream err) throws IOException {
        Path clauses = folder.resolve("corpus.jsonl");
        Path directory = folder.resolve("target/index-" + Files.getLastModifiedTime(clauses).toMillis());
        LuceneIndex index = LuceneIndex.open(directory, encoder, "en");
        if (index.documentCount() == 0) {
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, encoder.maxLength());
            try (DocumentReader reader = new DocumentReader()) {
                reader.read(new SourceFile(clauses, "policies"), clause -> index.add(chunker.chunk(clause)),
                        warning -> err.println(warning.name() + ": " + warning.reason()));
            }
            index.commit();
        }
        return index;
    }

    private static void print(SearchResult found, PrintStream out) {
        List<Hit> hits = found.ranking().hits();
        if (hits.isEmpty()) {
            out.println("\nNo clause passes the filter; take a part of it away.");
            return;
        }
        Hit best = hits.getFirst();
        out.printf("%nMost likely applies, probability %s:%n  %s  %s%n  %s%n", probability(best),
                best.passage().documentId(), best.passage().title(), best.passage().text());
        out.printf("%nIts circumstances, and those of the near misses where they differ:%n%n");
        out.printf("  %-11s  %-58s %-10s %-11s %s%n", "probability", "", "country", "contract", "in force since");
        for (Hit hit : hits) {
            out.printf("  %-11s  %-58s %-10s %-11s %s%n", probability(hit),
                    hit.passage().documentId() + "  " + hit.passage().title(),
                    differing("country", hit, best), differing("contract", hit, best), inForce(hit));
        }
        if (found.degraded()) {
            out.println("\n(a stage failed or was late: " + found.stages() + ")");
        }
    }

    /** None if the reranker stopped before it read the clause. */
    private static String probability(Hit hit) {
        return hit.probability().isPresent()
                ? String.format(Locale.ROOT, "%.2f", hit.probability().getAsDouble())
                : "not read";
    }

    private static String differing(String field, Hit hit, Hit best) {
        Value value = hit.passage().metadata().get(field);
        boolean same = hit != best && value.equals(best.passage().metadata().get(field));
        return same ? "·" : ((Value.Text) value).value();
    }

    private static String inForce(Hit hit) {
        Map<String, Value> clause = hit.passage().metadata();
        Value.Moment since = (Value.Moment) clause.get("in_force");
        boolean superseded = clause.get("superseded").equals(Value.of(true));
        return LocalDate.ofInstant(since.value(), ZoneOffset.UTC) + (superseded ? ", superseded" : "");
    }
}
