package dev.rerank4j.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Chooses the best of several configurations, and tells what such a choice is worth on queries it was not made with:
 * queries are dealt into folds, and each fold is answered by what was best on the others. Stone, "Cross-Validatory
 * Choice and Assessment of Statistical Predictions", JRSS B 36(2), 1974. A pure function of its arguments.
 *
 * @param values of each configuration, of each query; higher is better
 * @param costs of each configuration: of two with the same mean the cheaper is better
 * @param allowed whether a configuration may be chosen
 */
record CrossValidation(double[][] values, double[] costs, IntPredicate allowed) {

    static final int FOLDS = 5;

    /** What is best on all queries. */
    int best() {
        return best(IntStream.range(0, values[0].length).toArray());
    }

    /**
     * What each query is answered by: a configuration chosen without it.
     *
     * @param seed deals the folds
     */
    int[] heldOut(long seed) {
        int queries = values[0].length;
        List<Integer> order = new ArrayList<>(IntStream.range(0, queries).boxed().toList());
        Collections.shuffle(order, new Random(seed));
        int folds = Math.min(FOLDS, queries);
        int[] chosen = new int[queries];
        for (int fold = 0; fold < folds; fold++) {
            int held = fold;
            int best = best(IntStream.range(0, queries).filter(i -> i % folds != held).map(order::get).toArray());
            IntStream.range(0, queries).filter(i -> i % folds == held).forEach(i -> chosen[order.get(i)] = best);
        }
        return chosen;
    }

    private int best(int[] queries) {
        int best = -1;
        double bestMean = Double.NEGATIVE_INFINITY;
        for (int config = 0; config < values.length; config++) {
            if (allowed.test(config)) {
                double mean = mean(config, queries);
                boolean better = mean > bestMean + 1e-9;
                boolean cheaper = Math.abs(mean - bestMean) <= 1e-9 && costs[config] < costs[best];
                if (better || cheaper) {
                    best = config;
                    bestMean = mean;
                }
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("at least one configuration must be allowed");
        }
        return best;
    }

    private double mean(int config, int[] queries) {
        double sum = 0;
        for (int query : queries) {
            sum += values[config][query];
        }
        return queries.length == 0 ? 0 : sum / queries.length;
    }

    /** Over all queries. */
    double mean(int config) {
        return mean(config, IntStream.range(0, values[config].length).toArray());
    }
}
