package dev.rerank4j.examples.clinic;

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
 * Asks an invented formulary which note applies to a patient. It answers only where one note, and no other of the best
 * five, is more likely than not; otherwise it says that it is not sure and lays the candidates side by side.
 */
public final class Clinic {

    static final String QUESTION = "ex-smoker with bronchitis, one flare-up last year, never had asthma - should he have "
            + "the Pellunet spray?";

    private static final int LIMIT = 5; // the note and four near misses
    private static final int DEPTH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Clinic() {
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
            err.println("clinic: " + e.getMessage());
            return 2;
        } catch (RerankException | IOException e) {
            err.println("clinic: " + e.getMessage());
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
            out.println(Files.readString(folder.resolve("NOTICE.md")).strip() + "\n");
            if (ask.context()) {
                out.println(Context.of(found.ranking()).text());
                return;
            }
            out.printf("%s%n(%d of %d notes pass the filter)%n", ask.text(), index.count(filter),
                    index.count(Filter.NONE));
            print(found, ask.sure(), out);
        }
    }

    /** One folder for each state of the notes, so that a changed file makes a new index. */
    private static LuceneIndex index(Path folder, OnnxEncoder encoder, PrintStream err) throws IOException {
        Path notes = folder.resolve("corpus.jsonl");
        Path directory = folder.resolve("target/index-" + Files.getLastModifiedTime(notes).toMillis());
        LuceneIndex index = LuceneIndex.open(directory, encoder, "en");
        if (index.documentCount() == 0) {
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, encoder.maxLength());
            try (DocumentReader reader = new DocumentReader()) {
                reader.read(new SourceFile(notes, "formulary"), note -> index.add(chunker.chunk(note)),
                        warning -> err.println(warning.name() + ": " + warning.reason()));
            }
            index.commit();
        }
        return index;
    }

    private static void print(SearchResult found, double sure, PrintStream out) {
        List<Hit> hits = found.ranking().hits();
        if (hits.isEmpty()) {
            out.println("\nNo note passes the filter; take a part of it away.");
            return;
        }
        Hit best = hits.getFirst();
        List<Hit> likely = found.ranking().atLeast(sure).hits();
        if (likely.equals(List.of(best))) {
            out.printf("%nThe note that applies, probability %s:%n  %s  %s%n  %s%n", probability(best),
                    best.passage().documentId(), best.passage().title(), best.passage().text());
            out.printf("%nIts circumstances, and those of the near misses where they differ:%n%n");
        } else {
            out.printf("%nNot sure which note applies: %s. The candidates, and where their circumstances differ from "
                    + "the first's:%n%n", doubt(likely, sure));
        }
        table(hits, out);
        if (found.degraded()) {
            out.println("\n(a stage failed or was late: " + found.stages() + ")");
        }
    }

    private static String doubt(List<Hit> likely, double sure) {
        return switch (likely.size()) {
            case 0 -> String.format(Locale.ROOT, "none has a probability of at least %.2f", sure);
            case 1 ->
                String.format(Locale.ROOT, "the only one with a probability of at least %.2f is not the first", sure);
            default -> String.format(Locale.ROOT, "%d have a probability of at least %.2f", likely.size(), sure);
        };
    }

    private static void table(List<Hit> hits, PrintStream out) {
        String row = "  %-11s  %-59s %-21s %-14s %-13s %s%n";
        out.printf(row, "probability", "", "substance", "route", "age group", "revised");
        Hit best = hits.getFirst();
        for (Hit hit : hits) {
            out.printf(row, probability(hit), hit.passage().documentId() + "  " + hit.passage().title(),
                    differing("substance", hit, best), differing("route", hit, best),
                    differing("age_group", hit, best), differing("revised", hit, best));
        }
    }

    /** None if the reranker stopped before it read the note. */
    private static String probability(Hit hit) {
        return hit.probability().isPresent()
                ? String.format(Locale.ROOT, "%.2f", hit.probability().getAsDouble())
                : "not read";
    }

    private static String differing(String field, Hit hit, Hit best) {
        Value value = hit.passage().metadata().get(field);
        if (hit != best && value.equals(best.passage().metadata().get(field))) {
            return "·";
        }
        return value instanceof Value.Moment revised
                ? LocalDate.ofInstant(revised.value(), ZoneOffset.UTC).toString()
                : ((Value.Text) value).value();
    }
}
