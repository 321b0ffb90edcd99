package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.CachedScorer.Score;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachedScorerTest extends ScorerContract {

    private final Scorer shared = freshScorer();

    @Override
    protected Scorer scorer() {
        return shared;
    }

    @Override
    protected Scorer freshScorer() {
        return new CachedScorer(new WordScorer(), new ConcurrentHashMap<>());
    }

    @Override
    protected double tolerance() {
        return 0;
    }

    private final List<ScoreRequest> asked = new ArrayList<>();

    private Scorer recording() {
        WordScorer words = new WordScorer();
        return new FakeScorer("words", request -> {
            asked.add(request);
            return words.score(request);
        });
    }

    @Test
    void onlyUnseenPairsAreAskedForEachOnceInTheirOrder() {
        CachedScorer scorer = new CachedScorer(recording(), new ConcurrentHashMap<>());
        scorer.score(ScoreRequest.of("one", List.of("b", "a", "b")));
        scorer.score(ScoreRequest.of("one", List.of("c", "a", "b", "d", "c")));
        scorer.score(ScoreRequest.of("one", List.of("a", "b", "c", "d")));
        scorer.score(ScoreRequest.of("two", List.of("a")));
        assertEquals(List.of(List.of("b", "a"), List.of("c", "d"), List.of("a")),
                asked.stream().map(ScoreRequest::texts).toList());
    }

    @Test
    void whatTheOtherIsAskedIsTheRequestButForItsTexts() {
        Deadline deadline = Deadline.in(Duration.ofDays(1));
        ScoreRequest request = new ScoreRequest("query", List.of("text", "text"), 40, ScoreRequest.Side.START,
                deadline);
        new CachedScorer(recording(), new ConcurrentHashMap<>()).score(request);
        assertEquals(List.of(new ScoreRequest("query", List.of("text"), 40, ScoreRequest.Side.START, deadline)), asked);
    }

    @Test
    void anyRequestIsAnsweredAsIfThereWereNoCacheWhateverTheMapForgets() {
        WordScorer words = new WordScorer();
        Seeded.check(200, random -> {
            ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
            CachedScorer scorer = new CachedScorer(new WordScorer(), kept);
            for (int call = 0; call < 10; call++) {
                List<String> texts = new ArrayList<>();
                for (int i = random.nextInt(12); i > 0; i--) {
                    texts.add("paris capital france of ".repeat(random.nextInt(6)) + random.nextInt(4));
                }
                ScoreRequest request = new ScoreRequest("capital of france " + random.nextInt(2), texts,
                        random.nextBoolean() ? 16 : Integer.MAX_VALUE,
                        ScoreRequest.Side.values()[random.nextInt(2)], Deadline.none());
                assertAlike(words.score(request), scorer.score(request));
                kept.keySet().removeIf(key -> random.nextInt(3) == 0);
            }
        });
    }

    /** A map that keeps nothing is a cache too. */
    @Test
    void aMapThatForgetsAtOnceChangesNoAnswer() {
        ConcurrentMap<String, Score> forgetful = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Score put(String key, Score score) {
                return super.remove(key);
            }
        };
        ScoreRequest request = ScoreRequest.of("capital of france", List.of("paris", "capital", "paris"));
        CachedScorer scorer = new CachedScorer(new WordScorer(), forgetful);
        assertAlike(new WordScorer().score(request), scorer.score(request));
        assertAlike(new WordScorer().score(request), scorer.score(request));
    }

    @Test
    void withoutProbabilitiesThereAreNone() {
        CachedScorer scorer = new CachedScorer(new FakeScorer("bare", request -> FakeScorer.scores(1, 2)),
                new ConcurrentHashMap<>());
        ScoreRequest request = ScoreRequest.of("q", List.of("a", "b"));
        for (int call = 0; call < 2; call++) {
            Scores scores = scorer.score(request);
            assertArrayEquals(new float[]{1, 2}, scores.logits());
            assertEquals(0, scores.probabilities().length);
        }
    }

    @Test
    void aFailureIsPassedOnAndNothingIsKept() {
        RerankException failure = new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
        AtomicInteger calls = new AtomicInteger();
        WordScorer words = new WordScorer();
        ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
        CachedScorer scorer = new CachedScorer(new FakeScorer("moody", request -> {
            if (calls.incrementAndGet() == 2) {
                throw failure;
            }
            return words.score(request);
        }), kept);
        scorer.score(ScoreRequest.of("q", List.of("a")));
        Set<String> before = new HashSet<>(kept.keySet());
        ScoreRequest more = ScoreRequest.of("q", List.of("a", "b", "c"));
        assertEquals(failure, assertThrows(RerankException.class, () -> scorer.score(more)));
        assertEquals(before, kept.keySet());
        assertEquals(3, scorer.score(more).size());
        assertEquals(3, kept.size());
    }

    @Test
    void aModelThatScoresAnotherNumberOfTextsIsAtFaultAndNothingIsKept() {
        for (int given : new int[]{0, 1, 3}) {
            ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
            CachedScorer scorer = new CachedScorer(
                    new FakeScorer("odd", request -> FakeScorer.probable(new float[given])), kept);
            RerankException e = assertThrows(RerankException.class,
                    () -> scorer.score(ScoreRequest.of("q", List.of("a", "b", "a"))));
            assertEquals(RerankException.Kind.MODEL, e.kind());
            assertEquals("model odd scored " + given + " texts of 2", e.getMessage());
            assertTrue(kept.isEmpty());
        }
    }

    @Test
    void oneMapServesSeveralModels() {
        ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
        ScoreRequest request = ScoreRequest.of("q", List.of("a"));
        CachedScorer one = new CachedScorer(new FakeScorer("one", r -> FakeScorer.scores(1)), kept);
        CachedScorer two = new CachedScorer(new FakeScorer("two", r -> FakeScorer.probable(2)), kept);
        for (int call = 0; call < 2; call++) {
            assertEquals(1, one.score(request).logits()[0]);
            assertEquals(2, two.score(request).logits()[0]);
        }
        assertEquals(2, kept.size());
    }

    @Test
    void aKeyTellsApartAllThatAScoreDependsOn() {
        ScoreRequest plain = ScoreRequest.of("query", List.of());
        List<String> keys = new ArrayList<>(List.of(
                CachedScorer.key("model", plain, "text"),
                CachedScorer.key("modelq", ScoreRequest.of("uery", List.of()), "text"),
                CachedScorer.key("model", ScoreRequest.of("queryt", List.of()), "ext"),
                CachedScorer.key("model", ScoreRequest.of("", List.of()), "querytext"),
                CachedScorer.key("model", plain, "Text"),
                CachedScorer.key("model", plain, "text "),
                CachedScorer.key("model", plain, ""),
                CachedScorer.key("model", with(512, ScoreRequest.Side.END), "text"),
                CachedScorer.key("model", with(Integer.MAX_VALUE, ScoreRequest.Side.START), "text")));
        // broken surrogates, which an encoding would make equal
        for (String odd : List.of("\ud800", "\ud801", "\udc00", "?", "\ufffd", "\ud83d\ude00", "\0", "é", "e\u0301")) {
            keys.add(CachedScorer.key("model", plain, odd));
        }
        assertEquals(keys.size(), new HashSet<>(keys).size(), keys::toString);
        for (String key : keys) {
            assertTrue(key.matches("[0-9a-f]{32}"), key);
        }
    }

    @Test
    void aKeyDependsOnNothingElse() {
        ScoreRequest one = ScoreRequest.of("query", List.of("a"), Deadline.in(Duration.ofDays(1)));
        ScoreRequest other = ScoreRequest.of("query", List.of("b", "c"));
        assertEquals(CachedScorer.key("model", one, "text"), CachedScorer.key("model", other, "text"));
        // Computed elsewhere from the same bytes: keys are kept on disks and must not change unnoticed.
        assertEquals("0a5fa41c752b61394418351e8e766d81", CachedScorer.key("model", other, "text \ud83d\ude00"));
    }

    @Test
    void theMapHoldsNoText() {
        ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
        new CachedScorer(new WordScorer(), kept).score(ScoreRequest.of("query", List.of("secret")));
        assertFalse(kept.toString().contains("secret"));
    }

    @Test
    void aKnownPairIsNoAnswerOnceClosed() {
        CachedScorer scorer = new CachedScorer(new WordScorer(), new ConcurrentHashMap<>());
        ScoreRequest request = ScoreRequest.of("q", List.of("a"));
        scorer.score(request);
        scorer.close();
        assertThrows(IllegalStateException.class, () -> scorer.score(request));
    }

    @Test
    void impossibleScoresAreMisuse() {
        assertEquals("logit must be finite, got NaN", assertThrows(IllegalArgumentException.class,
                () -> new Score(Float.NaN, OptionalDouble.empty(), 1, false)).getMessage());
        assertEquals("probability must be within 0 to 1, got 1.5", assertThrows(IllegalArgumentException.class,
                () -> new Score(0, OptionalDouble.of(1.5), 1, false)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Score(0, OptionalDouble.of(Double.NaN), 1, false));
        assertEquals("tokens must be >= 0, got -1", assertThrows(IllegalArgumentException.class,
                () -> new Score(0, OptionalDouble.empty(), -1, false)).getMessage());
    }

    @Test
    void itHasTheOthersName() {
        assertEquals("words", shared.name());
        assertNotEquals(CachedScorer.key("a", ScoreRequest.of("q", List.of()), "t"),
                CachedScorer.key("b", ScoreRequest.of("q", List.of()), "t"));
    }

    @Test
    void anInterruptedRequestIsNotKept() {
        ConcurrentMap<String, Score> kept = new ConcurrentHashMap<>();
        CachedScorer scorer = new CachedScorer(new FakeScorer("interrupted", request -> {
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "interrupted");
        }), kept);
        try {
            assertThrows(RerankException.class, () -> scorer.score(ScoreRequest.of("q", List.of("a"))));
            assertTrue(Thread.currentThread().isInterrupted(), "the interrupt stays");
            assertTrue(kept.isEmpty());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void nothingIsAskedForNothing() {
        CachedScorer scorer = new CachedScorer(recording(), new ConcurrentHashMap<>());
        assertEquals(0, scorer.score(ScoreRequest.of("q", Collections.emptyList())).size());
        assertTrue(asked.isEmpty());
    }

    private static void assertAlike(Scores expected, Scores actual) {
        assertArrayEquals(expected.logits(), actual.logits());
        assertArrayEquals(expected.probabilities(), actual.probabilities());
        assertArrayEquals(expected.tokens(), actual.tokens());
        assertEquals(expected.cut(), actual.cut());
    }

    private static ScoreRequest with(int maxTokens, ScoreRequest.Side side) {
        return new ScoreRequest("query", List.of(), maxTokens, side, Deadline.none());
    }
}
