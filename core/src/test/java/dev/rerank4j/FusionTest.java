package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FusionTest {

    @Test
    void reciprocalRankByHand() {
        Ranking bm25 = ranking("bm25", "a", 9, "b", 5, "c", 1);
        Ranking vector = ranking("vector", "c", 0.9, "d", 0.8, "a", 0.7);
        Ranking fused = Fusion.reciprocalRank(60).fuse(List.of(bm25, vector));
        assertEquals(List.of("a", "c", "b", "d"), ids(fused)); // b and d tie
        Map<String, Double> scores = scores(fused);
        assertEquals(1.0 / 61 + 1.0 / 63, scores.get("a"), 1e-15);
        assertEquals(1.0 / 63 + 1.0 / 61, scores.get("c"), 1e-15);
        assertEquals(1.0 / 62, scores.get("b"), 1e-15);
        assertEquals(1.0 / 62, scores.get("d"), 1e-15);
    }

    @Test
    void everyStagesEvidenceIsKept() {
        Ranking fused = Fusion.reciprocalRank(1).fuse(List.of(
                ranking("bm25", "a", 9, "b", 5), ranking("vector", "b", 0.9)));
        assertEquals(Fusion.NAME, fused.stage());
        assertEquals(List.of(new Evidence("bm25", 2, 5), new Evidence("vector", 1, 0.9),
                new Evidence("fusion", 1, 1.0 / 3 + 1.0 / 2)), fused.hits().get(0).evidence());
        assertEquals(List.of(new Evidence("bm25", 1, 9), new Evidence("fusion", 2, 0.5)),
                fused.hits().get(1).evidence());
    }

    @Test
    void theOrderOfTheRankingsDoesNotMatterToReciprocalRank() {
        Seeded.check(500, random -> {
            List<Ranking> rankings = randomRankings(random);
            Ranking fused = Fusion.reciprocalRank(60).fuse(rankings);
            Collections.shuffle(rankings, random);
            Ranking shuffled = Fusion.reciprocalRank(60).fuse(rankings);
            assertEquals(ids(fused), ids(shuffled));
            assertEquals(scores(fused), scores(shuffled), "to the last bit");
        });
    }

    @Test
    void equalSumsOfReciprocalRanksTieWhateverTheOrderOfTheRanks() {
        // 1/61 + 1/65 + 1/67 and its permutations differ in the last bit if summed as they come
        for (int first = 1; first <= 15; first++) {
            for (int second = first + 1; second <= 15; second++) {
                for (int third = second + 1; third <= 15; third++) {
                    Ranking fused = Fusion.reciprocalRank(60).fuse(List.of(
                            withAt(Map.of(first, "b", second, "c", third, "a"), "one"),
                            withAt(Map.of(third, "b", first, "c", second, "a"), "two"),
                            withAt(Map.of(second, "b", third, "c", first, "a"), "three")));
                    List<String> tied = ids(fused).stream().filter(id -> id.length() == 1).toList();
                    assertEquals(List.of("a", "b", "c"), tied, "ranks " + first + ", " + second + ", " + third);
                }
            }
        }
    }

    @Test
    void fusingEqualRankingsKeepsTheirOrder() {
        Seeded.check(200, random -> {
            List<Ranking> equal = new ArrayList<>();
            long seed = random.nextLong();
            int count = 1 + random.nextInt(4);
            for (int i = 0; i < count; i++) {
                equal.add(randomRanking("stage" + i, new Random(seed)));
            }
            double[] weights = random.doubles(count, 0.1, 2).toArray();
            assertEquals(ids(equal.getFirst()), ids(Fusion.reciprocalRank(60).fuse(equal)));
            assertEquals(ids(equal.getFirst()), ids(Fusion.weighted(weights).fuse(equal)));
            assertEquals(ids(equal.getFirst()), ids(Fusion.standardized(weights).fuse(equal)));
        });
    }

    @Test
    void everyPassageOfEveryRankingIsFusedAndNoOther() {
        Seeded.check(200, random -> {
            List<Ranking> rankings = randomRankings(random);
            Set<String> expected = new HashSet<>();
            rankings.forEach(ranking -> expected.addAll(ids(ranking)));
            double[] weights = random.doubles(rankings.size()).toArray();
            assertEquals(expected, new HashSet<>(ids(Fusion.reciprocalRank(1).fuse(rankings))));
            assertEquals(expected, new HashSet<>(ids(Fusion.weighted(weights).fuse(rankings))));
            assertEquals(expected, new HashSet<>(ids(Fusion.standardized(weights).fuse(rankings))));
        });
    }

    @Test
    void whatIsNowhereBelowIsNotBelowAfterwards() {
        Seeded.check(200, random -> {
            List<Ranking> rankings = randomRankings(random);
            double[] weights = random.doubles(rankings.size()).toArray();
            for (Fusion fusion : List.of(Fusion.reciprocalRank(60), Fusion.weighted(weights),
                    Fusion.standardized(weights))) {
                Map<String, Double> fused = scores(fusion.fuse(rankings));
                for (String a : fused.keySet()) {
                    for (String b : fused.keySet()) {
                        if (rankings.stream().allMatch(ranking -> notBelow(ranking, a, b))) {
                            assertTrue(fused.get(a) >= fused.get(b), a + " before " + b);
                        }
                    }
                }
            }
        });
    }

    @Test
    void emptyRankingsAddNothing() {
        Ranking bm25 = ranking("bm25", "a", 9, "b", 5);
        Ranking empty = Ranking.builder("vector").build();
        for (Fusion fusion : List.of(Fusion.reciprocalRank(60), Fusion.weighted(0.5, 0.5))) {
            assertEquals(List.of("a", "b"), ids(fusion.fuse(List.of(bm25, empty))));
            assertTrue(fusion.fuse(List.of(empty, Ranking.builder("other").build())).isEmpty());
        }
        assertTrue(Fusion.reciprocalRank(60).fuse(List.of()).isEmpty());
    }

    @Test
    void theLargestKKeepsTheOrder() {
        assertEquals(List.of("a", "b", "c"),
                ids(Fusion.reciprocalRank(Integer.MAX_VALUE).fuse(List.of(ranking("bm25", "a", 3, "b", 2, "c", 1)))));
    }

    @Test
    void probabilitiesOfFirstStagesDoNotSurvive() {
        Ranking calibrated = Ranking.builder("bm25")
                .add(new Hit(Passage.of("a", ""), 1, OptionalDouble.of(0.9), List.of())).build();
        assertEquals(OptionalDouble.empty(),
                Fusion.reciprocalRank(60).fuse(List.of(calibrated)).hits().getFirst().probability());
    }

    @Test
    void weightedMinMaxByHand() {
        Ranking bm25 = ranking("bm25", "a", 10, "b", 6, "c", 2);
        Ranking vector = ranking("vector", "c", 0.9, "d", 0.6, "a", 0.4);
        Ranking fused = Fusion.weighted(1, 3).fuse(List.of(bm25, vector));
        assertEquals(List.of("c", "d", "a", "b"), ids(fused));
        Map<String, Double> scores = scores(fused);
        assertEquals(1 * 1 + 3 * 0, scores.get("a"), 1e-12);
        assertEquals(1 * 0.5, scores.get("b"), 1e-12);
        assertEquals(1 * 0 + 3 * 1, scores.get("c"), 1e-12);
        assertEquals(3 * 0.4, scores.get("d"), 1e-12);
    }

    @Test
    void equalScoresAndSingleHitsCountAsOne() {
        Ranking equal = ranking("bm25", "a", 5, "b", 5, "c", 5);
        Ranking single = ranking("vector", "c", -3);
        Map<String, Double> scores = scores(Fusion.weighted(2, 7).fuse(List.of(equal, single)));
        assertEquals(Map.of("a", 2.0, "b", 2.0, "c", 9.0), scores);
    }

    @Test
    void hugeScoresDoNotOverflow() {
        Ranking huge = ranking("bm25", "a", Double.MAX_VALUE, "b", 0, "c", -Double.MAX_VALUE);
        assertEquals(Map.of("a", 1.0, "b", 0.5, "c", 0.0), scores(Fusion.weighted(1).fuse(List.of(huge))));
    }

    @Test
    void tinyDifferencesDoNotVanish() {
        Ranking tiny = ranking("bm25", "a", 2 * Double.MIN_VALUE, "b", Double.MIN_VALUE, "c", 0);
        assertEquals(Map.of("a", 1.0, "b", 0.5, "c", 0.0), scores(Fusion.weighted(1).fuse(List.of(tiny))));
    }

    @Test
    void aWeightOfZeroSilencesARankingButKeepsItsPassages() {
        Ranking fused = Fusion.weighted(1, 0).fuse(List.of(ranking("bm25", "a", 2, "b", 1),
                ranking("vector", "z", 9, "b", 8)));
        assertEquals(Map.of("a", 1.0, "b", 0.0, "z", 0.0), scores(fused));
    }

    @Test
    void theWeightsAreCopied() {
        double[] weights = {1};
        Fusion fusion = Fusion.weighted(weights);
        weights[0] = Double.NaN;
        assertEquals(Map.of("a", 1.0), scores(fusion.fuse(List.of(ranking("bm25", "a", 3)))));
    }

    @Test
    void thereMustBeAWeightForEachRanking() {
        Ranking one = ranking("bm25", "a", 3);
        assertEquals("there must be a weight for each ranking, got 2 weights for 1 rankings",
                assertThrows(IllegalArgumentException.class, () -> Fusion.weighted(1, 1).fuse(List.of(one)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Fusion.weighted(1).fuse(List.of(one, one)));
        assertThrows(IllegalArgumentException.class, Fusion::weighted);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -1e-300, Double.NaN, Double.POSITIVE_INFINITY})
    void weightsMustBeFiniteAndNotNegative(double weight) {
        assertEquals("weights must be finite and >= 0, got " + weight,
                assertThrows(IllegalArgumentException.class, () -> Fusion.weighted(1, weight)).getMessage());
    }

    @Test
    void kMustBeAtLeastOne() {
        assertEquals("k must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> Fusion.reciprocalRank(0)).getMessage());
    }

    /** Whether a ranking has {@code a} not below {@code b}, by score and by rank. */
    private static boolean notBelow(Ranking ranking, String a, String b) {
        List<String> order = ids(ranking);
        return !order.contains(b) || order.contains(a) && order.indexOf(a) <= order.indexOf(b);
    }

    private static List<Ranking> randomRankings(Random random) {
        List<Ranking> rankings = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            rankings.add(randomRanking("stage" + i, random));
        }
        return rankings;
    }

    private static Ranking randomRanking(String stage, Random random) {
        Ranking.Builder ranking = Ranking.builder(stage);
        for (int i = random.nextInt(15); i > 0; i--) {
            ranking.add(Passage.of("p" + random.nextInt(20), ""), random.nextInt(8) * 1.5 - 3);
        }
        return ranking.build();
    }

    /** A ranking with these passages at these ranks and others of its own elsewhere. */
    private static Ranking withAt(Map<Integer, String> ids, String stage) {
        Ranking.Builder ranking = Ranking.builder(stage);
        for (int rank = 1; rank <= 15; rank++) {
            ranking.add(Passage.of(ids.getOrDefault(rank, stage + rank), ""), -rank);
        }
        return ranking.build();
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
