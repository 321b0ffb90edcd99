package dev.rerank4j.bench;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.remote.PostgresIndex;
import dev.rerank4j.remote.PostgresOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PostgreSQL as a first stage. {@code load URL COLLECTION PASSAGES} loads so many passages, the texts of a collection
 * over and over under new ids, into the table {@code bench_load} and prints the rate and the heap that is left after a
 * collection of garbage. {@code quality URL COLLECTION FOLDER QUERIES} prints nDCG@10 by
 * document at depth 50 of full text and of the embedded BM25, alone over all queries and with the built-in reranker over
 * the first so many.
 */
final class PostgresRun {

    private static final int DEPTH = 50;
    private static final int BATCH = 512;
    private static final Metric NDCG = Metric.parse("ndcg@10");

    private PostgresRun() {
    }

    public static void main(String[] args) throws IOException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[1]);
        if (args[0].equals("load")) {
            load(database, Path.of(args[2]), Integer.parseInt(args[3]));
        } else {
            quality(database, Path.of(args[2]), Path.of(args[3]), Integer.parseInt(args[4]));
        }
    }

    private static JudgedTexts texts(Path collection) throws IOException {
        return JudgedTexts.read(collection, "en", Chunker.tokens(Bm25Study.words(), 1_000_000_000, 0));
    }

    private static void load(PGSimpleDataSource database, Path collection, int most) throws IOException {
        JudgedTexts texts = texts(collection);
        List<Passage> all = texts.passages();
        try (PostgresIndex index = PostgresIndex.open(database, PostgresOptions.of("bench_load", "english"),
                Optional.empty())) {
            long start = System.nanoTime();
            List<Passage> batch = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                Passage passage = all.get(i % all.size());
                String id = passage.id() + "-" + i;
                batch.add(new Passage(id, id, passage.title(), passage.text(), passage.location(),
                        passage.metadata()));
                if (batch.size() == BATCH || i == most - 1) {
                    index.add(batch);
                    batch.clear();
                }
                if ((i + 1) % (most / 10) == 0) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    System.gc();
                    System.out.printf("%7d passages, %6.1f s, %6.0f passages/s, heap %4d MiB%n", i + 1, seconds,
                            (i + 1) / seconds,
                            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20);
                }
            }
            index.commit();
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("committed after %.1f s: %.0f passages/s%n", seconds, most / seconds);
        }
    }

    private static void quality(PGSimpleDataSource database, Path collection, Path folder, int most)
            throws IOException {
        JudgedTexts texts = texts(collection);
        try (PostgresIndex postgres = PostgresIndex.open(database, PostgresOptions.of("bench_quality", "english"),
                Optional.empty());
                LuceneIndex lucene = LuceneIndex.open(folder, new NoEncoder(), "en");
                OnnxScorer scorer = OnnxScorer.builtIn()) {
            postgres.add(texts.passages());
            postgres.commit();
            lucene.add(texts.passages());
            lucene.commit();
            Map<String, Retriever> systems = new LinkedHashMap<>();
            systems.put("postgres full-text", postgres.fullText());
            systems.put("embedded bm25", lucene.bm25());
            systems.forEach((name, retriever) -> print(name, texts, query -> ndcg(texts, query,
                    retriever.retrieve(Query.of(texts.queries().get(query)), DEPTH, Deadline.none()))));
            systems.forEach((name, retriever) -> {
                try (SearchPipeline pipeline = SearchPipeline.builder().retriever(retriever)
                        .reranker(Reranker.of(scorer)).build()) {
                    print(name + " + rerank", texts.first(most), query -> ndcg(texts, query,
                            pipeline.search(new SearchRequest(Query.of(texts.queries().get(query)),
                                    SearchRequest.Unit.DOCUMENT, 10, DEPTH, Duration.ofSeconds(60))).ranking()));
                }
            });
        }
    }

    private static double ndcg(JudgedTexts texts, String query, Ranking ranking) {
        Set<String> documents = new LinkedHashSet<>();
        ranking.forEach(hit -> documents.add(hit.passage().documentId()));
        return NDCG.of(texts.qrels().grades(query), List.copyOf(documents));
    }

    private static void print(String system, JudgedTexts texts, ToDoubleFunction<String> measure) {
        System.out.printf("%-28s nDCG@10 %.4f over %d queries%n", system,
                texts.queries().keySet().stream().mapToDouble(measure).average().orElse(0), texts.queries().size());
    }

    /** The embedded index wants one; nothing here searches its vectors. */
    private record NoEncoder() implements Encoder {

        @Override
        public String name() {
            return "none";
        }

        @Override
        public int dimension() {
            return 2;
        }

        @Override
        public float[] query(String text) {
            return new float[]{(float) Math.cos(text.hashCode()), (float) Math.sin(text.hashCode())};
        }

        @Override
        public float[][] passages(List<String> texts) {
            return texts.stream().map(this::query).toArray(float[][]::new);
        }

        @Override
        public void close() {
        }
    }
}
