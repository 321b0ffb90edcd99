package dev.rerank4j.examples.shop;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Context;
import dev.rerank4j.Filter;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A shop's search box. What the customer clicked is a filter and decides in the first stage which products there are;
 * what the customer wrote decides in the second stage in which order they come.
 */
public final class Shop {

    static final String QUESTION = "warm but light jacket for cycling";

    private static final int LIMIT = 5;
    private static final int DEPTH = 50; // more than any category has: the model may see all of it
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Shop() {
    }

    /**
     * Answers one search.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(Path.of(System.getProperty("example", ".")), List.of(arguments), System.out, System.err));
    }

    /** {@return the exit code} */
    static int run(Path folder, List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(Wish.HELP);
            return 0;
        }
        try {
            answer(folder, Wish.of(arguments), out);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("shop: " + e.getMessage());
            return 2;
        } catch (RerankException | IOException e) {
            err.println("shop: " + e.getMessage());
            return 1;
        }
    }

    private static void answer(Path folder, Wish wish, PrintStream out) throws IOException {
        try (OnnxEncoder encoder = OnnxEncoder.builtIn();
                OnnxScorer scorer = OnnxScorer.builtIn();
                LuceneIndex index = index(folder, encoder);
                SearchPipeline search = SearchPipeline.builder()
                        .retriever(index.bm25()).retriever(index.vector()).fusion(Fusion.standardized(1, 1))
                        .reranker(Reranker.adaptive(scorer, 0.6, Map.of("bm25", 1.0, "vector", 1.0), 0.2,
                                AdaptiveDepth.DEFAULT.settling(LIMIT, Unit.PASSAGE)))
                        .build()) {
            SearchResult found = search(search, wish.text(), wish.filter());
            if (wish.context()) {
                out.println(Context.of(found.ranking()).text());
                return;
            }
            out.println("Wanted: " + wish.text());
            print(index.count(wish.filter()) + " products pass the filter", found, out);
            if (wish.filter() != Filter.NONE) {
                print("The same among all " + index.count(Filter.NONE) + " products",
                        search(search, wish.text(), Filter.NONE), out);
            }
        }
    }

    private static SearchResult search(SearchPipeline search, String text, Filter filter) {
        return search.search(new SearchRequest(new Query(text, filter), Unit.PASSAGE, LIMIT, DEPTH, PATIENCE));
    }

    /** One folder for each state of the products, so that a changed file makes a new index. */
    private static LuceneIndex index(Path folder, OnnxEncoder encoder) throws IOException {
        Path products = folder.resolve("corpus.jsonl");
        Path directory = folder.resolve("target/index-" + Files.getLastModifiedTime(products).toMillis());
        LuceneIndex index = LuceneIndex.open(directory, encoder, "en");
        if (index.documentCount() == 0) {
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, encoder.maxLength());
            try (DocumentReader reader = new DocumentReader()) {
                reader.read(new SourceFile(products, "products"), product -> index.add(chunker.chunk(product)),
                        warning -> System.err.println(warning.name() + ": " + warning.reason()));
            }
            index.commit();
        }
        return index;
    }

    private static void print(String heading, SearchResult found, PrintStream out) {
        out.println();
        out.println(heading + ":");
        Ranking ranking = found.ranking();
        if (ranking.isEmpty()) {
            out.println("  nothing; take a filter away");
        }
        int rank = 0;
        for (Hit hit : ranking) {
            rank++;
            Map<String, Value> product = hit.passage().metadata();
            out.printf(Locale.ROOT, "%3d  %-18s %-34s %-9s %4s euros %5s g%n", rank, moved(rank, hit),
                    hit.passage().title(), text(product, "category"), text(product, "price"), text(product, "weight"));
        }
        if (found.degraded()) {
            out.println("  (a stage failed or was late: " + found.stages() + ")");
        }
    }

    /** The fusion's evidence is the rank that the product would have without the model. */
    private static String moved(int rank, Hit hit) {
        int before = hit.evidence(Fusion.NAME).orElseThrow().rank();
        return before == rank ? "" : "(without model " + before + ")";
    }

    private static String text(Map<String, Value> product, String field) {
        return switch (product.get(field)) {
            case Value.Text text -> text.value();
            case Value.Number number -> String.format(Locale.ROOT, "%.0f", number.value());
            case null, default -> "";
        };
    }
}
