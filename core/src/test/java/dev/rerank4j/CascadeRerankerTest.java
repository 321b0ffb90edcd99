package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@link Reranker#cascade}, called by itself; what a pipeline makes of it is {@link CascadePipelineTest}'s. */
class CascadeRerankerTest extends RerankerContract {

    private static final Query QUERY = Query.of("q");
    private static final AdaptiveDepth ALL = new AdaptiveDepth(2, 1, Double.POSITIVE_INFINITY, 10,
            SearchRequest.Unit.PASSAGE);

    /** The answer stands last among the contract's candidates: the first stage brings it into the second's reach. */
    private final Reranker reranker = cascade(stage(Reranker.of(new WordScorer()), 50),
            stage(Reranker.adaptive(new WordScorer(), 2, Map.of("bm25", 0.5), ALL), 4));

    @Override
    protected Reranker reranker() {
        return reranker;
    }

    @Test
    void whatALaterStageDoesNotReadFollowsInTheOrderThatItHad() {
        Ranking ranking = cascade(stage(reversing(), 4), stage(reversing(), 2)).rerank(QUERY,
                candidates("a", "b", "c", "d", "e", "f"), 10, Deadline.none());
        // d c b a, then c d; e and f were read by nobody
        assertEquals(List.of("c", "d", "b", "a", "e", "f"), ids(ranking));
        assertEquals(List.of(2.0, 1.0, 0.0, -1.0, -2.0, -3.0),
                scores(ranking));
    }

    @Test
    void everyStageThatReadAHitIsItsEvidence() {
        Ranking ranking = cascade(stage(Reranker.adaptive(new WordScorer(), 1, Map.of(), ALL), 3),
                stage(Reranker.of(new WordScorer()), 1)).rerank(QUERY, candidates("q", "a", "b", "c"), 10,
                        Deadline.none());
        assertEquals(List.of("q", "a", "b", "c"), ids(ranking));
        assertEquals(
                List.of(List.of("bm25", "cross-encoder-1", "rerank-1", "rerank-2", "rerank"),
                        List.of("bm25", "cross-encoder-1", "rerank-1", "rerank"),
                        List.of("bm25", "cross-encoder-1", "rerank-1", "rerank"), List.of("bm25", "rerank")),
                ranking.hits().stream().map(hit -> hit.evidence().stream().map(Evidence::stage).toList()).toList());
        Hit best = ranking.hits().getFirst();
        assertEquals(new Evidence("rerank-2", 1, best.score()), best.evidence("rerank-2").orElseThrow());
        assertEquals(new Evidence("rerank", 1, best.score()), best.evidence("rerank").orElseThrow());
    }

    @Test
    void theProbabilityIsThatOfTheLastStageThatGaveOne() {
        Reranker cheap = Reranker.of(new FakeScorer("cheap", request -> FakeScorer.probable(values(request, -1))));
        Reranker strong = Reranker.of(new FakeScorer("strong", request -> FakeScorer.probable(values(request, 2))));
        Reranker silent = Reranker.of(new FakeScorer("silent", request -> FakeScorer.scores(values(request, 3))));
        Reranker weighing = Reranker.adaptive(
                new FakeScorer("silent", request -> FakeScorer.scores(values(request, 3))), 1, Map.of(), ALL);
        Ranking candidates = candidates("a", "b", "c");
        OptionalDouble low = OptionalDouble.of((float) (1 / (1 + Math.exp(1))));
        OptionalDouble high = OptionalDouble.of((float) (1 / (1 + Math.exp(-2))));
        assertEquals(List.of(high, low, OptionalDouble.empty()),
                probabilities(cascade(stage(cheap, 2), stage(strong, 1)), candidates));
        for (Reranker last : List.of(silent, weighing)) {
            assertEquals(List.of(low, low, OptionalDouble.empty()),
                    probabilities(cascade(stage(cheap, 2), stage(last, 1)), candidates));
        }
    }

