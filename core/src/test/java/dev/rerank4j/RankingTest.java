package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankingTest {

    private static final double[] SCORES = {-Double.MAX_VALUE, -1, -0.0, 0.0, Double.MIN_VALUE, 1, 2, Double.MAX_VALUE};

    @Test
    void randomHitsEndUpBestFirstEachOnceWithTheirHighestScore() {
        Seeded.check(500, random -> {
            Ranking.Builder builder = Ranking.builder("bm25");
            Map<String, Double> best = new HashMap<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                String id = "p" + random.nextInt(25);
                double score = score(random);
                builder.add(Passage.of(id, "text"), score);
                best.merge(id, score, Math::max);
            }
            List<String> expected = new ArrayList<>(best.keySet());
            expected.sort((a, b) -> {
                double x = best.get(a);
                double y = best.get(b);
                return x > y ? -1 : x < y ? 1 : a.compareTo(b);
            });
            Ranking ranking = builder.build();
            assertEquals(expected, ids(ranking));
            for (int i = 0; i < ranking.size(); i++) {
                Hit hit = ranking.hits().get(i);
                assertTrue(hit.score() == best.get(hit.passage().id()), "score of rank " + (i + 1));
                assertEquals(List.of(new Evidence("bm25", i + 1, hit.score())), hit.evidence());
            }
        });
    }

    @Test
    void theOrderOfAddingDoesNotMatter() {
        Seeded.check(200, random -> {
            List<Hit> hits = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                hits.add(new Hit(Passage.of("p" + random.nextInt(20), "text"), score(random), OptionalDouble.empty(),
                        List.of()));
            }
            Ranking ranking = of(hits);
            Collections.shuffle(hits, random);
            assertEquals(ranking, of(hits));
        });
    }

    @Test
    void topIsAPrefix() {
        Seeded.check(200, random -> {
            Ranking ranking = random(random);
            int limit = 1 + random.nextInt(40);
            Ranking top = ranking.top(limit);
            assertEquals(ranking.hits().subList(0, Math.min(limit, ranking.size())), top.hits());
            assertEquals(ranking.stage(), top.stage());
        });
    }

    @Test
    void byDocumentKeepsTheBestPassageOfEachDocumentInOrder() {
        Seeded.check(200, random -> {
            Ranking.Builder builder = Ranking.builder("bm25");
            for (int i = random.nextInt(40); i > 0; i--) {
                builder.add(passage("p" + random.nextInt(30), "d" + random.nextInt(6)), score(random));
            }
            Ranking ranking = builder.build();
            Set<String> documents = new LinkedHashSet<>();
            ranking.forEach(hit -> documents.add(hit.passage().documentId()));
            List<Hit> expected = new ArrayList<>();
            for (String document : documents) {
                expected.add(ranking.hits().stream().filter(hit -> hit.passage().documentId().equals(document))
                        .findFirst().orElseThrow());
            }
            assertEquals(expected, ranking.byDocument().hits());
            assertEquals(ranking.byDocument(), ranking.byDocument().byDocument());
        });
    }

    @Test
    void atLeastKeepsWhatIsProbableEnoughInOrder() {
        Seeded.check(200, random -> {
            Ranking.Builder builder = Ranking.builder("rerank");
            for (int i = random.nextInt(40); i > 0; i--) {
                OptionalDouble probability = random.nextInt(4) == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(random.nextInt(5) / 4.0);
                builder.add(new Hit(Passage.of("p" + i, "text"), score(random), probability, List.of()));
            }
            Ranking ranking = builder.build();
            double least = random.nextInt(5) / 4.0;
            Ranking kept = ranking.atLeast(least);
            assertEquals(ranking.hits().stream().filter(hit -> hit.probability().orElse(-1) >= least).toList(),
                    kept.hits());
            assertEquals(ranking.stage(), kept.stage());
            assertEquals(kept, kept.atLeast(least));
        });
    }

    @Test
    void atLeastDropsWhatHasNoProbabilityEvenForZero() {
        Ranking ranking = of(List.of(
                new Hit(Passage.of("read", ""), 1, OptionalDouble.of(0), List.of()),
                new Hit(Passage.of("unread", ""), 2, OptionalDouble.empty(), List.of())));
        assertEquals(List.of("read"), ids(ranking.atLeast(0)));
        assertTrue(ranking.atLeast(Double.MIN_VALUE).isEmpty());
        assertTrue(Ranking.builder("s").build().atLeast(0.5).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
    void aProbabilityOutsideZeroToOneIsMisuse(double probability) {
        assertEquals("probability must be within 0 to 1, got " + probability,
                assertThrows(IllegalArgumentException.class, () -> Ranking.builder("s").build().atLeast(probability))
                        .getMessage());
    }

    @Test
    void bothZerosTie() {
        Ranking ranking = Ranking.builder("s").add(Passage.of("a", ""), -0.0).add(Passage.of("b", ""), 0.0).build();
        assertEquals(List.of("a", "b"), ids(ranking));
    }

    @Test
    void tiesStandByIdAsStringsCompare() {
        Ranking.Builder builder = Ranking.builder("s");
        List.of("b", "a10", "a9", "B", "ä").forEach(id -> builder.add(Passage.of(id, ""), 1));
        assertEquals(List.of("B", "a10", "a9", "b", "ä"), ids(builder.build()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void scoresThatAreNotFiniteAreRefusedByName(double score) {
        Ranking.Builder builder = Ranking.builder("s").add(Passage.of("good", ""), 1);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> builder.add(Passage.of("bad", ""), score));
        assertEquals("score of passage bad must be finite, got " + score, e.getMessage());
        assertEquals(List.of("good"), ids(builder.build()), "the builder goes on");
    }

    @Test
    void ofAPassageAddedTwiceTheBetterHitCountsWithItsEvidence() {
        Evidence low = new Evidence("bm25", 7, 1);
        Evidence high = new Evidence("vector", 1, 0.5);
        Hit worse = new Hit(Passage.of("p", ""), 1, OptionalDouble.of(0.1), List.of(low));
        Hit better = new Hit(Passage.of("p", ""), 2, OptionalDouble.of(0.9), List.of(high));
        Hit expected = new Hit(Passage.of("p", ""), 2, OptionalDouble.of(0.9), List.of(high, new Evidence("s", 1, 2)));
        assertEquals(List.of(expected), of(List.of(worse, better)).hits());
        assertEquals(List.of(expected), of(List.of(better, worse)).hits());
    }

    @Test
    void evidenceOfEarlierStagesComesFirst() {
        Ranking first = Ranking.builder("bm25").add(Passage.of("a", ""), 5).add(Passage.of("b", ""), 3).build();
        Ranking.Builder builder = Ranking.builder("rerank");
        first.forEach(hit -> builder.add(new Hit(hit.passage(), -hit.score(), OptionalDouble.empty(), hit.evidence())));
        Ranking second = builder.build();
        assertEquals(List.of(new Evidence("bm25", 2, 3), new Evidence("rerank", 1, -3)),
                second.hits().getFirst().evidence());
        assertEquals(List.of("a", "b"), ids(first), "the first ranking is not changed");
    }

    @Test
    void aStageRanksOnceInASearch() {
        Ranking first = Ranking.builder("bm25").add(Passage.of("a", ""), 5).build();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Ranking.builder("bm25").add(first.hits().getFirst()));
        assertEquals("stage bm25 has already ranked passage a: give each stage of a search its own name",
                e.getMessage());
    }

    @Test
    void aBuilderGoesOnAfterBuilding() {
        Ranking.Builder builder = Ranking.builder("s").add(Passage.of("a", ""), 1);
        Ranking one = builder.build();
        Ranking two = builder.add(Passage.of("b", ""), 2).build();
        assertEquals(List.of("a"), ids(one));
        assertEquals(List.of("b", "a"), ids(two));
        assertEquals(List.of(new Evidence("s", 2, 1)), two.hits().getLast().evidence());
    }

    @Test
    void rankingsCannotBeChanged() {
        Ranking ranking = Ranking.builder("s").add(Passage.of("a", ""), 1).build();
        assertThrows(UnsupportedOperationException.class, () -> ranking.hits().clear());
        assertThrows(UnsupportedOperationException.class, () -> {
            var hits = ranking.iterator();
            hits.next();
            hits.remove();
        });
        assertThrows(UnsupportedOperationException.class, () -> ranking.hits().getFirst().evidence().clear());
    }

    @Test
    void anEmptyRankingIsARanking() {
        Ranking empty = Ranking.builder("s").build();
        assertTrue(empty.isEmpty());
        assertEquals(0, empty.size());
        assertSame(empty, empty.top(1));
        assertEquals(empty, empty.byDocument());
    }

    @Test
    void equalityIsOfStageAndHits() {
        Ranking one = Ranking.builder("s").add(Passage.of("a", ""), 1).build();
        Ranking same = Ranking.builder("s").add(Passage.of("a", ""), 1).build();
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, Ranking.builder("t").add(Passage.of("a", ""), 1).build());
        assertNotEquals(one, Ranking.builder("s").add(Passage.of("a", ""), 2).build());
    }

    @Test
    void misuseIsNamed() {
        assertEquals("limit must be >= 1, got 0", assertThrows(IllegalArgumentException.class,
                () -> Ranking.builder("s").build().top(0)).getMessage());
        assertEquals("stage name must not be blank", assertThrows(IllegalArgumentException.class,
                () -> Ranking.builder(" ")).getMessage());
    }

    @Test
    void toStringHoldsNoText() {
        Ranking ranking = Ranking.builder("s").add(Passage.of("a", "secret"), 1).build();
        assertFalse(ranking.toString().contains("secret"));
        assertEquals("Ranking[stage=s, hits=1]", ranking.toString());
    }

    private static double score(Random random) {
        return random.nextBoolean() ? SCORES[random.nextInt(SCORES.length)] : random.nextGaussian();
    }

    private static Ranking random(Random random) {
        Ranking.Builder builder = Ranking.builder("bm25");
        for (int i = random.nextInt(40); i > 0; i--) {
            builder.add(Passage.of("p" + i, "text"), score(random));
        }
        return builder.build();
    }

    private static Ranking of(List<Hit> hits) {
        Ranking.Builder builder = Ranking.builder("s");
        hits.forEach(builder::add);
        return builder.build();
    }

    private static Passage passage(String id, String document) {
        return new Passage(id, document, "", "text", Location.NONE, Map.of());
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
