package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrossValidationTest {

    private static final double[] SAME_COST = {1, 1, 1};

    @Test
    void theBestMeanWinsAndOfEqualOnesTheCheapest() {
        double[][] values = {{0.1, 0.2}, {0.4, 0.4}, {0.8, 0.0}};
        assertEquals(1, new CrossValidation(values, SAME_COST, config -> true).best());
        assertEquals(2, new CrossValidation(values, new double[]{1, 3, 2}, config -> true).best());
        assertEquals(0, new CrossValidation(values, SAME_COST, config -> config == 0).best());
    }

    @Test
    void whereNothingIsAllowedNothingCanBeChosen() {
        CrossValidation none = new CrossValidation(new double[][]{{1}}, new double[]{1}, config -> false);
        assertThrows(IllegalArgumentException.class, none::best);
    }

    @Test
    void aQueryHasNoSayInWhatAnswersIt() {
        // Configuration 1 wins by query 0 alone, by far: whatever answers query 0 must be chosen without it.
        double[][] values = new double[2][10];
        Arrays.fill(values[0], 0.5);
        Arrays.fill(values[1], 0.45);
        values[1][0] = 100;
        CrossValidation validation = new CrossValidation(values, new double[]{1, 1}, config -> true);
        assertEquals(1, validation.best());
        for (long seed = 0; seed < 20; seed++) {
            int[] chosen = validation.heldOut(seed);
            assertEquals(0, chosen[0], "seed " + seed);
            assertTrue(Arrays.stream(chosen).filter(config -> config == 1).count() >= 5, "seed " + seed);
        }
    }

    @Test
    void ofNoiseNothingIsLeftOnQueriesThatItWasNotChosenWith() {
        Random random = new Random(7);
        double chosen = 0;
        double heldOut = 0;
        int rounds = 50;
        for (int round = 0; round < rounds; round++) {
            double[][] values = new double[100][30];
            for (double[] row : values) {
                Arrays.setAll(row, i -> random.nextDouble());
            }
            CrossValidation validation = new CrossValidation(values, new double[100], config -> true);
            chosen += validation.mean(validation.best()) / rounds;
            int[] folds = validation.heldOut(round);
            for (int query = 0; query < 30; query++) {
                heldOut += values[folds[query]][query] / 30 / rounds;
            }
        }
        assertTrue(chosen > 0.58, "the best of a hundred looks good: " + chosen + ", seed 7");
        assertEquals(0.5, heldOut, 0.03, "and is not, seed 7");
    }

    @Test
    void equalSeedsDealEqualFolds() {
        Random random = new Random(3);
        double[][] values = new double[5][40];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextDouble());
        }
        CrossValidation validation = new CrossValidation(values, new double[5], config -> true);
        assertArrayEquals(validation.heldOut(1), validation.heldOut(1));
    }
}