    /** What an adaptive second stage leaves unread was read by the first. */
    @Test
    void whatAnAdaptiveStageDoesNotReadKeepsItsProbability() {
        Reranker cheap = Reranker.of(new FakeScorer("cheap", request -> FakeScorer.probable(values(request, 1))));
        Reranker adaptive = Reranker.adaptive(
                new FakeScorer("strong", request -> FakeScorer.probable(values(request, 2))), 0, Map.of("bm25", 1.0),
                new AdaptiveDepth(2, 1, 0, 1, SearchRequest.Unit.PASSAGE));
        Ranking ranking = cascade(stage(cheap, 5), stage(adaptive, 5)).rerank(QUERY,
                candidates("a", "b", "c", "d", "e"), 5, Deadline.none());
        assertEquals(List.of(true, true, false, false, false),
                ranking.hits().stream().map(hit -> hit.evidence("cross-encoder-2").isPresent()).toList());
        assertTrue(ranking.hits().stream().allMatch(hit -> hit.probability().isPresent()));
    }

    @Test
    void aCascadeOfOneIsThatOne() {
        Seeded.check(200, random -> {
            Ranking candidates = candidates(random, 30);
            int limit = 1 + random.nextInt(candidates.size() + 3);
            Reranker one = random(random);
            Ranking alone = one.rerank(QUERY, candidates, limit, Deadline.none());
            Ranking cascaded = cascade(stage(one, 40)).rerank(QUERY, candidates, limit, Deadline.none());
            assertEquals(ids(alone), ids(cascaded));
            assertEquals(scores(alone), scores(cascaded));
        });
    }

    @Test
    void allCandidatesComeBackAndEachStageOrdersItsHead() {
        Seeded.check(300, random -> {
            Ranking candidates = candidates(random, 40);
            int first = 1 + random.nextInt(45);
            int second = 1 + random.nextInt(first);
            Reranker cheap = random(random);
            Reranker strong = random(random);
            List<String> order = ids(cascade(stage(cheap, first), stage(strong, second)).rerank(QUERY, candidates,
                    100, Deadline.none()));
            assertEquals(new HashSet<>(ids(candidates)), new HashSet<>(order));
            assertEquals(candidates.size(), order.size());

            Ranking read = cheap.rerank(QUERY, candidates.top(first), 100, Deadline.none());
            List<String> expected = new ArrayList<>(ids(strong.rerank(QUERY, again(read.top(second)), 100,
                    Deadline.none())));
            expected.addAll(ids(read).subList(Math.min(second, read.size()), read.size()));
            expected.addAll(ids(candidates).subList(Math.min(first, candidates.size()), candidates.size()));
            assertEquals(expected, order);
        });
    }

    @Test
    void aStageThatFailsLeavesTheOrderOfTheOneBefore() {
        Seeded.check(200, random -> {
            Ranking candidates = candidates(random, 30);
            Reranker cheap = random(random);
            int depth = 1 + random.nextInt(35);
            assertEquals(ids(cascade(stage(cheap, depth)).rerank(QUERY, candidates, 100, Deadline.none())),
                    ids(cascade(stage(cheap, depth), stage(failing("late"), 1 + random.nextInt(depth)))
                            .rerank(QUERY, candidates, 100, Deadline.none())));
            // the next one reads what it would have read
            assertEquals(ids(cascade(stage(cheap, depth)).rerank(QUERY, candidates, 100, Deadline.none())),
                    ids(cascade(stage(failing("broken"), 40), stage(cheap, depth)).rerank(QUERY, candidates, 100,
                            Deadline.none())));
        });
    }

    @Test
    void whereNoStageAnswersTheFirstFailureIsThrown() {
        RerankException e = assertThrows(RerankException.class,
                () -> cascade(stage(failing("one"), 5), stage(failing("two"), 5)).rerank(QUERY, candidates("a"), 5,
                        Deadline.none()));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertEquals("no stage of the cascade answered (one; two)", e.getMessage());
        assertEquals("two", e.getSuppressed()[0].getMessage());
    }

