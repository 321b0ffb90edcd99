package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Text Embeddings Inference alone has. */
class TeiTest {

    private static final String LONG = "The canteen serves soup and salad. ".repeat(200);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static ObjectNode request() {
        return Dialect.TEI.request();
    }

    private static Answer answer(ObjectNode body) {
        return server.post(Dialect.TEI, body.toString());
    }

    @Test
    void rawScoresAreTheLogitsAndOthersTheProbabilities() {
        JsonNode raw = answer(request().put("raw_scores", true)).ok();
        JsonNode probable = answer(request()).ok();
        Scores scores = BuiltIn.SCORER.score(ScoreRequest.of(Dialect.QUERY, Dialect.TEXTS));
        for (int i = 0; i < 3; i++) {
            int index = raw.get(i).get("index").intValue();
            assertEquals(index, probable.get(i).get("index").intValue());
            assertEquals(scores.logits()[index], raw.get(i).get("score").doubleValue(), 1e-3);
            assertEquals(scores.probabilities()[index], probable.get(i).get("score").doubleValue(), 1e-3);
        }
    }

    @Test
    void textsComeBackIfWantedOnly() {
        assertEquals(Dialect.TEXTS.get(1), answer(request().put("return_text", true)).ok().get(0).get("text")
                .textValue());
        assertTrue(answer(request()).ok().get(0).path("text").isMissingNode());
    }

    @Test
    void whatIsTooLongIsRefusedIfItMustNotBeTruncated() {
        ObjectNode body = Dialect.TEI.request(Dialect.QUERY, List.of(LONG, "short"));
        assertEquals(2, answer(body).ok().size());
        Answer refused = answer(body.put("truncate", false));
        Dialect.TEI.requireError(413, refused);
        assertEquals("Validation", refused.json().get("error_type").textValue());
        assertEquals(3, answer(request().put("truncate", false)).ok().size());
    }

    @Test
    void theEndThatIsCutOffIsTheOneThatWasSaid() {
        ObjectNode atEnd = Dialect.TEI.request(Dialect.QUERY, List.of(LONG + Dialect.TEXTS.get(1)));
        double left = answer(atEnd.deepCopy().put("truncation_direction", "Left")).ok().get(0).get("score")
                .doubleValue();
        double right = answer(atEnd.deepCopy().put("truncation_direction", "Right")).ok().get(0).get("score")
                .doubleValue();
        double unsaid = answer(atEnd).ok().get(0).get("score").doubleValue();
        assertTrue(left > right, left + " > " + right);
        assertEquals(right, unsaid);
        Dialect.TEI.requireError(422, answer(atEnd.put("truncation_direction", "Up")));
    }

    @Test
    void theHeadersSayWhatItCost() {
        Answer answer = answer(Dialect.TEI.request("leave", List.of("holiday", "\uD83D\uDE00")));
        answer.ok();
        assertEquals("cpu", answer.header("x-compute-type").orElseThrow());
        assertEquals(String.valueOf(5 + 7 + 5 + 1), answer.header("x-compute-characters").orElseThrow());
        assertEquals("10", answer.header("x-compute-tokens").orElseThrow());
        for (String name : List.of("x-compute-time", "x-total-time", "x-tokenization-time", "x-queue-time",
                "x-inference-time")) {
            assertTrue(Long.parseLong(answer.header(name).orElseThrow()) >= 0, name);
        }
    }

    @Test
    void anEmptyListIsNamedSo() {
        Answer answer = answer(Dialect.TEI.request("leave", List.of()));
        Dialect.TEI.requireError(400, answer);
        assertEquals("Empty", answer.json().get("error_type").textValue());
    }

    @Test
    void infoNamesTheModelAndItsLimits() {
        JsonNode info = server.get("/info").ok();
        assertEquals("rerank4j-minilm-l6-v1", info.get("model_id").textValue());
        assertEquals(512, info.get("max_input_length").intValue());
        assertEquals(10_000, info.get("max_client_batch_size").intValue());
        assertTrue(info.get("model_type").get("reranker").get("id2label").has("0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/live", "/health/ready"})
    void healthIsAnObject(String path) {
        assertTrue(server.get(path).ok().get("unix").doubleValue() > 1e9);
    }
}
