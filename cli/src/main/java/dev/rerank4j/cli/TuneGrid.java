package dev.rerank4j.cli;

import dev.rerank4j.cli.Config.Fusing;
import dev.rerank4j.cli.Config.Mixing;
import dev.rerank4j.cli.Config.Retrieval;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The configurations that {@code tune} tries: today's first, then variations of it. */
final class TuneGrid {

    /** Of bm25, in a sum of both; the rest is of vector. */
    private static final List<Double> SHARES = List.of(0.2, 0.35, 0.5, 0.65, 0.8);

    /** Of a stage's evidence, where the model's weight is 1. */
    private static final List<Double> WEIGHTS = List.of(0.0, 0.5, 1.0, 1.5, 2.5);

    private TuneGrid() {
    }

    /**
     * All first stages alone (BM25, vectors, both by ranks, by min-max and by z-scores), then what finds good candidates,
     * reranked at each depth by the model alone and mixed with the evidence.
     *
     * @param today settings in use
     * @param reranks whether there is a model
     */
    static List<Config> of(Config today, List<Integer> depths, boolean reranks) {
        Set<Config> all = new LinkedHashSet<>();
        all.add(today);
        for (Config first : firstStages(today)) {
            all.add(alone(first));
        }
        if (reranks) {
            for (Config first : candidates(today)) {
                for (Mixing mixing : mixings(today, first.search().retriever())) {
                    depths.forEach(depth -> all.add(reranked(first, mixing, depth)));
                }
            }
        }
        return List.copyOf(all);
    }

    private static List<Config> firstStages(Config today) {
        List<Config> all = new ArrayList<>(List.of(with(today, Retrieval.BM25, today.search().fusion()),
                with(today, Retrieval.VECTOR, today.search().fusion())));
        List<Fusing> fusions = new ArrayList<>(List.of(new Fusing(Fusing.Type.RRF, 60, List.of()),
                new Fusing(Fusing.Type.RRF, 20, List.of())));
        for (double share : SHARES) {
            List<Double> weights = List.of(share, Math.round((1 - share) * 100) / 100.0);
            fusions.add(new Fusing(Fusing.Type.WEIGHTED, 60, weights));
            fusions.add(new Fusing(Fusing.Type.STANDARDIZED, 60, weights));
        }
        fusions.forEach(fusing -> all.add(with(today, Retrieval.HYBRID, fusing)));
        return all;
    }

    /** Where the order is the second stage's, the first only has to find. */
    private static List<Config> candidates(Config today) {
        return new LinkedHashSet<>(List.of(
                with(today, today.search().retriever(), today.search().fusion()),
                with(today, Retrieval.HYBRID, new Fusing(Fusing.Type.RRF, 60, List.of())),
                with(today, Retrieval.HYBRID, new Fusing(Fusing.Type.STANDARDIZED, 60, List.of(0.5, 0.5))),
                with(today, Retrieval.BM25, today.search().fusion()),
                with(today, Retrieval.VECTOR, today.search().fusion()))).stream().toList();
    }

    private static List<Mixing> mixings(Config today, Retrieval retrieval) {
        Mixing own = today.reranker().mix();
        Set<Mixing> all = new LinkedHashSet<>(List.of(own,
                new Mixing(Mixing.Type.STANDARDIZED, own.weights(), 0, own.margin()),
                new Mixing(Mixing.Type.NONE, own.weights(), own.neighbours(), own.margin())));
        for (double bm25 : retrieval == Retrieval.VECTOR ? List.of(0.0) : WEIGHTS) {
            for (double vector : retrieval == Retrieval.BM25 ? List.of(0.0) : WEIGHTS) {
                if (bm25 + vector > 0) {
                    List<Double> weights = List.of(1.0, bm25, vector);
                    all.add(new Mixing(Mixing.Type.STANDARDIZED, weights, own.neighbours(), own.margin()));
                    all.add(new Mixing(Mixing.Type.STANDARDIZED, weights, own.neighbours(),
                            Double.POSITIVE_INFINITY));
                }
            }
        }
        return List.copyOf(all);
    }

    private static Config with(Config today, Retrieval retrieval, Fusing fusing) {
        return today.with(today.search().first(retrieval, fusing));
    }

    /** The same without a second stage. */
    static Config alone(Config config) {
        return config.with(config.reranker().withModel(ModelName.NONE));
    }

    private static Config reranked(Config first, Mixing mixing, int depth) {
        return first.with(first.search().at(depth)).with(first.reranker().withMix(mixing));
    }

    static boolean reranks(Config config) {
        return !config.reranker().models().isEmpty();
    }

    /** In a line, for people. */
    static String text(Config config) {
        Config.Search search = config.search();
        StringBuilder text = new StringBuilder(search.retriever().name().toLowerCase(Locale.ROOT));
        if (search.retriever() == Retrieval.HYBRID) {
            Fusing fusing = search.fusion();
            text.append(switch (fusing.type()) {
                case RRF -> " by ranks (k " + fusing.k() + ")";
                case WEIGHTED -> " by min-max (" + weights(fusing.weights()) + ")";
                case STANDARDIZED -> " by z-scores (" + weights(fusing.weights()) + ")";
            });
        }
        if (reranks(config)) {
            Mixing mixing = config.reranker().mix();
            text.append(", ").append(config.depth()).append(" reranked by ")
                    .append(config.reranker().cascade().isEmpty()
                            ? "the model"
                            : "the models, one after the other,");
            if (mixing.type() == Mixing.Type.STANDARDIZED) {
                text.append(" and evidence (").append(weights(mixing.weights()))
                        .append(mixing.neighbours() == 0 ? "" : ", neighbours " + mixing.neighbours())
                        .append(mixing.margin() == null
                                || mixing.margin().isInfinite() ? ", all read)" : ", margin " + mixing.margin() + ")");
            }
        }
        Integer size = config.index().chunk().size();
        return text.append(size == null ? "" : ", passages of " + size + " tokens").toString();
    }

    private static String weights(List<Double> weights) {
        return String.join(" : ", weights.stream().map(String::valueOf).toList());
    }
}
