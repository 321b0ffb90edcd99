package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.onnx.OnnxScorer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which texts are cut into pieces, and what becomes of the pieces. */
class LongTextTest {

    private static final String QUERY = "how many days of annual leave";
    private static final String ANSWER = "Annual leave is 27 days.";
    private static final int PIECE = 400;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<Integer> CUT = Collections.synchronizedList(new ArrayList<>());

    private static OnnxScorer scorer;
    private static RerankServer server;

    @BeforeAll
    static void start() {
        scorer = OnnxScorer.builtIn();
        ServedModel model = new ServedModel("model", scorer, scorer.maxLength(), LongTextTest::cut,
                ServedModel.Load.UNKNOWN);
        server = RerankServer.start(ServerOptions.defaults().withPort(0),
                CompletableFuture.completedFuture(new Catalogue(List.of(model), Optional.empty(), List.of())),
                List.of(),
                AccessLog.NONE);
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        server.close();
        scorer.close();
    }

    @BeforeEach
    void forget() {
        CUT.clear();
    }

    /** Pieces of equal length, one after another. */
    private static List<Passage> cut(Passage whole) {
        CUT.add(whole.text().length());
        List<Passage> pieces = new ArrayList<>();
        for (int from = 0; from < whole.text().length(); from += PIECE) {
            int to = Math.min(whole.text().length(), from + PIECE);
            pieces.add(new Passage("text#" + from, "text", "", whole.text().substring(from, to),
                    new Location("", List.of(), OptionalInt.empty(), from, to), Map.of()));
        }
        return pieces;
    }

    private static JsonNode rerank(String path, Map<String, ?> body) throws Exception {
        HttpResponse<String> response = CLIENT.send(HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return JSON.readTree(response.body());
    }

    @Test
    void aTextThatTheModelReadsWholeIsNotCut() throws Exception {
        String text = "This sentence says nothing of interest. ".repeat(30) + ANSWER;

        JsonNode hit = rerank("/api/rerank", Map.of("query", QUERY, "documents", List.of(text))).at("/hits/0");

        assertEquals(List.of(), CUT);
        assertFalse(hit.get("cut").booleanValue());
        assertEquals(0, hit.at("/passage/start").intValue());
        assertEquals(text.length(), hit.at("/passage/end").intValue());
    }

    @Test
    void aTextOfManyCharactersIsCutBeforeItIsRead() throws Exception {
        String text = "This sentence says nothing of interest. ".repeat(100) + ANSWER;

        JsonNode answer = rerank("/api/rerank", Map.of("query", QUERY, "documents", List.of("A desk.", text)));

        assertEquals(List.of(text.length()), CUT);
        assertEquals(1, answer.at("/hits/0/index").intValue(), "the answer is at its end");
        assertEquals(text.length(), answer.at("/hits/0/passage/end").intValue());
    }

    @Test
    void aTextOfMoreTokensThanItLooksLikeIsCutAfterwards() throws Exception {
        String text = "7 ".repeat(700) + ANSWER;

        JsonNode answer = rerank("/api/rerank", Map.of("query", QUERY, "documents", List.of("A desk.", text, "Pay.")));

        assertEquals(List.of(text.length()), CUT);
        assertEquals(3, answer.get("hits").size());
        JsonNode first = answer.at("/hits/0");
        assertEquals(1, first.get("index").intValue(), "the answer is at its end");
        assertEquals(text.length(), first.at("/passage/end").intValue());
        assertFalse(first.get("cut").booleanValue());
        String piece = text.substring(first.at("/passage/start").intValue());
        JsonNode alone = rerank("/api/rerank", Map.of("query", QUERY, "documents", List.of(piece)));
        assertEquals(alone.at("/hits/0/score").floatValue(), first.get("score").floatValue());
    }

    @Test
    void whereNoPiecesAreWantedTheTextLosesItsEnd() throws Exception {
        String text = "7 ".repeat(700) + ANSWER;

        JsonNode answer = rerank("/v1/rerank",
                Map.of("query", QUERY, "documents", List.of(text), "max_chunks_per_doc", 1));

        assertEquals(List.of(), CUT);
        assertTrue(answer.at("/meta/warnings/0").textValue().contains("were cut"), answer.toString());
        assertEquals(scorer.maxLength(), answer.at("/usage/total_tokens").intValue());
    }
}
