package dev.rerank4j.bench;

import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.Fusion;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Chooses fusion, mixture and depth over what {@link PoolDump} wrote down, and prints Markdown tables of nDCG@10 by
 * document: first stages, reranked to several depths, the best mixtures, the choice that leaving each collection out
 * makes and the figure on the one left out, and what stopping early costs. Arguments: the folder of the dumps, then the
 * collections' folders.
 */
final class FusionStudy {

    private static final Metric NDCG = Metric.parse("ndcg@10");
    private static final int DEPTH = 50;
    private static final int RECALL_DEPTH = 200;
    private static final double[] MODEL = {0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3};
    private static final double[] BM25 = {0, 0.25, 0.5, 0.75, 1};
    private static final double[] VECTOR = {0, 0.5, 0.75, 1, 1.25};
    /** The product's: of model, bm25, vector. */
    private static final double[] CHOSEN = {0.6, 1, 1};

    private final Map<String, List<Pool>> collections = new LinkedHashMap<>();
    /** The product's first stage. */
    private final Fusion hybrid = Fusion.standardized(1, 1);

    private FusionStudy() {
    }

    public static void main(String[] args) throws IOException {
        FusionStudy study = new FusionStudy();
        for (String collection : List.of(args).subList(1, args.length)) {
            Path folder = Path.of(collection);
            study.collections.put(folder.getFileName().toString(), Pool.read(Path.of(args[0]), folder));
        }
        study.firstStages();
        study.depths();
        study.mixtures();
        study.stopping();
    }

    private void firstStages() {
        Map<String, BiFunction<Pool, Integer, Ranking>> stages = new LinkedHashMap<>();
        stages.put("bm25", Pool::bm25);
        stages.put("vector", Pool::vector);
        stages.put("ranks, k = 60", (pool, depth) -> pool.fused(Fusion.reciprocalRank(60), depth));
        stages.put("ranks, k = 10", (pool, depth) -> pool.fused(Fusion.reciprocalRank(10), depth));
        for (double[] w : new double[][]{{1, 1}, {0.75, 1}, {0.5, 1}}) {
            stages.put("min-max " + w[0] + ", " + w[1], (pool, depth) -> pool.fused(Fusion.weighted(w), depth));
            stages.put("z-score " + w[0] + ", " + w[1], (pool, depth) -> pool.fused(Fusion.standardized(w), depth));
        }
        for (String metric : List.of("ndcg@10", "recall@50", "mrr@10")) {
            heading("First stages, " + metric + " (retrieved to depth "
                    + (metric.startsWith("recall") ? RECALL_DEPTH : DEPTH)
                    + ")");
            Map<String, Map<String, Double>> all = new LinkedHashMap<>();
            stages.forEach((name, stage) -> all.put(name, means(pool -> pool.measure(Metric.parse(metric),
                    stage.apply(pool, metric.startsWith("recall") ? RECALL_DEPTH : DEPTH)))));
            all.forEach(FusionStudy::row);
            if (metric.equals("ndcg@10")) {
                leaveOneOut(all, Map.of());
            }
        }
    }

    private void depths() {
        Fusion chosen = Fusion.standardized(CHOSEN);
        heading("Hybrid, reranked to a depth: by the model alone, and mixed (z-scores: model 0.6, bm25 1, vector 1)");
        for (int depth : new int[]{10, 20, 30, 50, 75, 100}) {
            row("alone, " + depth, means(pool -> pool.measure(NDCG,
                    pool.reranked(pool.fused(hybrid, depth), Reranker.of(pool.model())))));
        }
        for (int depth : new int[]{10, 20, 30, 50, 75, 100}) {
            row("mixed, " + depth, means(pool -> pool.measure(NDCG, pool.mixed(pool.fused(hybrid, depth), chosen))));
        }
        heading("Reranked first stages of one retriever, depth " + DEPTH);
        row("bm25, alone", means(pool -> pool.measure(NDCG,
                pool.reranked(pool.bm25(DEPTH), Reranker.of(pool.model())))));
        row("bm25, mixed", means(pool -> pool.measure(NDCG, pool.mixed(pool.bm25(DEPTH), chosen))));
        row("vector, alone", means(pool -> pool.measure(NDCG,
                pool.reranked(pool.vector(DEPTH), Reranker.of(pool.model())))));
        row("vector, mixed", means(pool -> pool.measure(NDCG, pool.mixed(pool.vector(DEPTH), chosen))));
    }

