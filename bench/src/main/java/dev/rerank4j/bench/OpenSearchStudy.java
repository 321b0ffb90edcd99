package dev.rerank4j.bench;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.opensearchserver.OpenSearchServer;
import dev.rerank4j.remote.OpenSearchIndex;
import dev.rerank4j.remote.OpenSearchOptions;
import dev.rerank4j.remote.RemoteOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real OpenSearch as a first stage, against the embedded index over the same passages: nDCG@10 by BM25 alone and with
 * the built-in reranker, and how many of the first hits are the same. Then how fast passages are loaded, and the
 * loader's heap meanwhile: those of the collection again and again under other ids. Arguments: the collection's folder,
 * depth, how many queries, how many passages to load.
 */
final class OpenSearchStudy {

    private static final Metric NDCG = Metric.parse("ndcg@10");

    private OpenSearchStudy() {
    }

    public static void main(String[] args) throws IOException {
        Path work = Files.createTempDirectory("opensearch-study");
        int depth = Integer.parseInt(args[1]);
        try (OpenSearchServer server = OpenSearchServer.start(Path.of("opensearch-server/target"), work, "1g")) {
            JudgedTexts texts;
            try (OnnxEncoder encoder = OnnxEncoder.builtIn(); OnnxScorer scorer = OnnxScorer.builtIn()) {
                texts = JudgedTexts.read(Path.of(args[0]), "en",
                        Chunker.forWindow(encoder::tokenStarts, scorer.maxLength()));
                load(server, texts.passages(), Integer.parseInt(args[3]));
                compare(server, work, texts.first(Integer.parseInt(args[2])), new Remembering(scorer, new HashMap<>()),
                        depth);
            }
        }
    }

    private static OpenSearchIndex open(OpenSearchServer server, String name) {
        return OpenSearchIndex.open(OpenSearchOptions.of(RemoteOptions.at(server.address()), name));
    }

    private static void compare(OpenSearchServer server, Path work, JudgedTexts texts, Scorer scorer, int depth) {
        try (OpenSearchIndex remote = open(server, "judged");
                LuceneIndex embedded = LuceneIndex.open(work.resolve("embedded"), new NoVectors(), "en")) {
            remote.add(texts.passages());
            remote.commit();
            embedded.add(texts.passages());
            embedded.commit();
            same(texts, remote.bm25(), embedded.bm25(), depth);
            Map<String, Retriever> systems = new LinkedHashMap<>();
            systems.put("embedded", embedded.bm25());
            systems.put("OpenSearch", remote.bm25());
            systems.forEach((name, retriever) -> {
                evaluate(name + " bm25", texts, SearchPipeline.builder().retriever(retriever).build(), depth);
                evaluate(name + " bm25+rerank", texts, SearchPipeline.builder().retriever(retriever)
                        .reranker(Reranker.of(scorer)).build(), depth);
            });
        }
    }

    /** How many of the hits of one are hits of the other, and how far scores of the same passage are apart. */
    private static void same(JudgedTexts texts, Retriever one, Retriever other, int depth) {
        int shared = 0;
        int all = 0;
        double apart = 0;
        for (String text : texts.queries().values()) {
            Map<String, Double> scores = new HashMap<>();
            for (Hit hit : one.retrieve(Query.of(text), depth, Deadline.none()).hits()) {
                scores.put(hit.passage().id(), hit.score());
            }
            for (Hit hit : other.retrieve(Query.of(text), depth, Deadline.none()).hits()) {
                all++;
                Double score = scores.get(hit.passage().id());
                if (score != null) {
                    shared++;
                    apart = Math.max(apart, Math.abs(score - hit.score()));
                }
            }
        }
        System.out.printf("%d of %d hits at depth %d are the same; their scores differ by %.6f at most%n", shared, all,
                depth, apart);
    }

    private static void evaluate(String name, JudgedTexts texts, SearchPipeline pipeline, int depth) {
        double sum = 0;
        long[] nanos = new long[texts.queries().size()];
        int query = 0;
        for (Map.Entry<String, String> each : texts.queries().entrySet()) {
            long start = System.nanoTime();
            List<String> found = pipeline.search(new SearchRequest(Query.of(each.getValue()),
                    SearchRequest.Unit.DOCUMENT, 10, depth, Duration.ofSeconds(120))).ranking().hits().stream()
                    .map(hit -> hit.passage().documentId()).toList();
            nanos[query++] = System.nanoTime() - start;
            sum += NDCG.of(texts.qrels().grades(each.getKey()), found);
        }
        Arrays.sort(nanos);
        System.out.printf("%-24s nDCG@10 %.4f, p50 %.1f ms%n", name, sum / query, nanos[query / 2] / 1e6);
    }

    private static void load(OpenSearchServer server, List<Passage> source, int passages) {
        try (OpenSearchIndex index = open(server, "loaded")) {
            System.out.printf("loading %d passages, made of %d%n", passages, source.size());
            long measuring = 0;
            long start = System.nanoTime();
            for (int i = 0; i < passages; i++) {
                Passage passage = source.get(i % source.size());
                index.add(List.of(new Passage("p" + i, "d" + i, passage.title(), passage.text(), Location.NONE,
                        Map.of())));
                if ((i + 1) % (passages / 10) == 0) {
                    long now = System.nanoTime();
                    System.out.printf("%8d passages, %6.0f/s, %4d MiB of heap in use%n", i + 1,
                            (i + 1) / ((now - start - measuring) / 1e9), heap());
                    measuring += System.nanoTime() - now;
                }
            }
            index.commit();
            double seconds = (System.nanoTime() - start - measuring) / 1e9;
            System.out.printf("%d passages in %.1f s with the commit: %.0f passages/s%n", index.documentCount(),
                    seconds, passages / seconds);
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() >> 20;
    }

    /** A scorer that scores a pair once: both first stages find nearly the same passages. */
    private record Remembering(Scorer scorer, Map<List<String>, Float> known) implements Scorer {

        @Override
        public String name() {
            return scorer.name();
        }

        @Override
        public Scores score(ScoreRequest request) {
            List<String> unknown = request.texts().stream().distinct()
                    .filter(text -> !known.containsKey(List.of(request.query(), text))).toList();
            if (!unknown.isEmpty()) {
                Scores scores = scorer.score(new ScoreRequest(request.query(), unknown, request.maxTokens(),
                        request.cut(), request.deadline()));
                for (int i = 0; i < unknown.size(); i++) {
                    known.put(List.of(request.query(), unknown.get(i)), scores.logits()[i]);
                }
            }
            float[] logits = new float[request.texts().size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = known.get(List.of(request.query(), request.texts().get(i)));
            }
            return new Scores(logits, new float[0], new int[logits.length], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
            scorer.close();
        }
    }

    /** For an index that is searched by words alone. */
    private record NoVectors() implements Encoder {

        @Override
        public String name() {
            return "none";
        }

        @Override
        public int dimension() {
            return 1;
        }

        @Override
        public float[] query(String text) {
            return new float[]{1};
        }

        @Override
        public float[][] passages(List<String> texts) {
            float[][] vectors = new float[texts.size()][];
            Arrays.setAll(vectors, i -> new float[]{1});
            return vectors;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
