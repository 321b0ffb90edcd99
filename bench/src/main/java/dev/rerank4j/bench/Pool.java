package dev.rerank4j.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Qrels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiFunction;

/**
 * What {@link PoolDump} or {@code rerank candidates} wrote down of one query, played back through the library's own
 * fusions and rerankers.
 */
final class Pool {

    private static final Query QUERY = Query.of("played back");

    private final Map<String, Integer> grades;
    private final Ranking.Builder bm25 = Ranking.builder("bm25");
    private final Ranking.Builder vector = Ranking.builder("vector");
    private final Map<String, Float> logits = new LinkedHashMap<>();
    private final Map<String, Float> byContent = new LinkedHashMap<>();

    private Pool(Map<String, Integer> grades) {
        this.grades = grades;
    }

    /**
     * The pools of a collection, of which {@code work} holds the dump: NAME.tsv, or NAME.jsonl of
     * {@code rerank candidates}, which has the candidates of the fused first stage alone.
     */
    static List<Pool> read(Path work, Path collection) throws IOException {
        return read(work, collection, (id, document) -> new Passage(id, document, "", id, Location.NONE, Map.of()));
    }

    /**
     * The same with the passages' texts, or whatever stands for them.
     *
     * @param passages by their ids and their documents'
     */
    static List<Pool> read(Path work, Path collection, BiFunction<String, String, Passage> passages)
            throws IOException {
        Path candidates = work.resolve(collection.getFileName() + ".jsonl");
        if (Files.exists(candidates)) {
            List<Pool> pools = new ArrayList<>();
            for (String line : Files.readAllLines(candidates)) {
                pools.add(of(JsonParser.parseString(line).getAsJsonObject().getAsJsonArray("candidates")));
            }
            return pools;
        }
        Qrels qrels = Qrels.read(collection.resolve("qrels/test.tsv"));
        Map<String, Pool> pools = new LinkedHashMap<>();
        for (String line : Files.readAllLines(work.resolve(collection.getFileName() + ".tsv"))) {
            String[] cells = line.split("\t", -1);
            Passage passage = passages.apply(cells[1], cells[2]);
            Pool pool = pools.computeIfAbsent(cells[0], query -> new Pool(qrels.grades(query)));
            if (!cells[3].equals("0")) {
                pool.bm25.add(passage, Double.parseDouble(cells[4]));
            }
            if (!cells[5].equals("0")) {
                pool.vector.add(passage, Double.parseDouble(cells[6]));
            }
            if (!cells[7].isEmpty()) {
                pool.logits.put(passage.id(), Float.parseFloat(cells[7]));
                pool.byContent.put(passage.content(), Float.parseFloat(cells[7]));
            }
        }
        return new ArrayList<>(pools.values());
    }

    private static Pool of(JsonArray candidates) {
        Pool pool = new Pool(new LinkedHashMap<>());
        Map<Passage, Double> bm25 = new LinkedHashMap<>();
        Map<Passage, Double> vector = new LinkedHashMap<>();
        for (JsonElement element : candidates) {
            JsonObject candidate = element.getAsJsonObject();
            String document = candidate.get("document").getAsString();
            // A passage's number counts within its document.
            String id = document + "#" + candidate.get("passage").getAsString();
            Passage passage = new Passage(id, document, "", id, Location.NONE, Map.of());
            number(candidate, "grade").ifPresent(grade -> pool.grades.put(passage.documentId(), (int) grade));
            number(candidate, "bm25").ifPresent(score -> bm25.put(passage, score));
            number(candidate, "vector").ifPresent(score -> vector.put(passage, score));
            number(candidate, "logit").ifPresent(logit -> {
                pool.logits.put(id, (float) logit);
                pool.byContent.put(id, (float) logit);
            });
        }
        inOrder(bm25).forEach(found -> pool.bm25.add(found.getKey(), found.getValue()));
        inOrder(vector).forEach(found -> pool.vector.add(found.getKey(), found.getValue()));
        return pool;
    }

    private static OptionalDouble number(JsonObject candidate, String name) {
        JsonElement value = candidate.get(name);
        return value.isJsonNull() ? OptionalDouble.empty() : OptionalDouble.of(value.getAsDouble());
    }

    private static List<Map.Entry<Passage, Double>> inOrder(Map<Passage, Double> scores) {
        return scores.entrySet().stream().sorted(Map.Entry.<Passage, Double>comparingByValue().reversed()).toList();
    }

    Map<String, Integer> grades() {
        return grades;
    }

    float logit(Passage passage) {
        return logits.get(passage.id());
    }

    Ranking bm25(int depth) {
        return bm25.build().top(depth);
    }

    Ranking vector(int depth) {
        return vector.build().top(depth);
    }

    Ranking fused(Fusion fusion, int depth) {
        return fusion.fuse(List.of(bm25(depth), vector(depth))).top(depth);
    }

    /** The candidates by model, BM25 and vector, fused: all of them read. */
    Ranking mixed(Ranking candidates, Fusion fusion) {
        return fusion.fuse(List.of(bare("model", Reranker.of(new Played()).rerank(QUERY, candidates,
                Integer.MAX_VALUE, Deadline.none())), evidence("bm25", candidates), evidence("vector", candidates)));
    }

    Ranking reranked(Ranking candidates, Reranker reranker) {
        return reranker.rerank(QUERY, candidates, Integer.MAX_VALUE, Deadline.none());
    }

    /** The model of this pool; closing it does nothing. */
    Scorer model() {
        return new Played();
    }

    double measure(Metric metric, Ranking ranking) {
        return metric.of(grades, ranking.byDocument().hits().stream().map(hit -> hit.passage().documentId()).toList());
    }

    private static Ranking evidence(String stage, Ranking candidates) {
        Ranking.Builder ranking = Ranking.builder(stage);
        candidates.forEach(hit -> hit.evidence(stage).ifPresent(said -> ranking.add(hit.passage(), said.score())));
        return ranking.build();
    }

    private static Ranking bare(String stage, Ranking hits) {
        Ranking.Builder ranking = Ranking.builder(stage);
        for (Hit hit : hits) {
            ranking.add(hit.passage(), hit.score());
        }
        return ranking.build();
    }

    /** Gives the logits that were written down. */
    private final class Played implements Scorer {

        @Override
        public String name() {
            return "played back";
        }

        @Override
        public Scores score(ScoreRequest request) {
            float[] scores = new float[request.texts().size()];
            for (int i = 0; i < scores.length; i++) {
                Float logit = byContent.get(request.texts().get(i));
                if (logit == null) {
                    throw new IllegalStateException("a candidate was not scored: dump the pools deeper");
                }
                scores[i] = logit;
            }
            return new Scores(scores, new float[0], new int[scores.length], new BitSet(), Scores.Timings.ZERO);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