    private void mixtures() {
        Map<String, Map<String, Double>> all = new LinkedHashMap<>();
        all.put("alone", means(pool -> pool.measure(NDCG,
                pool.reranked(pool.fused(hybrid, DEPTH), Reranker.of(pool.model())))));
        for (int k : new int[]{10, 60}) {
            all.put("ranks, k = " + k, means(pool -> pool.measure(NDCG,
                    pool.mixed(pool.fused(hybrid, DEPTH), Fusion.reciprocalRank(k)))));
        }
        for (double model : MODEL) {
            for (double bm25 : BM25) {
                for (double vector : VECTOR) {
                    all.put(String.format(Locale.ROOT, "min-max %s, %s, %s", model, bm25, vector),
                            means(pool -> pool.measure(NDCG, pool.mixed(pool.fused(hybrid, DEPTH),
                                    Fusion.weighted(model, bm25, vector)))));
                    all.put(String.format(Locale.ROOT, "z-score %s, %s, %s", model, bm25, vector),
                            means(pool -> pool.measure(NDCG, pool.mixed(pool.fused(hybrid, DEPTH),
                                    Fusion.standardized(model, bm25, vector)))));
                }
            }
        }
        heading("Mixtures at depth " + DEPTH + " (weights of model, bm25, vector): by rank, the best twelve by score");
        List.of("alone", "ranks, k = 10", "ranks, k = 60", "z-score 0.6, 1.0, 1.0")
                .forEach(name -> row(name, all.get(name)));
        all.entrySet().stream().sorted(Comparator.comparingDouble(entry -> -mean(entry.getValue()))).limit(12)
                .forEach(entry -> row(entry.getKey(), entry.getValue()));
        Map<String, Map<String, Double>> first = new LinkedHashMap<>();
        first.put("bm25", means(pool -> pool.measure(NDCG, pool.bm25(DEPTH))));
        first.put("vector", means(pool -> pool.measure(NDCG, pool.vector(DEPTH))));
        first.put("hybrid", means(pool -> pool.measure(NDCG, pool.fused(hybrid, DEPTH))));
        leaveOneOut(all, first);
    }

    /**
     * The choice that the other collections make: of those settings that are nowhere below the best of the first
     * stages, the best mean; of all, if there are none.
     */
    private void leaveOneOut(Map<String, Map<String, Double>> all, Map<String, Map<String, Double>> first) {
        System.out.println("\n| left out | chosen on the others | nDCG@10 of that on the one left out |"
                + (first.isEmpty() ? "" : " its best first stage | the model alone |"));
        System.out.println("|---|---|---|" + (first.isEmpty() ? "" : "---|---|"));
        double sum = 0;
        for (String out : collections.keySet()) {
            List<String> others = collections.keySet().stream().filter(name -> !name.equals(out)).toList();
            List<Map.Entry<String, Map<String, Double>>> allowed = all.entrySet().stream()
                    .filter(entry -> others.stream().allMatch(name -> entry.getValue().get(name) >= best(first, name)))
                    .toList();
            Map.Entry<String, Map<String, Double>> chosen = (allowed.isEmpty()
                    ? List.copyOf(all.entrySet())
                    : allowed).stream().max(Comparator.comparingDouble(
                            entry -> others.stream()
                                    .mapToDouble(entry.getValue()::get).average().orElse(0)))
                    .orElseThrow();
            sum += chosen.getValue().get(out);
            System.out.printf(Locale.ROOT, "| %s | %s | %.3f |", out, chosen.getKey(), chosen.getValue().get(out));
            System.out.println(first.isEmpty()
                    ? ""
                    : String.format(Locale.ROOT, " %.3f | %.3f |", best(first, out), all.get("alone").get(out)));
        }
        System.out.printf(Locale.ROOT, "| mean | | %.4f |%s%n", sum / collections.size(),
                first.isEmpty() ? "" : " | |");
    }

    private static double best(Map<String, Map<String, Double>> stages, String collection) {
        return stages.values().stream().mapToDouble(values -> values.get(collection)).max()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    private void stopping() {
        for (int depth : new int[]{50, 100}) {
            heading("Adaptive depth, " + depth + " candidates: nDCG@10, and pairs scored (16 at first, then 8 a time)");
            for (double margin : new double[]{0, 0.25, 0.5, 0.75, 1, 1.5, 2, Double.POSITIVE_INFINITY}) {
                List<Integer> pairs = new ArrayList<>();
                Map<String, Double> means = means(pool -> {
                    Ranking ranking = pool.reranked(pool.fused(hybrid, depth),
                            Reranker.adaptive(pool.model(), CHOSEN[0],
                                    Map.of("bm25", CHOSEN[1], "vector", CHOSEN[2]),
                                    new AdaptiveDepth(16, 8, margin, 10, SearchRequest.Unit.DOCUMENT)));
                    pairs.add((int) ranking.hits().stream()
                            .filter(hit -> hit.evidence("cross-encoder").isPresent()).count());
                    return pool.measure(NDCG, ranking);
                });
                row(String.format(Locale.ROOT, "margin %s: %.1f pairs", margin,
                        pairs.stream().mapToInt(Integer::intValue).average().orElse(0)), means);
            }
        }
    }

    private interface Measure {
        double of(Pool pool);
    }

    private Map<String, Double> means(Measure measure) {
        Map<String, Double> means = new LinkedHashMap<>();
        collections.forEach((name, pools) -> means.put(name,
                pools.stream().mapToDouble(measure::of).average().orElse(0)));
        return means;
    }

    private static double mean(Map<String, Double> values) {
        return values.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private void heading(String text) {
        System.out.println("\n#### " + text + "\n");
        System.out.println("| | " + String.join(" | ", collections.keySet()) + " | mean |");
        System.out.println("|---|" + "---|".repeat(collections.size() + 1));
    }

    private static void row(String name, Map<String, Double> values) {
        System.out.println("| " + name + " | " + values.values().stream()
                .map(value -> String.format(Locale.ROOT, "%.3f", value)).collect(Collectors.joining(" | "))
                + String.format(Locale.ROOT, " | %.4f |", mean(values)));
    }
}