    @Test
    void allStagesShareOneDeadline() {
        List<Deadline> seen = new ArrayList<>();
        Reranker watching = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            seen.add(deadline);
            return FakeReranker.reversed("rerank", candidates);
        });
        Deadline deadline = Deadline.in(Duration.ofDays(1));
        cascade(stage(watching, 5), stage(watching, 2)).rerank(QUERY, candidates("a", "b"), 5, deadline);
        assertEquals(2, seen.size());
        assertSame(deadline, seen.get(0));
        assertSame(deadline, seen.get(1));
    }

    @Test
    void aStageThatWouldBeginTooLateIsNotAsked() {
        Reranker late = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            while (!deadline.expired()) {
                Thread.onSpinWait();
            }
            return FakeReranker.reversed("rerank", candidates);
        });
        Reranker never = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            throw new AssertionError("asked after the deadline");
        });
        Deadline deadline = Deadline.in(Duration.ofSeconds(1));
        assertEquals(List.of("b", "a"),
                ids(cascade(stage(late, 5), stage(never, 5)).rerank(QUERY, candidates("a", "b"), 5, deadline)));
        RerankException e = assertThrows(RerankException.class, () -> cascade(stage(never, 5), stage(never, 5))
                .rerank(QUERY, candidates("a", "b"), 5, deadline));
        assertEquals(RerankException.Kind.TIMEOUT, e.kind());
    }

    @Test
    void whatAStageLeavesOutIsGone() {
        Reranker choosy = new FakeReranker("rerank",
                (query, candidates, limit, deadline) -> FakeReranker.reversed("rerank", candidates.top(1)));
        Reranker nothing = new FakeReranker("rerank",
                (query, candidates, limit, deadline) -> Ranking.builder("rerank").build());
        Ranking candidates = candidates("a", "b", "c", "d");
        assertEquals(List.of("a", "d"), ids(cascade(stage(choosy, 3)).rerank(QUERY, candidates, 9, Deadline.none())));
        assertEquals(List.of("a", "d"),
                ids(cascade(stage(choosy, 3), stage(choosy, 2)).rerank(QUERY, candidates, 9, Deadline.none())));
        assertEquals(List.of("d"), ids(cascade(stage(nothing, 3), stage(failing("asked for nothing"), 2))
                .rerank(QUERY, candidates, 9, Deadline.none())));
        assertTrue(cascade(stage(nothing, 4)).rerank(QUERY, candidates, 9, Deadline.none()).isEmpty());
    }

    @Test
    void theLastStageAloneIsAskedForTheLimit() {
        List<Integer> limits = new ArrayList<>();
        Reranker watching = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            limits.add(limit);
            return FakeReranker.reversed("rerank", candidates);
        });
        cascade(stage(watching, 6), stage(watching, 4)).rerank(QUERY, candidates("a", "b", "c", "d", "e"), 2,
                Deadline.none());
        cascade(stage(watching, 6), stage(watching, 4)).rerank(QUERY, candidates("a", "b", "c", "d", "e"), 5,
                Deadline.none());
        assertEquals(List.of(6, 2, 6, 4), limits);
    }

    @Test
    void rerankersKeepTheirNamesWithTheirPlaces() {
        Ranking ranking = cascade(stage(renamed("words"), 2), stage(renamed("bge"), 1)).rerank(QUERY,
                candidates("a", "b"), 2, Deadline.none());
        assertEquals(List.of("bm25", "words-1", "bge-2", "rerank"),
                ranking.hits().getFirst().evidence().stream().map(Evidence::stage).toList());
    }

    @Test
    void rerankingTwiceUnderOneNameIsMisuse() {
        Ranking once = Reranker.of(new WordScorer()).rerank(QUERY, candidates("a"), 1, Deadline.none());
        assertEquals("stage rerank has already ranked passage a: give each stage of a search its own name",
                assertThrows(IllegalArgumentException.class, () -> cascade(stage(renamed("other"), 5)).rerank(QUERY,
                        once, 1, Deadline.none())).getMessage());
    }

    @Test
    void scoresAtTheEndOfTheRangeDoNotOverflow() {
        Reranker extreme = new FakeReranker("rerank", (query, candidates, limit, deadline) -> Ranking
                .builder("rerank").add(candidates.hits().getFirst()).build());
        Ranking low = Ranking.builder("bm25").add(Passage.of("a", "a"), -Double.MAX_VALUE)
                .add(Passage.of("b", "b"), -Double.MAX_VALUE).add(Passage.of("c", "c"), -Double.MAX_VALUE).build();
        assertEquals(List.of("a", "b", "c"), ids(cascade(stage(extreme, 1)).rerank(QUERY, low, 9, Deadline.none())));
        Ranking large = Ranking.builder("bm25").add(Passage.of("c", "c"), 1e30).add(Passage.of("b", "b"), 1e29)
                .add(Passage.of("a", "a"), 1e28).build();
        assertEquals(List.of("c", "b", "a"),
                ids(cascade(stage(extreme, 1)).rerank(QUERY, large, 9, Deadline.none())), "1 is nothing beside 1e30");
    }

    @Test
    void depthsDoNotGrow() {
        assertEquals("depths of a cascade must not grow, got 6 after 5", assertThrows(IllegalArgumentException.class,
                () -> cascade(stage(reversing(), 5), stage(reversing(), 6))).getMessage());
        assertEquals("depth must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> stage(reversing(), 0)).getMessage());
        assertEquals("a cascade must have at least one stage, got none",
                assertThrows(IllegalArgumentException.class, () -> cascade()).getMessage());
        assertEquals("a cascade must not stand in a cascade: put its stages there", assertThrows(
                IllegalArgumentException.class, () -> stage(cascade(stage(reversing(), 5)), 5)).getMessage());
    }

    @Test
    void nothingToRankAsksNobody() {
        Ranking none = Ranking.builder("bm25").build();
        Ranking ranking = cascade(stage(failing("asked"), 5)).rerank(QUERY, none, 5, Deadline.none());
        assertTrue(ranking.isEmpty());
        assertFalse(ranking.stage().isBlank());
    }

    static Reranker cascade(CascadeStage... stages) {
        return Reranker.cascade(List.of(stages));
    }

    static CascadeStage stage(Reranker reranker, int depth) {
        return new CascadeStage(reranker, depth);
    }

    private static Reranker reversing() {
        return FakeReranker.reversing();
    }

    private static Reranker renamed(String name) {
        return new FakeReranker(name,
                (query, candidates, limit, deadline) -> FakeReranker.reversed(name, candidates).top(limit));
    }

    private static Reranker failing(String message) {
        return new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            throw new RerankException(RerankException.Kind.MODEL, message);
        });
    }

    /** A model with ratings of its own; some are equal. */
    private static Reranker random(Random random) {
        int salt = random.nextInt();
        return Reranker.of(new FakeScorer("random", request -> {
            float[] logits = new float[request.texts().size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Math.floorMod((request.texts().get(i) + salt).hashCode(), 9) - 4;
            }
            return FakeScorer.scores(logits);
        }));
    }

    private static float[] values(ScoreRequest request, float value) {
        float[] values = new float[request.texts().size()];
        Arrays.fill(values, value);
        return values;
    }

    /** In this order. */
    static Ranking candidates(String... ids) {
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (int i = 0; i < ids.length; i++) {
            ranking.add(Passage.of(ids[i], ids[i]), -i);
        }
        return ranking.build();
    }

    private static Ranking candidates(Random random, int most) {
        Set<String> ids = new HashSet<>();
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            String id = "p" + random.nextInt(1000);
            if (ids.add(id)) {
                ranking.add(Passage.of(id, id), random.nextInt(20) - 5);
            }
        }
        return ranking.build();
    }

    /** The same passages in the same order, as nobody has ranked them yet. */
    private static Ranking again(Ranking ranking) {
        return candidates(ids(ranking).toArray(String[]::new));
    }

    private static List<OptionalDouble> probabilities(Reranker reranker, Ranking candidates) {
        return reranker.rerank(QUERY, candidates, 9, Deadline.none()).hits().stream().map(Hit::probability).toList();
    }

    private static List<Double> scores(Ranking ranking) {
        return ranking.hits().stream().map(Hit::score).toList();
    }

    static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
