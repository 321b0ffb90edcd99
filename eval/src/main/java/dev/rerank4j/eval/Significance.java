package dev.rerank4j.eval;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Statistics over per-query values: pure functions of their arguments, random numbers included. */
final class Significance {

    /** Resamples of the bootstrap, and random assignments of the randomization test. */
    static final int SAMPLES = 10_000;

    /** Up to so many queries that differ, all assignments of signs are tried. */
    static final int EXACT = 16;

    private Significance() {
    }

    /**
     * The mean with the percentile bootstrap's 95 % interval: queries drawn with replacement, the 2.5th and 97.5th
     * percentile of {@value #SAMPLES} means. Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section
     * 13.3. Of no values all are 0.
     */
    static Interval interval(double[] values, long seed) {
        if (values.length == 0) {
            return new Interval(0, 0, 0);
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[SAMPLES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[sample] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(mean(values), means[(int) (SAMPLES * 0.025)], means[(int) (SAMPLES * 0.975) - 1]);
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }

    /**
     * The two-sided p of the paired randomization test: how often the difference of means is at least as large as the
     * one seen when each query's two values are swapped at random. Smucker, Allan and Carterette, "A Comparison of
     * Statistical Significance Tests for Information Retrieval Evaluation", CIKM 2007. Exact where at most
     * {@value #EXACT} queries differ, otherwise of {@value #SAMPLES} random assignments, with one added to both counts.
     *
     * @param differences per query; of none, or none but zeros, p is 1
     */
    static double randomization(double[] differences, long seed) {
        double[] differing = Arrays.stream(differences).filter(difference -> difference != 0).toArray();
        if (differing.length == 0) {
            return 1;
        }
        if (differing.length <= EXACT) {
            double seen = seen(differing);
            int extreme = 0;
            int assignments = 1 << differing.length;
            for (int signs = 0; signs < assignments; signs++) {
                double sum = 0;
                for (int i = 0; i < differing.length; i++) {
                    sum += (signs >> i & 1) == 0 ? differing[i] : -differing[i];
                }
                extreme += Math.abs(sum) >= seen ? 1 : 0;
            }
            return (double) extreme / assignments;
        }
        return sampled(differing, seed);
    }

    /** The same of random assignments, however few the queries. */
    static double sampled(double[] differing, long seed) {
        double seen = seen(differing);
        SplittableRandom random = new SplittableRandom(seed);
        int extreme = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            long bits = 0;
            for (int i = 0; i < differing.length; i++) {
                bits = i % 64 == 0 ? random.nextLong() : bits >>> 1;
                sum += (bits & 1) == 0 ? differing[i] : -differing[i];
            }
            extreme += Math.abs(sum) >= seen ? 1 : 0;
        }
        return (extreme + 1.0) / (SAMPLES + 1.0);
    }

    /** Swapping rounds differently: what differs by no more than that is as large. */
    private static double seen(double[] differing) {
        double sum = 0;
        double size = 0;
        for (double difference : differing) {
            sum += difference;
            size += Math.abs(difference);
        }
        return Math.abs(sum) - 1e-12 * size;
    }

    /**
     * Holm's step-down correction for several comparisons: sorted ascending, the i-th of m (from 0) is multiplied by
     * m - i, made no smaller than its predecessor and at most 1. Holm, "A Simple Sequentially Rejective Multiple Test
     * Procedure", Scandinavian Journal of Statistics 6, 1979.
     *
     * @return in the order of the argument
     */
    static double[] holm(double[] p) {
        Integer[] order = new Integer[p.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(p[a], p[b]));
        double[] corrected = new double[p.length];
        double floor = 0;
        for (int i = 0; i < p.length; i++) {
            floor = Math.max(floor, Math.min(1, p[order[i]] * (p.length - i)));
            corrected[order[i]] = floor;
        }
        return corrected;
    }
}
