package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class SignificanceTest {

    @Test
    void smallCasesAreCountedByHand() {
        assertEquals(1, Significance.randomization(new double[0], 1));
        assertEquals(1, Significance.randomization(new double[]{0, 0, 0}, 1));
        assertEquals(1, Significance.randomization(new double[]{0.3}, 1));
        assertEquals(2 / 8.0, Significance.randomization(new double[]{0.1, 0.2, 0, 0.3}, 1));
        assertEquals(4 / 8.0, Significance.randomization(new double[]{-0.1, 0.2, 0.3}, 1));
        assertEquals(2 / 1024.0, Significance.randomization(DoubleStream.generate(() -> 0.1).limit(10).toArray(), 1));
    }

    @Test
    void samplingAgreesWithCountingAll() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double[] differences = random.doubles(Significance.EXACT, -1, 1).map(d -> d + 0.2).toArray();
            double exact = Significance.randomization(differences, seed);
            double sampled = Significance.sampled(differences, seed);
            double error = Math.sqrt(exact * (1 - exact) / Significance.SAMPLES);
            assertEquals(exact, sampled, 4.5 * error + 2.0 / Significance.SAMPLES, "seed " + seed);
        }
    }

    @Test
    void manyEqualDifferencesFollowTheBinomialDistribution() {
        // 30 queries differ, 21 of them for the better: twice the tail of 21 or more out of 30.
        double[] differences = new double[30];
        Arrays.fill(differences, 0.25);
        Arrays.fill(differences, 0, 9, -0.25);
        double tail = 0;
        double choose = 1;
        for (int k = 0; k <= 9; k++) {
            tail += choose / Math.pow(2, 30);
            choose = choose * (30 - k) / (k + 1);
        }
        assertEquals(2 * tail, Significance.randomization(differences, 3), 0.01);
    }

    @Test
    void pIsUniformWhereNothingDiffers() {
        Random random = new Random(11);
        int trials = 1000;
        int[] below = new int[3];
        double[] levels = {0.01, 0.05, 0.5};
        for (int trial = 0; trial < trials; trial++) {
            double[] differences = DoubleStream.generate(random::nextGaussian).limit(12).toArray();
            double p = Significance.randomization(differences, trial);
            for (int i = 0; i < levels.length; i++) {
                below[i] += p <= levels[i] ? 1 : 0;
            }
        }
        for (int i = 0; i < levels.length; i++) {
            double deviation = Math.sqrt(levels[i] * (1 - levels[i]) * trials);
            assertEquals(levels[i] * trials, below[i], 4 * deviation + 1, "p <= " + levels[i]);
        }
    }

    @Test
    void pOfSamplesIsNeverZeroAndTheSeedDecides() {
        double[] differences = new double[100];
        Arrays.fill(differences, 1);
        assertEquals(1 / (Significance.SAMPLES + 1.0), Significance.randomization(differences, 1));
        double[] noise = new Random(5).doubles(40, -1, 1.2).toArray();
        assertEquals(Significance.randomization(noise, 1), Significance.randomization(noise, 1));
        assertTrue(Significance.randomization(noise, 1) != Significance.randomization(noise, 2));
    }

    @Test
    void intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        Random random = new Random(7);
        int trials = 300;
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            double[] values = DoubleStream.generate(() -> Math.min(1, random.nextDouble() * 2)).limit(60).toArray();
            Interval interval = Significance.interval(values, trial);
            covered += interval.low() <= 0.75 && 0.75 <= interval.high() ? 1 : 0;
        }
        // 95 % say, with 4 standard deviations; percentile bootstraps of few values cover a little less.
        assertTrue(covered >= trials * 0.89 && covered <= trials * 0.99, covered + " of " + trials);
    }

    @Test
    void intervalsAreThoseOfTheNormalDistributionWhereValuesAreMany() {
        double[] values = new Random(9).doubles(2000).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()) / values.length;
        Interval interval = Significance.interval(values, 1);
        assertEquals(mean, interval.mean(), 1e-12);
        assertEquals(mean - 1.96 * deviation, interval.low(), 0.1 * deviation);
        assertEquals(mean + 1.96 * deviation, interval.high(), 0.1 * deviation);
    }

    @Test
    void intervalsOfNothingAndOfOneValueArePoints() {
        assertEquals(new Interval(0, 0, 0), Significance.interval(new double[0], 1));
        assertEquals(new Interval(0.5, 0.5, 0.5), Significance.interval(new double[]{0.5}, 1));
        assertEquals(new Interval(0.5, 0.5, 0.5), Significance.interval(new double[]{0.5, 0.5, 0.5}, 1));
    }

    @Test
    void holmsCorrectionStepsDown() {
        assertArrayEquals(new double[]{0.03, 0.06, 0.06, 0.02},
                Significance.holm(new double[]{0.01, 0.04, 0.03, 0.005}),
                1e-12);
        assertArrayEquals(new double[]{1, 1}, Significance.holm(new double[]{0.9, 0.6}), 1e-12);
        assertArrayEquals(new double[]{0.2}, Significance.holm(new double[]{0.2}), 1e-12);
        assertArrayEquals(new double[0], Significance.holm(new double[0]));
    }
}
