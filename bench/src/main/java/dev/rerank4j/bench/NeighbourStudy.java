package dev.rerank4j.bench;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Fusion;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What it is worth that candidates hear what similar ones are rated, over what {@link PoolDump} wrote down and the
 * indexes that it made: a Markdown table of nDCG@10 by document for shares of the neighbours and weights of the model,
 * with the pairs that were read, and how the mean differs from that of no share (randomization test within each
 * collection, two-sided). Arguments: the folder of the dumps, then the collections' folders.
 */
final class NeighbourStudy {

    private static final Metric NDCG = Metric.parse("ndcg@10");
    private static final int DEPTH = 50;
    private static final int SHUFFLES = 10_000;
    private static final long SEED = 7;

    private final Map<String, List<Pool>> collections = new LinkedHashMap<>();

    private NeighbourStudy() {
    }

    public static void main(String[] args) throws IOException {
        NeighbourStudy study = new NeighbourStudy();
        Path work = Path.of(args[0]);
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            for (String argument : List.of(args).subList(1, args.length)) {
                Path collection = Path.of(argument);
                Path index = work.resolve("index-" + collection.getFileName());
                try (LuceneIndex passages = LuceneIndex.open(index, encoder,
                        LuceneIndex.language(index).orElseThrow())) {
                    Map<String, Passage> known = new HashMap<>();
                    study.collections.put(collection.getFileName().toString(), Pool.read(work, collection,
                            (id, document) -> known.computeIfAbsent(id, passage -> passages.passages(document).stream()
                                    .filter(one -> one.id().equals(id)).findFirst().orElseThrow())));
                }
            }
        }
        study.print();
    }

    private void print() {
        System.out.println("| weight of the model | share of the neighbours | pairs | "
                + String.join(" | ", collections.keySet()) + " | mean | p |");
        System.out.println("|---|---|---|" + "---|".repeat(collections.size() + 2));
        Map<String, double[]> first = values(pool -> pool.fused(Fusion.standardized(1, 1), DEPTH));
        row("the first stage", "", 0, first, Double.NaN);
        for (double model : new double[]{0, 0.6, 0.8, 1}) {
            Map<String, double[]> none = new LinkedHashMap<>();
            for (double share : new double[]{0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4}) {
                List<Integer> pairs = new ArrayList<>();
                Map<String, double[]> values = values(pool -> reranked(pool, model, share, pairs));
                if (share == 0) {
                    none = values;
                }
                row("" + model, "" + share, pairs.stream().mapToInt(Integer::intValue).average().orElse(0), values,
                        share == 0 ? Double.NaN : chance(none, values));
            }
        }
    }

    private static Ranking reranked(Pool pool, double model, double share, List<Integer> pairs) {
        Ranking ranking = pool.reranked(pool.fused(Fusion.standardized(1, 1), DEPTH),
                Reranker.adaptive(pool.model(), model, Map.of("bm25", 1.0, "vector", 1.0), share,
                        AdaptiveDepth.DEFAULT.settling(10, SearchRequest.Unit.DOCUMENT)));
        pairs.add((int) ranking.hits().stream().filter(hit -> hit.evidence("cross-encoder").isPresent()).count());
        return ranking;
    }

    private Map<String, double[]> values(Function<Pool, Ranking> ranked) {
        Map<String, double[]> values = new LinkedHashMap<>();
        collections.forEach((name, pools) -> values.put(name,
                pools.stream().mapToDouble(pool -> pool.measure(NDCG, ranked.apply(pool))).toArray()));
        return values;
    }

    private static double mean(double[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElse(0);
    }

    /** How often differences of random sign have a mean as far from zero. */
    private static double chance(Map<String, double[]> before, Map<String, double[]> after) {
        List<double[]> differences = new ArrayList<>();
        before.forEach((name, values) -> differences.add(IntStream.range(0, values.length)
                .mapToDouble(i -> after.get(name)[i] - values[i]).toArray()));
        double seen = Math.abs(differences.stream().mapToDouble(NeighbourStudy::mean).sum());
        Random random = new Random(SEED);
        int asFar = 0;
        for (int shuffle = 0; shuffle < SHUFFLES; shuffle++) {
            double sum = 0;
            for (double[] collection : differences) {
                double signed = 0;
                for (double difference : collection) {
                    signed += random.nextBoolean() ? difference : -difference;
                }
                sum += signed / collection.length;
            }
            asFar += Math.abs(sum) >= seen ? 1 : 0;
        }
        return (asFar + 1.0) / (SHUFFLES + 1.0);
    }

    private static void row(String model, String share, double pairs, Map<String, double[]> values, double p) {
        System.out.println("| " + model + " | " + share + " | " + String.format(Locale.ROOT, "%.1f | ", pairs)
                + values.values().stream().map(some -> String.format(Locale.ROOT, "%.3f", mean(some)))
                        .collect(Collectors.joining(" | "))
                + String.format(Locale.ROOT, " | %.4f | ",
                        values.values().stream().mapToDouble(NeighbourStudy::mean).average().orElse(0))
                + (Double.isNaN(p) ? "" : String.format(Locale.ROOT, "%.4f", p)) + " |");
    }
}
