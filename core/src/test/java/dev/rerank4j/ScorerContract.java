package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Scorer} must keep. The model is expected to know English so far that a text with the answer scores
 * above one about something else.
 */
@Timeout(300)
public abstract class ScorerContract {

    private static final String QUERY = "what is the capital of france";
    private static final String ANSWER = "Paris is the capital of France.";
    private static final String OFF_TOPIC = "Bananas are yellow when they are ripe.";
    private static final int THREADS = 16;
    private static final int CLOSING_THREADS = 4;

    /** The scorer under test; may be shared by all tests: none closes it. */
    protected abstract Scorer scorer();

    /** Another one, which the test closes. */
    protected abstract Scorer freshScorer();

    /** By how much logits of one pair may differ between calls, alone or in any batch. */
    protected abstract double tolerance();

    @Test
    public void keepsTheOrderOfTheTexts() {
        List<String> texts = List.of(OFF_TOPIC, ANSWER, "France is a country.", OFF_TOPIC + " " + OFF_TOPIC, "Paris");
        float[] forward = logits(QUERY, texts);
        float[] backward = logits(QUERY, texts.reversed());
        for (int i = 0; i < texts.size(); i++) {
            assertEquals(forward[i], backward[texts.size() - 1 - i], tolerance(), "text " + i);
        }
        assertTrue(forward[1] > forward[0], "the answer must score above what is off topic");
    }

    @Test
    public void givesNothingForNoTexts() {
        Scores scores = scorer().score(ScoreRequest.of(QUERY, List.of()));
        assertEquals(0, scores.size());
        assertTrue(scores.cut().isEmpty());
    }

    @Test
    public void answersOneText() {
        Scores scores = scorer().score(ScoreRequest.of(QUERY, List.of(ANSWER)));
        assertEquals(1, scores.size());
        assertTrue(scores.tokens()[0] > 0);
    }

    @Test
    public void answersAThousandTextsEachInItsPlace() {
        List<String> texts = IntStream.range(0, 1000)
                .mapToObj(i -> i % 50 == 7 ? ANSWER : "Item " + i % 50 + " is yellow.").toList();
        float[] all = logits(QUERY, texts);
        float[] few = logits(QUERY, texts.subList(0, 50));
        assertEquals(1000, all.length);
        for (int i = 0; i < all.length; i++) {
            assertEquals(few[i % 50], all[i], tolerance(), "text " + i);
        }
        assertTrue(few[7] > few[8], "the answer must score above what is off topic");
    }

    @Test
    public void equalTextsScoreEqually() {
        float[] logits = logits(QUERY, List.of(ANSWER, OFF_TOPIC, ANSWER, "Paris", OFF_TOPIC, ANSWER));
        assertEquals(logits[0], logits[2], tolerance());
        assertEquals(logits[0], logits[5], tolerance());
        assertEquals(logits[1], logits[4], tolerance());
    }

