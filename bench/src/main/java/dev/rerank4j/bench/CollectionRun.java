package dev.rerank4j.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.Encoder;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A collection of BEIR's layout from files to figures: indexes it, searches all its judged queries at depth 50, prints
 * nDCG@10 by document for each system, the time of each stage, and how fast indexing was. Arguments: the collection's
 * folder, a folder for the index, optionally how many queries, and how many tokens of a pair the reranker may read.
 */
final class CollectionRun {

    private static final int DEPTH = 50;

    private CollectionRun() {
    }

    public static void main(String[] args) throws IOException {
        Path collection = Path.of(args[0]);
        int most = args.length > 2 ? Integer.parseInt(args[2]) : Integer.MAX_VALUE;
        int maxTokens = args.length > 3 ? Integer.parseInt(args[3]) : Integer.MAX_VALUE;
        try (OnnxEncoder encoder = OnnxEncoder.builtIn();
                TimedEncoder timed = new TimedEncoder(encoder, new AtomicLong());
                OnnxScorer scorer = OnnxScorer.builtIn();
                LuceneIndex index = LuceneIndex.open(Path.of(args[1]), timed, "en")) {
            if (index.size() == 0) {
                index(collection, index, Chunker.forWindow(encoder::tokenStarts, scorer.maxLength()), timed);
            }
            Map<String, SearchPipeline> systems = new LinkedHashMap<>();
            systems.put("bm25", SearchPipeline.builder().retriever(index.bm25()).build());
            systems.put("vector", SearchPipeline.builder().retriever(index.vector()).build());
            systems.put("hybrid", SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector()).build());
            systems.put("hybrid+rerank", SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                    .reranker(Reranker.of(new Window(scorer, maxTokens))).build());
            Map<String, Map<String, Integer>> qrels = qrels(collection);
            Map<String, String> queries = queries(collection);
            queries.keySet().retainAll(qrels.keySet());
            List<String> chosen = queries.keySet().stream().limit(most).toList();
            Map<String, List<Double>> millis = new LinkedHashMap<>();
            for (Map.Entry<String, SearchPipeline> system : systems.entrySet()) {
                double sum = 0;
                for (String id : chosen) {
                    long start = System.nanoTime();
                    SearchResult result = system.getValue().search(new SearchRequest(Query.of(queries.get(id)),
                            SearchRequest.Unit.DOCUMENT, 10, DEPTH, Duration.ofSeconds(60)));
                    if (system.getKey().equals("hybrid+rerank")) {
                        note(millis, "search", (System.nanoTime() - start) / 1e6);
                        for (StageReport stage : result.stages()) {
                            note(millis, stage.stage(), stage.time().toNanos() / 1e6);
                        }
                    }
                    sum += ndcg(result, qrels.get(id));
                }
                System.out.printf("%-14s nDCG@10 %.4f over %d queries%n", system.getKey(), sum / chosen.size(),
                        chosen.size());
                system.getValue().close();
            }
            System.out.printf("%-14s %8s %8s   (%d passages, depth %d)%n", "stage", "p50 ms", "p99 ms", index.size(),
                    DEPTH);
            millis.forEach((stage, times) -> {
                double[] all = times.stream().mapToDouble(Double::doubleValue).toArray();
                System.out.printf("%-14s %8.1f %8.1f%n", stage, Rounds.percentile(all, 50), Rounds.percentile(all, 99));
            });
        }
    }

    private static void note(Map<String, List<Double>> millis, String stage, double time) {
        millis.computeIfAbsent(stage, name -> new ArrayList<>()).add(time);
    }

    private static void index(Path collection, LuceneIndex index, Chunker chunker, TimedEncoder encoder) {
        long start = System.nanoTime();
        try (DocumentReader reader = new DocumentReader()) {
            List<Passage> batch = new ArrayList<>();
            for (DocumentReader.SourceFile file : files(reader, collection)) {
                reader.read(file, document -> {
                    batch.addAll(chunker.chunk(document));
                    if (batch.size() >= 512) {
                        index.add(batch);
                        batch.clear();
                    }
                }, warning -> System.err.println(warning.name() + ": " + warning.reason()));
            }
            index.add(batch);
        }
        index.commit();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("indexed %d documents, %d passages in %.1f s: %.1f passages/s; the encoder's share %.1f %%%n",
                index.documentCount(), index.size(), seconds, index.size() / seconds,
                100 * encoder.nanos().get() / 1e9 / seconds);
    }

    /** Of a collection of files, which lie in its folder {@code docs}, judgments name the path below that. */
    private static List<DocumentReader.SourceFile> files(DocumentReader reader, Path collection) {
        Path docs = collection.resolve("docs");
        return !Files.isDirectory(docs)
                ? reader.files(collection)
                : reader.files(docs).stream()
                        .map(file -> new DocumentReader.SourceFile(file.path(),
                                docs.relativize(file.path()).toString()))
                        .toList();
    }

    /** nDCG@10 with linear gain, as trec_eval computes it. */
    private static double ndcg(SearchResult result, Map<String, Integer> grades) {
        double gain = 0;
        int rank = 0;
        for (Hit hit : result.ranking()) {
            gain += grades.getOrDefault(hit.passage().documentId(), 0) / log2(++rank + 1);
        }
        double ideal = 0;
        rank = 0;
        for (int grade : grades.values().stream().sorted((a, b) -> b - a).limit(10).toList()) {
            ideal += Math.max(0, grade) / log2(++rank + 1);
        }
        return ideal == 0 ? 0 : gain / ideal;
    }

    private static double log2(int value) {
        return Math.log(value) / Math.log(2);
    }

    private static Map<String, String> queries(Path collection) throws IOException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String line : Files.readAllLines(collection.resolve("queries.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            queries.put(json.get("_id").getAsString(), json.get("text").getAsString());
        }
        return queries;
    }

    private static Map<String, Map<String, Integer>> qrels(Path collection) throws IOException {
        Map<String, Map<String, Integer>> qrels = new HashMap<>();
        List<String> lines = Files.readAllLines(collection.resolve("qrels/test.tsv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            qrels.computeIfAbsent(cells[0], id -> new HashMap<>()).put(cells[1], Integer.parseInt(cells[2]));
        }
        return qrels;
    }

    /** A scorer that reads less of each pair than it could. */
    private record Window(Scorer scorer, int maxTokens) implements Scorer {

        @Override
        public String name() {
            return scorer.name();
        }

        @Override
        public Scores score(ScoreRequest request) {
            return scorer.score(new ScoreRequest(request.query(), request.texts(),
                    Math.min(maxTokens, request.maxTokens()), request.cut(), request.deadline()));
        }

        @Override
        public void close() {
            scorer.close();
        }
    }

    /** Adds up the time spent in {@link #passages}. */
    private record TimedEncoder(Encoder encoder, AtomicLong nanos) implements Encoder {

        @Override
        public String name() {
            return encoder.name();
        }

        @Override
        public int dimension() {
            return encoder.dimension();
        }

        @Override
        public float[] query(String text) {
            return encoder.query(text);
        }

        @Override
        public float[][] passages(List<String> texts) {
            long start = System.nanoTime();
            try {
                return encoder.passages(texts);
            } finally {
                nanos.addAndGet(System.nanoTime() - start);
            }
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
