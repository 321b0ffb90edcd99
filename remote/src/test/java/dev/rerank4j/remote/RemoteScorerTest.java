package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.ScoreRequest.Side;
import dev.rerank4j.Scores;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes out in how many calls, and what is made of the answers. */
@Timeout(60)
class RemoteScorerTest {

    private static final RerankLimits THREE = new RerankLimits(3, 1000, 100_000);

    private final Heard heard = new Heard();

    private RemoteOptions options(ScriptedServer server) {
        return RemoteOptions.at(server.address()).withListener(heard).withPatience(Duration.ofSeconds(30), 0);
    }

    private static List<String> texts(Received request) {
        List<String> texts = new ArrayList<>();
        WordServer.json(request.body()).get("documents").forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    /** A text's score is the number that it ends with. */
    private static Answer numbers(Received request) {
        ObjectNode answer = HttpService.JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        List<String> texts = texts(request);
        for (int i = texts.size() - 1; i >= 0; i--) {
            results.addObject().put("index", i).put("relevance_score", Integer.parseInt(texts.get(i).replaceAll("\\D",
                    "")));
        }
        answer.putObject("meta").putObject("billed_units").put("search_units", 1);
        return Answer.json(answer + "");
    }

    private static ScoreRequest request(int texts) {
        return ScoreRequest.of("which", IntStream.range(0, texts).mapToObj(i -> "text " + i).toList());
    }

    @Test
    void whatIsTooMuchForOneCallGoesOutInSeveralAndComesBackInOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers);
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server), THREE)) {
            float[] scores = scorer.score(request(10)).logits();
            assertArrayEquals(new float[]{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, scores);
            assertEquals(List.of(3, 3, 3, 1), server.received().stream().map(call -> texts(call).size()).sorted(
                    Collections.reverseOrder()).toList());
            assertEquals(4, heard.calls().size());
            assertEquals(4, heard.calls().stream().map(RemoteCall::usage).reduce(Usage.UNKNOWN, Usage::plus)
                    .billedUnits().orElseThrow());
        }
    }

    @Test
    void tokensAreALimitToo() throws Exception {
        // a query of 6 tokens with its special ones, texts of 24: pairs of 30, of which 80 % of 200 hold five
        List<String> texts = IntStream.range(0, 12).mapToObj(i -> "word ".repeat(23) + i % 10).toList();
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers);
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server),
                        new RerankLimits(1000, 1000, 200))) {
            Scores scores = scorer.score(ScoreRequest.of("which", texts));
            assertEquals(30, scores.tokens()[3]);
            assertEquals(List.of(5, 5, 2), server.received().stream().map(call -> texts(call).size()).sorted(
                    Collections.reverseOrder()).toList());
            assertEquals(9, scores.logits()[9]);
        }
    }

    @Test
    void aTextThatIsTooLongForACallGoesOutAlone() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers);
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server),
                        new RerankLimits(1000, 1000, 20))) {
            scorer.score(ScoreRequest.of("which", List.of("1", "word ".repeat(50) + "2", "3")));
            assertEquals(3, server.received().size());
        }
    }

    @Test
    void noMoreCallsRunAtATimeThanMay() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2); // proves that two run together
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                both.await();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            now.decrementAndGet();
            return numbers(request);
        });
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server).withLimits(10_000, 2),
                        THREE)) {
            assertEquals(18, scorer.score(request(18)).size());
            assertEquals(2, most.get());
        }
    }

    /** Were the second call waited for, the test would not end in time. */
    @Test
    void aPartThatFailsFailsTheWhole() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            try {
                if (texts(request).contains("text 0")) {
                    held.countDown();
                    late.await();
                    return numbers(request);
                }
                held.await();
                return Answer.json(413, "{}");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }); RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server), THREE)) {
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(request(6)));
            assertEquals(Kind.INVALID_REQUEST, e.kind());
            assertEquals(2, heard.calls().size(), "nothing is left running");
            late.countDown();
            assertEquals(3, scorer.score(request(3)).size());
        }
    }

    @Test
    void anInterruptEndsAllParts() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            asked.countDown();
            try {
                late.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return numbers(request);
        }); RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server), THREE)) {
            List<Object> end = Collections.synchronizedList(new ArrayList<>());
            Thread caller = Thread.ofVirtual().start(() -> {
                end.add(assertThrows(RerankException.class, () -> scorer.score(request(6))).kind());
                end.add(Thread.currentThread().isInterrupted());
            });
            asked.await();
            caller.interrupt();
            caller.join();
            assertEquals(List.of(Kind.UNAVAILABLE, true), end);
            assertEquals(2, heard.calls().size());
            late.countDown();
        }
    }

    @Test
    void textsAreCutWhereTheCallerWantsAndTheServiceIsToldOfIt() throws Exception {
        String text = "one two three four five six seven eight nine ten";
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers)) {
            for (Side side : List.of(Side.START, Side.END)) {
                try (RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server))) {
                    ScoreRequest request = new ScoreRequest("which", List.of("1 " + text + " 2", "7"), 12, side,
                            Deadline.none());
                    Scores scores = scorer.score(request);
                    assertEquals(BitSet.valueOf(new long[]{1}), scores.cut());
                    assertArrayEquals(new int[]{12, 7}, scores.tokens());
                    assertEquals(side == Side.END ? 1 : 2, scores.logits()[0]);
                }
            }
            JsonNode asked = WordServer.json(server.received().getLast().body());
            assertEquals("1 one two three four", asked.get("documents").get(0).textValue().strip());
            assertEquals(12, asked.get("max_tokens_per_doc").intValue());
        }
    }

    /** The estimate is too high by up to a half, and what the model can read is not to be lost. */
    @ParameterizedTest
    @CsvSource({"END, COHERE, 144", "START, COHERE, 94", "END, TEI, 144", "START, TEI, 144"})
    void whatTheServiceCutsByItselfIsLeftToIt(Side side, RerankApi api, int sent) throws Exception {
        try (ScriptedServer server = WordServer.start();
                RemoteScorer scorer = RemoteScorer.of(api, "m", options(server), new RerankLimits(32, 100,
                        RerankLimits.NONE))) {
            Scores scores = scorer.score(new ScoreRequest("which", List.of("word ".repeat(1000)), Integer.MAX_VALUE,
                    side, Deadline.none()));
            JsonNode asked = WordServer.json(server.received().getFirst().body());
            String text = asked.get(api == RerankApi.TEI ? "texts" : "documents").get(0).textValue();
            assertEquals(sent, text.strip().split(" ").length, 1);
            assertTrue(scores.cut().get(0));
            assertTrue(scores.tokens()[0] <= 100, () -> "tokens " + scores.tokens()[0]);
            if (api == RerankApi.TEI) {
                assertEquals(side == Side.END ? "right" : "left", asked.get("truncation_direction").textValue());
            }
        }
    }

    @Test
    void aQueryThatLeavesNoRoomIsRefusedHere() throws Exception {
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers);
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server))) {
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(new ScoreRequest("storks "
                    .repeat(20), List.of("1"), 30, Side.END, Deadline.none())));
            assertEquals("query has about 44 tokens, where cohere/m is to read at most 30 of query and text together: "
                    + "shorten it", e.getMessage());
            assertEquals(Kind.INVALID_REQUEST, e.kind());
            assertEquals(0, server.received().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "' '", "'\t\n'"})
    void aBlankQueryIsNotSent(String query) throws Exception {
        try (ScriptedServer server = ScriptedServer.by(RemoteScorerTest::numbers);
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server))) {
            assertArrayEquals(new float[2], scorer.score(ScoreRequest.of(query, List.of("1", "2"))).logits());
            assertEquals(0, server.received().size());
            assertEquals(List.of(), heard.calls());
        }
    }

    @Test
    void aBlankTextIsNotSentAsSuch() throws Exception {
        try (ScriptedServer server = WordServer.start();
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server))) {
            assertEquals(3, scorer.score(ScoreRequest.of("which", List.of("", "this", "\n"))).size());
            assertEquals(List.of(".", "this", "."), texts(server.received().getFirst()));
        }
    }

    @Test
    void itsNameTellsTheModelOrTheServerApart() {
        RemoteOptions options = RemoteOptions.at(URI.create("http://gpu.example:8080/some/path"));
        assertEquals("tei/gpu.example:8080", RemoteScorer.of(RerankApi.TEI, "", options).name());
        assertEquals("tei/bge", RemoteScorer.of(RerankApi.TEI, "bge", options).name());
        assertEquals("cohere/rerank-v3.5", RemoteScorer.of(RerankApi.COHERE, "", options).name());
        assertEquals("cohere/rerank-v3.5", RemoteScorer.of(RerankApi.COHERE).name());
    }

    @Test
    void aPathInTheAddressIsKept() throws Exception {
        try (ScriptedServer server = WordServer.start();
                RemoteScorer scorer = RemoteScorer.of(RerankApi.JINA, "m", RemoteOptions.at(
                        URI.create(server.address() + "/gateway/jina/")))) {
            assertThrows(RerankException.class, () -> scorer.score(request(1)));
            assertEquals("/gateway/jina/v1/rerank", server.received().getFirst().path());
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            401, cohere does not accept the key, 'by custom in COHERE_API_KEY'
            404, cohere has nothing there, 'check its address and the model''s name, m'
            """)
    void refusalsSayWhatToDo(int status, String what, String todo) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(status, "{\"message\": \"k3y\"}"));
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", options(server).withKey(
                        ApiKey.of("k3y")))) {
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(request(1)));
            assertTrue(e.getMessage().startsWith(what) && e.getMessage().endsWith(todo), e.getMessage());
            assertFalse(e.toString().contains("k3y"));
        }
    }

    @Test
    void withoutAKeyOneIsAskedFor() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(401, ""));
                RemoteScorer scorer = RemoteScorer.of(RerankApi.VOYAGE, "m", options(server))) {
            assertEquals("voyage does not accept the key, or wants one (status 401): put the key into VOYAGE_API_KEY",
                    assertThrows(RerankException.class, () -> scorer.score(request(1))).getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, texts", "1, 0, 1, pair tokens", "1, 1, 0, call tokens"})
    void limitsAreAtLeastOne(int texts, int pair, int call, String name) {
        assertEquals(name + " must be >= 1, got 0", assertThrows(IllegalArgumentException.class,
                () -> new RerankLimits(texts, pair, call)).getMessage());
    }
}
