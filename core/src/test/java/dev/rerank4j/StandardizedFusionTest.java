package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link Fusion#standardized}; what all fusions keep is in {@link FusionTest}. */
class StandardizedFusionTest {

    /** By {@code src/test/python/standardized_fusion.py}. */
    @Test
    void theScoresOfTheReference() {
        Ranking fused = Fusion.standardized(0.5, 1, 1.5).fuse(List.of(
                ranking("bm25", "a", 12.5, "b", 9.25, "c", 9.25, "d", 3.0, "e", 0.75),
                ranking("vector", "c", 0.83, "f", 0.79, "a", 0.61, "g", 0.58),
                ranking("cross-encoder", "g", 4.2, "b", -1.1, "a", -3.75, "f", -6.5, "e", -6.5, "d", -9.0)));
        Ranking expected = ranking(Fusion.NAME,
                "g", 4.564329784333,
                "b", 3.704525420092,
                "a", 3.435542453043,
                "c", 3.267604503419,
                "f", 2.792055892848,
                "e", 0.864456398548,
                "d", 0.257517317827);
        assertEquals(ids(expected), ids(fused));
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.hits().get(i).score(), fused.hits().get(i).score(), 1e-11);
        }
    }

    /** Of 4, 2, 0: the deviation is the root of 8/3. */
    @Test
    void oneRankingByHand() {
        Map<String, Double> scores = scores(
                Fusion.standardized(2).fuse(List.of(ranking("bm25", "a", 4, "b", 2, "c", 0))));
        assertEquals(2 * 4 / Math.sqrt(8 / 3.0), scores.get("a"), 1e-15);
        assertEquals(2 * 2 / Math.sqrt(8 / 3.0), scores.get("b"), 1e-15);
        assertEquals(0, scores.get("c"));
    }

    /** Scores, constants and factors without rounding, so that nothing may differ at all. */
    @Test
    void aConstantAddedOrAPositiveFactorChangesNothing() {
        Seeded.check(500, random -> {
            List<Ranking> rankings = new ArrayList<>();
            List<Ranking> moved = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                Ranking ranking = randomRanking("stage" + i, random);
                rankings.add(ranking);
                moved.add(changed(ranking, random.nextInt(2001) - 1000, 1 + random.nextInt(50)));
            }
            double[] weights = random.doubles(count).toArray();
            Ranking fused = Fusion.standardized(weights).fuse(rankings);
            Ranking same = Fusion.standardized(weights).fuse(moved);
            assertEquals(ids(fused), ids(same));
            assertEquals(scores(fused), scores(same), "to the last bit");
        });
    }

    @Test
    void weightsCountInProportion() {
        Seeded.check(200, random -> {
            List<Ranking> rankings = List.of(randomRanking("one", random), randomRanking("two", random));
            double[] weights = {random.nextDouble(), random.nextDouble()};
            Ranking fused = Fusion.standardized(weights).fuse(rankings);
            Ranking fourfold = Fusion.standardized(4 * weights[0], 4 * weights[1]).fuse(rankings);
            assertEquals(ids(fused), ids(fourfold));
        });
    }

    @Test
    void equalScoresAndSingleHitsCountAsTwo() {
        Ranking fused = Fusion.standardized(0.25, 3, 7, 1).fuse(List.of(ranking("equal", "a", 0.1, "b", 0.1),
                ranking("single", "c", 9), ranking("empty"), ranking("telling", "d", 2, "b", 0)));
        assertEquals(Map.of("a", 0.5, "b", 0.5, "c", 6.0, "d", 2.0), scores(fused));
        assertTrue(Fusion.standardized(1, 1).fuse(List.of(ranking("one"), ranking("two"))).isEmpty());
    }

    /** A third of ten equal scores is not what it should be to the last bit; their deviation has to be 0 for all that. */
    @Test
    void equalScoresHaveNoDeviationWhateverRoundingSays() {
        for (double score : new double[]{0.1, 1.0 / 3, -1e300, Double.MIN_VALUE, Double.MAX_VALUE}) {
            Object[] hits = new Object[20];
            for (int i = 0; i < 10; i++) {
                hits[2 * i] = "p" + i;
                hits[2 * i + 1] = score;
            }
            Ranking fused = Fusion.standardized(1).fuse(List.of(ranking("bm25", hits)));
            assertTrue(fused.hits().stream().allMatch(hit -> hit.score() == 2), "of " + score);
        }
    }

    @Test
    void scoresOfAnySizeGiveTheSameAsSmallOnes() {
        Map<String, Double> small = scores(
                Fusion.standardized(1).fuse(List.of(ranking("bm25", "a", 1, "b", 0, "c", -1))));
        for (double unit : new double[]{Double.MAX_VALUE, 1e200, 1e-200, Double.MIN_VALUE}) {
            Ranking ranking = ranking("bm25", "a", unit, "b", 0, "c", -unit);
            assertEquals(small, scores(Fusion.standardized(1).fuse(List.of(ranking))), "of " + unit);
        }
        Ranking close = ranking("bm25", "a", Double.MAX_VALUE, "b", Math.nextDown(Double.MAX_VALUE));
        assertEquals(Map.of("a", 2.0, "b", 0.0), scores(Fusion.standardized(1).fuse(List.of(close))));
    }

    @Test
    void aWeightOfZeroSilencesARankingButKeepsItsPassages() {
        Ranking fused = Fusion.standardized(1, 0).fuse(List.of(ranking("bm25", "a", 2, "b", 1),
                ranking("vector", "z", 9, "b", 8)));
        assertEquals(Map.of("a", 2.0, "b", 0.0, "z", 0.0), scores(fused));
    }

    @Test
    void thereMustBeAWeightForEachRanking() {
        assertEquals("there must be a weight for each ranking, got 2 weights for 1 rankings",
                assertThrows(IllegalArgumentException.class,
                        () -> Fusion.standardized(1, 1).fuse(List.of(ranking("bm25", "a", 3)))).getMessage());
        assertThrows(IllegalArgumentException.class, Fusion::standardized);
        for (double weight : new double[]{-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertEquals("weights must be finite and >= 0, got " + weight,
                    assertThrows(IllegalArgumentException.class, () -> Fusion.standardized(1, weight)).getMessage());
        }
    }

    /** Integers, so that sums and products with small ones are exact. */
    private static Ranking randomRanking(String stage, Random random) {
        Ranking.Builder ranking = Ranking.builder(stage);
        for (int i = random.nextInt(15); i > 0; i--) {
            ranking.add(Passage.of("p" + random.nextInt(20), ""), random.nextInt(200) - 100);
        }
        return ranking.build();
    }

    private static Ranking changed(Ranking ranking, int constant, int factor) {
        Ranking.Builder changed = Ranking.builder(ranking.stage());
        ranking.forEach(hit -> changed.add(hit.passage(), hit.score() * factor + constant));
        return changed.build();
    }

    private static Ranking ranking(String stage, Object... idsAndScores) {
        Ranking.Builder ranking = Ranking.builder(stage);
        for (int i = 0; i < idsAndScores.length; i += 2) {
            ranking.add(Passage.of((String) idsAndScores[i], ""), ((Number) idsAndScores[i + 1]).doubleValue());
        }
        return ranking.build();
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }

    private static Map<String, Double> scores(Ranking ranking) {
        Map<String, Double> scores = new HashMap<>();
        ranking.forEach(hit -> scores.put(hit.passage().id(), hit.score()));
        return scores;
    }
}
