package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api/rerank}: all that the model says, and of what. */
class NativeRerankTest {

    private static final String FILLER = "The canteen serves soup and salad, and the menu changes with the season. "
            .repeat(40);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer answer(ObjectNode body) {
        return server.post(Dialect.API_RERANK, body.toString());
    }

    private static JsonNode documents(String documents, String more) {
        return server.post(Dialect.API_RERANK, "{\"query\": \"" + Dialect.QUERY + "\", \"documents\": " + documents
                + more + "}").ok();
    }

    @Test
    void scoresAreTheModels() {
        JsonNode answer = answer(Dialect.API_RERANK.request()).ok();
        float[] logits = BuiltIn.SCORER.score(ScoreRequest.of(Dialect.QUERY, Dialect.TEXTS)).logits();
        for (JsonNode hit : answer.get("hits")) {
            int index = hit.get("index").intValue();
            assertEquals(logits[index], hit.get("score").floatValue(), 1e-3);
            assertEquals(Dialect.TEXTS.get(index), hit.get("text").textValue());
            assertEquals(String.valueOf(index), hit.get("id").textValue());
            assertEquals(0, hit.get("passage").get("start").intValue());
            assertEquals(Dialect.TEXTS.get(index).length(), hit.get("passage").get("end").intValue());
            assertFalse(hit.get("cut").booleanValue());
            assertFalse(hit.has("evidence"));
        }
        assertEquals(answer.get("hits").findValues("tokens").stream().mapToInt(JsonNode::intValue).sum(),
                answer.get("usage").get("tokens").intValue());
        assertEquals("completed", answer.get("stages").get(0).get("outcome").textValue());
    }

    @Test
    void idsAndTitlesComeBack() {
        JsonNode hits = documents("[{\"id\": \"x\", \"title\": \"Leave\", \"text\": \"25 days\"}, \"soup\", "
                + "{\"text\": \"salad\", \"metadata\": {\"a\": 1}}]", "").get("hits");
        assertEquals("x", hits.get(0).get("id").textValue());
        assertEquals("Leave", hits.get(0).get("title").textValue());
        assertEquals("25 days", hits.get(0).get("text").textValue());
        assertEquals(7, hits.get(0).get("passage").get("end").intValue());
        assertEquals("", hits.get(1).get("title").textValue());
    }

    @Test
    void theTitleIsRead() {
        JsonNode with = documents("[{\"title\": \"Days of paid leave\", \"text\": \"25\"}]", "");
        JsonNode without = documents("[{\"text\": \"25\"}]", "");
        assertTrue(with.get("hits").get(0).get("score").doubleValue() > without.get("hits").get(0).get("score")
                .doubleValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "The handbook", "\uD83D\uDE00 emoji"})
    void thePassageIsThePieceThatWon(String title) {
        String text = FILLER + "\uD83D\uDE00 " + FILLER + Dialect.TEXTS.get(1) + " " + FILLER;
        ObjectNode body = Dialect.API_RERANK.request(Dialect.QUERY, List.of());
        body.putArray("documents").addObject().put("title", title).put("text", text);
        JsonNode hit = answer(body).ok().get("hits").get(0);
        int start = hit.get("passage").get("start").intValue();
        int end = hit.get("passage").get("end").intValue();
        String piece = text.substring(start, end);
        assertTrue(piece.contains(Dialect.TEXTS.get(1)), piece);
        assertTrue(piece.length() < text.length() / 2, () -> "of " + text.length() + ": " + piece.length());
        assertEquals(BuiltIn.SCORER.score(ScoreRequest.of(Dialect.QUERY, List.of(piece))).logits()[0],
                hit.get("score").floatValue(), 0.05);
        assertFalse(hit.get("cut").booleanValue());
    }

    @Test
    void whatIsBehindTheDepthFollowsUnread() {
        JsonNode answer = answer(Dialect.API_RERANK.request().put("depth", 1).put("explain", true)).ok();
        assertEquals(List.of(0, 1, 2), Dialect.API_RERANK.order(answer));
        JsonNode hits = answer.get("hits");
        assertFalse(hits.get(0).get("score").isNull());
        for (int i = 1; i < 3; i++) {
            assertTrue(hits.get(i).get("score").isNull() && hits.get(i).get("probability").isNull());
            assertEquals(i + 1, hits.get(i).get("rank").intValue());
            assertEquals(1, hits.get(i).get("evidence").size());
        }
        assertEquals(1, answer.get("stages").get(0).get("candidates").intValue());
        assertEquals(2, answer(Dialect.API_RERANK.request().put("depth", 1).put("limit", 2)).ok().get("hits").size());
    }

    @Test
    void anExplainedHitSaysWhereItStoodAndWhereItStands() {
        JsonNode hit = answer(Dialect.API_RERANK.request().put("explain", true)).ok().get("hits").get(0);
        assertEquals("input", hit.get("evidence").get(0).get("stage").textValue());
        assertEquals(2, hit.get("evidence").get(0).get("rank").intValue());
        assertEquals("rerank", hit.get("evidence").get(1).get("stage").textValue());
        assertEquals(1, hit.get("evidence").get(1).get("rank").intValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"limit\": 0", "\"depth\": 0", "\"depth\": -1", "\"timeout_ms\": 0", "\"timeout_ms\": -1",
            "\"limit\": 1.5", "\"documents\": [1]", "\"documents\": [{\"title\": \"a\"}]", "\"documents\": [null]",
            "\"documents\": [{\"text\": \"a\", \"x\": 1}]", "\"documents\": [{\"text\": \"a\", \"metadata\": 1}]",
            "\"documents\": [{\"text\": \"a\", \"id\": 1}]", "\"documents\": \"a\"", "\"documents\": null"})
    void whatIsOutOfRangeIsRefused(String more) {
        String body = Dialect.API_RERANK.request().toString();
        Dialect.API_RERANK.requireError(400, server.post(Dialect.API_RERANK,
                body.substring(0, body.length() - 1) + ", " + more + "}"));
    }

    @Test
    void whoIsLateIsAnsweredInTheOrderThatWasGiven() {
        ObjectNode body = Dialect.API_RERANK.request(Dialect.QUERY, java.util.Collections.nCopies(2000, "soup"));
        JsonNode answer = answer(body.put("timeout_ms", 1).put("limit", 3)).ok();
        assertTrue(answer.get("degraded").booleanValue());
        assertEquals(List.of(0, 1, 2), Dialect.API_RERANK.order(answer));
        assertEquals("failed", answer.get("stages").get(0).get("outcome").textValue());
        assertFalse(answer.get("stages").get(0).get("reason").textValue().isEmpty());
    }
}
