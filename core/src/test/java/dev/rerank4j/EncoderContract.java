package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Encoder} must keep. */
@Timeout(300)
public abstract class EncoderContract {

    private static final String QUESTION = "what is the capital of france";
    private static final String ANSWER = "Paris is the capital of France.";
    private static final String OFF_TOPIC = "Bananas are yellow when they are ripe.";
    private static final int THREADS = 16;

    /** The encoder under test; may be shared by all tests: none closes it. */
    protected abstract Encoder encoder();

    /** Another one, which the test closes. */
    protected abstract Encoder freshEncoder();

    /** What is put before a query, with its blank; empty if nothing is. */
    protected abstract String queryInstruction();

    /** By how much each number of one text's vectors may differ between calls, alone or in any batch. */
    protected abstract double tolerance();

    @Test
    public void vectorsHaveTheDimensionAndLengthOne() {
        List<String> texts = List.of(ANSWER, OFF_TOPIC, "Paris", ANSWER.repeat(40));
        for (float[] vector : encoder().passages(texts)) {
            assertUnit(vector, "passage");
        }
        assertUnit(encoder().query(QUESTION), "query");
    }

    @Test
    public void keepsTheOrderOfTheTexts() {
        List<String> texts = List.of(OFF_TOPIC, ANSWER, "France is a country.", OFF_TOPIC.repeat(5), "Paris");
        float[][] forward = encoder().passages(texts);
        float[][] backward = encoder().passages(texts.reversed());
        assertEquals(texts.size(), forward.length);
        for (int i = 0; i < texts.size(); i++) {
            assertNear(forward[i], backward[texts.size() - 1 - i], "text " + i);
        }
    }

    @Test
    public void aQuestionIsNearerToItsAnswer() {
        float[][] passages = encoder().passages(List.of(OFF_TOPIC, ANSWER));
        float[] query = encoder().query(QUESTION);
        assertTrue(dot(query, passages[1]) > dot(query, passages[0]));
    }

    @Test
    public void givesNothingForNoTexts() {
        assertEquals(0, encoder().passages(List.of()).length);
    }

    @Test
    public void answersAThousandTextsEachInItsPlace() {
        List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "Item " + i % 50 + " is yellow.").toList();
        float[][] all = encoder().passages(texts);
        float[][] few = encoder().passages(texts.subList(0, 50));
        assertEquals(1000, all.length);
        for (int i = 0; i < all.length; i++) {
            assertNear(few[i % 50], all[i], "text " + i);
        }
    }

    @Test
    public void equalTextsHaveEqualVectors() {
        float[][] vectors = encoder().passages(List.of(ANSWER, OFF_TOPIC, ANSWER));
        assertNear(vectors[0], vectors[2], "in one call");
        assertNear(vectors[0], encoder().passages(List.of(ANSWER))[0], "in another call");
        assertNear(encoder().query(QUESTION), encoder().query(QUESTION), "query");
    }

    @Test
    public void aVectorDoesNotDependOnItsNeighbours() {
        List<String> texts = IntStream.range(0, 24)
                .mapToObj(i -> (i % 3 == 0 ? ANSWER : OFF_TOPIC) + " Some more words.".repeat(i * i / 6)).toList();
        float[][] together = encoder().passages(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertNear(encoder().passages(List.of(texts.get(i)))[0], together[i], "text " + i);
        }
    }

    @Test
    public void theInstructionAloneSetsAQueryApart() {
        for (String text : List.of(QUESTION, ANSWER, "Paris")) {
            float[] query = encoder().query(text);
            assertNear(encoder().passages(List.of(queryInstruction() + text))[0], query, "query with instruction");
            if (!queryInstruction().isEmpty()) {
                assertFalse(near(encoder().passages(List.of(text))[0], query), "the instruction must count");
            }
        }
    }

    @Test
    public void whatIsTooLongIsCutAtTheEnd() {
        String tooLong = "banana ".repeat(20_000);
        float[][] vectors = encoder().passages(List.of(tooLong, tooLong + ANSWER, ANSWER + " " + tooLong));
        assertNear(vectors[0], vectors[1], "what stands after the window");
        assertFalse(near(vectors[0], vectors[2]), "what stands at the start must count");
        assertUnit(encoder().query(tooLong), "query");
    }

    @Test
    public void oddTextsHaveVectorsOfLengthOne() {
        float[][] vectors = encoder().passages(OddTexts.all());
        assertEquals(OddTexts.all().size(), vectors.length);
        for (int i = 0; i < vectors.length; i++) {
            assertUnit(vectors[i], "odd text " + i);
            assertUnit(encoder().query(OddTexts.all().get(i)), "odd query " + i);
        }
    }

    @Test
    public void manyThreadsGetWhatOneThreadGets() throws Exception {
        List<List<String>> texts = IntStream.range(0, THREADS)
                .mapToObj(i -> List.of(ANSWER, "Number " + i, OFF_TOPIC + " And so on.".repeat(i))).toList();
        List<float[][]> expected = texts.stream().map(encoder()::passages).toList();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<float[][]>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<String> list : texts) {
                running.add(executor.submit(() -> {
                    together.await();
                    return encoder().passages(list);
                }));
            }
        }
        for (int i = 0; i < THREADS; i++) {
            float[][] got = running.get(i).get();
            assertEquals(expected.get(i).length, got.length);
            for (int j = 0; j < got.length; j++) {
                assertNear(expected.get(i)[j], got[j], "thread " + i + ", text " + j);
            }
        }
    }

    @Test
    public void hasANameThatStays() {
        assertFalse(encoder().name().isBlank());
        assertEquals(encoder().name(), encoder().name());
    }

    @Test
    public void closingTwiceIsAllowedAndUseAfterwardsIsNot() {
        Encoder encoder = freshEncoder();
        assertUnit(encoder.query(QUESTION), "query");
        encoder.close();
        encoder.close();
        assertThrows(IllegalStateException.class, () -> encoder.query(QUESTION));
        assertThrows(IllegalStateException.class, () -> encoder.passages(List.of(ANSWER)));
    }

    private void assertUnit(float[] vector, String what) {
        assertEquals(encoder().dimension(), vector.length, what);
        assertEquals(1, Math.sqrt(dot(vector, vector)), 1e-4, what);
    }

    private void assertNear(float[] expected, float[] actual, String what) {
        assertArrayEquals(expected, actual, (float) tolerance(), what);
    }

    private boolean near(float[] a, float[] b) {
        return IntStream.range(0, a.length).allMatch(i -> Math.abs(a[i] - b[i]) <= tolerance());
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
    }
}