    @Test
    public void aScoreDoesNotDependOnItsNeighbours() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            texts.add((i % 3 == 0 ? ANSWER : OFF_TOPIC) + " Some more words.".repeat(i * i / 6));
        }
        Scores together = scorer().score(ScoreRequest.of(QUERY, texts));
        for (int i = 0; i < texts.size(); i++) {
            Scores alone = scorer().score(ScoreRequest.of(QUERY, List.of(texts.get(i))));
            assertEquals(alone.logits()[0], together.logits()[i], tolerance(), "text " + i);
            assertEquals(alone.tokens()[0], together.tokens()[i], "tokens of text " + i);
            assertEquals(alone.cut().get(0), together.cut().get(i), "cut of text " + i);
        }
    }

    @Test
    public void manyThreadsGetWhatOneThreadGets() throws Exception {
        List<List<String>> texts = IntStream.range(0, THREADS)
                .mapToObj(i -> List.of(ANSWER, "Number " + i, OFF_TOPIC + " And so on.".repeat(i), "France")).toList();
        List<float[]> expected = texts.stream().map(list -> logits(QUERY, list)).toList();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<float[]>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<String> list : texts) {
                running.add(executor.submit(() -> {
                    together.await();
                    return logits(QUERY, list);
                }));
            }
        }
        for (int i = 0; i < THREADS; i++) {
            float[] got = running.get(i).get();
            for (int j = 0; j < got.length; j++) {
                assertEquals(expected.get(i)[j], got[j], tolerance(), "thread " + i + ", text " + j);
            }
        }
    }

    @Test
    public void whatIsTooLongIsCutAndSaidSo() {
        String longText = (ANSWER + " ").repeat(100);
        Scores scores = scorer().score(request(QUERY, List.of("Paris", longText, "France", longText), 32));
        BitSet expected = new BitSet();
        expected.set(1);
        expected.set(3);
        assertEquals(expected, scores.cut());
        for (int tokens : scores.tokens()) {
            assertTrue(tokens >= 1 && tokens <= 32, "tokens " + tokens);
        }
        assertTrue(scores.tokens()[1] > scores.tokens()[0], "what is cut fills the window");
    }

    @Test
    public void theModelsOwnLimitCounts() {
        Scores scores = scorer().score(ScoreRequest.of(QUERY, List.of("banana ".repeat(20_000), "Paris")));
        assertTrue(scores.cut().get(0));
        assertFalse(scores.cut().get(1));
        assertTrue(scores.tokens()[0] < 20_000, "tokens " + scores.tokens()[0]);
    }

    @Test
    public void theEndToCutIsTheOneAskedFor() {
        String filler = (OFF_TOPIC + " ").repeat(30);
        String answerFirst = ANSWER + " " + filler;
        String answerLast = filler + ANSWER;
        List<String> texts = List.of(answerFirst, answerLast);
        Scores end = scorer().score(new ScoreRequest(QUERY, texts, 40, ScoreRequest.Side.END, Deadline.none()));
        Scores start = scorer().score(new ScoreRequest(QUERY, texts, 40, ScoreRequest.Side.START, Deadline.none()));
        assertTrue(end.logits()[0] > end.logits()[1], "cut at the end, the start is left");
        assertTrue(start.logits()[1] > start.logits()[0], "cut at the start, the end is left");
        assertAll(
                () -> assertEquals(2, end.cut().cardinality()),
                () -> assertEquals(2, start.cut().cardinality()));
    }

    /** Were the longer side cut, as tokenizers do unless told otherwise, the differing words would fall away. */
    @Test
    public void theQueryIsNeverCut() {
        String middle = " and i would like to know it in one short line of no more than ten words or so please as "
                + "i said ";
        String text = (ANSWER + " ").repeat(20);
        float both = logits("france" + middle + "france", text, 44);
        assertNotEquals(both, logits("france" + middle + "banana", text, 44), "the query's last word must count");
        assertNotEquals(both, logits("banana" + middle + "france", text, 44), "the query's first word must count");
    }

    @Test
    public void aQueryThatFillsTheWindowIsRefused() {
        String query = "capital ".repeat(10_000);
        RerankException own = assertThrows(RerankException.class,
                () -> scorer().score(ScoreRequest.of(query, List.of(ANSWER))));
        assertEquals(RerankException.Kind.INVALID_REQUEST, own.kind());
        RerankException asked = assertThrows(RerankException.class,
                () -> scorer().score(request("capital ".repeat(20), List.of(ANSWER), 12)));
        assertEquals(RerankException.Kind.INVALID_REQUEST, asked.kind());
        stillAnswers(scorer());
    }

    @Test
    public void anEmptyQueryIsAnswered() {
        assertEquals(2, logits("", List.of(ANSWER, "")).length);
    }

    @Test
    public void oddTextsGetFiniteScores() {
        Scores scores = scorer().score(ScoreRequest.of(QUERY, OddTexts.all()));
        assertEquals(OddTexts.all().size(), scores.size());
        for (int i = 0; i < scores.size(); i++) {
            assertTrue(Float.isFinite(scores.logits()[i]), "odd text " + i);
        }
    }

    @Test
    public void oddQueriesGetFiniteScores() {
        for (int i = 0; i < OddTexts.all().size(); i++) {
            String odd = OddTexts.all().get(i);
            if (odd.length() < 100) {
                assertTrue(Float.isFinite(logits(odd, List.of(ANSWER))[0]), "odd query " + i);
            }
        }
    }

    @Test
    public void probabilitiesRiseWithLogits() {
        List<String> texts = new ArrayList<>(List.of(ANSWER, OFF_TOPIC, "Paris", "France is a country.", "",
                "The capital of Japan is Tokyo.", "What is the capital of France?", "Rome is the capital of Italy."));
        Scores scores = scorer().score(ScoreRequest.of(QUERY, texts));
        if (scores.probabilities().length == 0) {
            return; // a model whose scores mean nothing but order
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
        order.sort((a, b) -> Float.compare(scores.logits()[a], scores.logits()[b]));
        for (int i = 1; i < order.size(); i++) {
            float lower = scores.probabilities()[order.get(i - 1)];
            float higher = scores.probabilities()[order.get(i)];
            assertTrue(lower <= higher, "probability " + lower + " of the lower logit, " + higher + " of the higher");
        }
        assertTrue(scores.probabilities()[order.getFirst()] < scores.probabilities()[order.getLast()],
                "probabilities must tell texts apart");
    }

    @Test
    public void anExpiredDeadlineIsATimeoutAndDoesNoHarm() {
        Deadline expired = Deadline.in(Duration.ofNanos(1));
        while (!expired.expired()) {
            Thread.onSpinWait();
        }
        RerankException e = assertThrows(RerankException.class,
                () -> scorer().score(ScoreRequest.of(QUERY, List.of(ANSWER, OFF_TOPIC), expired)));
        assertEquals(RerankException.Kind.TIMEOUT, e.kind());
        stillAnswers(scorer());
    }

    /** A machine may be quick enough to answer; what it may not do is fail otherwise, or stay busy. */
    @Test
    public void aDeadlineInTheMiddleIsATimeoutOrAnAnswer() {
        List<String> texts = Collections.nCopies(500, (OFF_TOPIC + " ").repeat(40));
        for (int millis : new int[]{1, 5, 20}) {
            try {
                Deadline deadline = Deadline.in(Duration.ofMillis(millis));
                assertEquals(500, scorer().score(ScoreRequest.of(QUERY, texts, deadline)).size());
            } catch (RerankException e) {
                assertEquals(RerankException.Kind.TIMEOUT, e.kind());
            }
            stillAnswers(scorer());
        }
    }

    @Test
    public void hasANameThatStays() {
        assertFalse(scorer().name().isBlank());
        assertEquals(scorer().name(), scorer().name());
    }

    @Test
    public void closingTwiceIsAllowedAndUseAfterwardsIsNot() {
        Scorer scorer = freshScorer();
        stillAnswers(scorer);
        scorer.close();
        scorer.close();
        assertThrows(IllegalStateException.class, () -> scorer.score(ScoreRequest.of(QUERY, List.of(ANSWER))));
    }

    @Test
    public void closingWhileScoringEndsTheCalls() throws Exception {
        Scorer scorer = freshScorer();
        CountDownLatch busy = new CountDownLatch(CLOSING_THREADS);
        AtomicBoolean closed = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        // platform threads: virtual ones that never wait would keep each other from starting
        try (ExecutorService executor = Executors.newFixedThreadPool(CLOSING_THREADS)) {
            for (int i = 0; i < CLOSING_THREADS; i++) {
                running.add(executor.submit(() -> scoreUntilClosed(scorer, busy, closed)));
            }
            busy.await();
            scorer.close();
            closed.set(true);
        }
        for (Future<?> call : running) {
            Throwable end = assertThrows(ExecutionException.class, call::get).getCause();
            assertTrue(end instanceof IllegalStateException
                    || end instanceof RerankException e && e.kind() == RerankException.Kind.UNAVAILABLE,
                    () -> "a call ended with " + end);
        }
    }

    private static void scoreUntilClosed(Scorer scorer, CountDownLatch busy, AtomicBoolean closed) {
        try {
            stillAnswers(scorer);
        } finally {
            busy.countDown();
        }
        boolean last;
        do {
            last = closed.get();
            stillAnswers(scorer);
        } while (!last);
    }

    private static void stillAnswers(Scorer scorer) {
        float[] logits = scorer.score(ScoreRequest.of(QUERY, List.of(OFF_TOPIC, ANSWER))).logits();
        assertEquals(2, logits.length);
        assertTrue(logits[1] > logits[0], "the answer must score above what is off topic");
    }

    private float[] logits(String query, List<String> texts) {
        return scorer().score(ScoreRequest.of(query, texts)).logits();
    }

    private float logits(String query, String text, int maxTokens) {
        return scorer().score(request(query, List.of(text), maxTokens)).logits()[0];
    }

    private static ScoreRequest request(String query, List<String> texts, int maxTokens) {
        return new ScoreRequest(query, texts, maxTokens, ScoreRequest.Side.END, Deadline.none());
    }
}
