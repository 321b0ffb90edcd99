package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What goes in and comes out: the records' checks and their grammar. */
class RequestTest {

    private static final Query QUERY = Query.of("q");

    @Test
    void aQueryIsNotBlank() {
        misuse("query must not be blank", () -> Query.of(""));
        misuse("query must not be blank", () -> Query.of(" \n\u3000"));
        assertEquals(Filter.NONE, Query.of("\0").filter());
    }

    @Test
    void theDefaultsAreTenOfFiftyWithinThirtySeconds() {
        assertEquals(new SearchRequest(QUERY, SearchRequest.Unit.PASSAGE, 10, 50, Duration.ofSeconds(30)),
                SearchRequest.of("q"));
    }

    @Test
    void aSearchRequestSaysWhatIsWrongWithIt() {
        misuse("limit must be >= 1, got 0", () -> request(0, 50, Duration.ofSeconds(1)));
        misuse("limit must be >= 1, got -3", () -> request(-3, -3, Duration.ofSeconds(1)));
        misuse("depth must be >= limit (10), got 5", () -> request(10, 5, Duration.ofSeconds(1)));
        misuse("timeout must be > 0, got PT0S", () -> request(10, 50, Duration.ZERO));
        misuse("timeout must be > 0, got PT-1S", () -> request(10, 50, Duration.ofSeconds(-1)));
        assertEquals(10, request(10, 10, Duration.ofNanos(1)).depth());
    }

    @Test
    void aScoreRequestCopiesItsTextsAndChecksItsWindow() {
        List<String> texts = new ArrayList<>(List.of("a", "a", ""));
        ScoreRequest request = ScoreRequest.of("", texts);
        texts.clear();
        assertEquals(List.of("a", "a", ""), request.texts());
        assertEquals(ScoreRequest.Side.END, request.cut());
        assertFalse(request.deadline().isFinite());
        misuse("maxTokens must be >= 1, got 0",
                () -> new ScoreRequest("q", List.of(), 0, ScoreRequest.Side.END, Deadline.none()));
    }

    @Test
    void scoresHaveOneLength() {
        misuse("scores must have one length, got 2 logits, 0 probabilities, 1 token counts",
                () -> scores(new float[2], new float[0], new int[1]));
        misuse("scores must have one length, got 2 logits, 1 probabilities, 2 token counts",
                () -> scores(new float[2], new float[1], new int[2]));
        assertEquals(2, scores(new float[2], new float[0], new int[2]).size());
        assertEquals(2, scores(new float[2], new float[2], new int[2]).size());
        assertEquals(0, scores(new float[0], new float[0], new int[0]).size());
    }

    @Test
    void scoresAreFiniteAndProbabilitiesWithinZeroToOne() {
        misuse("logits must be finite, got NaN",
                () -> scores(new float[]{1, Float.NaN}, new float[0], new int[2]));
        misuse("logits must be finite, got -Infinity",
                () -> scores(new float[]{Float.NEGATIVE_INFINITY}, new float[0], new int[1]));
        misuse("probabilities must be within 0 to 1, got NaN",
                () -> scores(new float[1], new float[]{Float.NaN}, new int[1]));
        misuse("probabilities must be within 0 to 1, got 1.5",
                () -> scores(new float[1], new float[]{1.5f}, new int[1]));
        misuse("probabilities must be within 0 to 1, got -0.5",
                () -> scores(new float[1], new float[]{-0.5f}, new int[1]));
    }

    @Test
    void aHitKnowsWhatAStageSaidOfIt() {
        Evidence bm25 = new Evidence("bm25", 3, 7.5);
        Hit hit = new Hit(Passage.of("p", ""), 1, OptionalDouble.empty(), List.of(bm25, new Evidence("rerank", 1, 1)));
        assertEquals(Optional.of(bm25), hit.evidence("bm25"));
        assertEquals(Optional.empty(), hit.evidence("vector"));
    }

    @Test
    void hitsAndEvidenceSayWhatIsWrongWithThem() {
        misuse("score of passage p must be finite, got NaN", () -> hit(Double.NaN, OptionalDouble.empty()));
        misuse("probability of passage p must be within 0 to 1, got 1.1", () -> hit(1, OptionalDouble.of(1.1)));
        misuse("probability of passage p must be within 0 to 1, got NaN", () -> hit(1, OptionalDouble.of(Double.NaN)));
        misuse("rank must be >= 1, got 0", () -> new Evidence("s", 0, 1));
        misuse("score must be finite, got Infinity", () -> new Evidence("s", 1, Double.POSITIVE_INFINITY));
        assertEquals(hit(0.0, OptionalDouble.empty()), hit(-0.0, OptionalDouble.empty()));
    }

    @Test
    void aResultIsDegradedIfAStageFailed() {
        StageReport good = new StageReport.Completed("bm25", Duration.ZERO, 3);
        StageReport bad = new StageReport.Failed("rerank", Duration.ZERO, RerankException.Kind.TIMEOUT, "late");
        Ranking none = Ranking.builder("bm25").build();
        assertFalse(new SearchResult(none, List.of(good)).degraded());
        assertTrue(new SearchResult(none, List.of(good, bad)).degraded());
    }

    private static SearchRequest request(int limit, int depth, Duration timeout) {
        return new SearchRequest(QUERY, SearchRequest.Unit.PASSAGE, limit, depth, timeout);
    }

    private static Scores scores(float[] logits, float[] probabilities, int[] tokens) {
        return new Scores(logits, probabilities, tokens, new BitSet(), Scores.Timings.ZERO);
    }

    private static Hit hit(double score, OptionalDouble probability) {
        return new Hit(Passage.of("p", ""), score, probability, List.of());
    }

    private static void misuse(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
