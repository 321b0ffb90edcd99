package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

/**
 * Each dialect against an exchange in the shape that its vendor's page shows. The texts and numbers in the files are
 * our own.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(RerankApi.class)
class DialectsTest {

    private static final ScoreRequest STORKS = ScoreRequest.of("where do storks nest", List.of("on roofs", "in spring",
            "on chimneys"));

    @Parameter
    private RerankApi api;

    private final Heard heard = new Heard();

    private JsonNode exchange() throws IOException {
        try (InputStream in = DialectsTest.class.getResourceAsStream(api.id() + ".json")) {
            return HttpService.JSON.readTree(in);
        }
    }

    private RemoteScorer scorer(ScriptedServer server) {
        return RemoteScorer.of(api, "m", RemoteOptions.at(server.address()).withKey(ApiKey.of("k3y"))
                .withPatience(java.time.Duration.ofSeconds(30), 0).withListener(heard));
    }

    @Test
    void asksAndReadsAsDocumented() throws Exception {
        JsonNode exchange = exchange();
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(exchange.get("answer") + ""));
                RemoteScorer scorer = scorer(server)) {
            Scores scores = scorer.score(STORKS);
            float[] expected = HttpService.JSON.convertValue(exchange.get("scores"), float[].class);
            assertArrayEquals(expected, scores.logits());
            assertEquals(0, scores.probabilities().length);
            Received asked = server.received().getFirst();
            assertEquals("POST", asked.method());
            assertEquals(exchange.get("path").textValue(), asked.path());
            assertEquals(exchange.get("request"), HttpService.JSON.readTree(asked.body()));
            exchange.get("headers").properties().forEach(header -> assertEquals(header.getValue().textValue(),
                    asked.headers().get(header.getKey())));
        }
        RemoteCall call = heard.call();
        Usage usage = new Usage(exchange.has("tokens")
                ? OptionalLong.of(exchange.get("tokens").asLong())
                : OptionalLong.empty(), OptionalLong.empty(),
                exchange.has("billed")
                        ? OptionalDouble.of(exchange.get("billed").asDouble())
                        : OptionalDouble.empty());
        assertEquals(new RemoteCall(api.id(), "m", 1, call.time(), usage, Optional.empty()), call);
    }

    @Test
    void withoutAKeyNoneIsSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(exchange().get("answer") + ""));
                RemoteScorer scorer = RemoteScorer.of(api, "m", RemoteOptions.at(server.address()))) {
            scorer.score(STORKS);
            assertFalse(server.received().getFirst().headers().containsKey("authorization"));
            assertFalse(server.received().getFirst().headers().containsKey("api-key"));
        }
    }

    @Test
    void anAnswerWithoutUsageIsAnAnswer() throws Exception {
        JsonNode answer = exchange().get("answer");
        if (answer instanceof ObjectNode object) {
            object.remove(List.of("usage", "meta"));
        }
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(answer + ""));
                RemoteScorer scorer = scorer(server)) {
            assertEquals(3, scorer.score(STORKS).size());
        }
        assertEquals(Usage.UNKNOWN, heard.call().usage());
    }

    private static ArrayNode list(JsonNode answer) {
        for (String name : List.of("results", "data", "rankings")) {
            if (answer.has(name)) {
                return (ArrayNode) answer.get(name);
            }
        }
        return (ArrayNode) answer;
    }

    private String score() {
        return api.dialect().score();
    }

    private void isWrong(Consumer<ArrayNode> change, String said) throws Exception {
        JsonNode answer = exchange().get("answer");
        change.accept(list(answer));
        isWrong(answer + "", said);
    }

    private void isWrong(String answer, String said) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(Answer.json(answer));
                RemoteScorer scorer = scorer(server)) {
            RerankException e = assertThrows(RerankException.class, () -> scorer.score(STORKS));
            assertEquals(Kind.MODEL, e.kind());
            assertTrue(e.getMessage().startsWith(api.id() + " answered with") && e.getMessage().contains(said),
                    e.getMessage());
            assertFalse(e.getMessage().contains("leak"), e.getMessage());
            assertEquals(Optional.of(Kind.MODEL), heard.call().failure());
            assertEquals(1, server.received().size());
        }
    }

    @Test
    void aMissingScoreIsWrong() throws Exception {
        isWrong(list -> list.remove(1), "2 scores for 3 texts");
    }

    @Test
    void oneTooManyIsWrong() throws Exception {
        isWrong(list -> list.addObject().put("index", 3).put(score(), 0.5), "4 scores for 3 texts");
    }

    @Test
    void twoOfOneTextAreWrong() throws Exception {
        isWrong(list -> ((ObjectNode) list.get(1)).put("index", 2), "two scores of text 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void anIndexOutsideIsWrong(int index) throws Exception {
        isWrong(list -> ((ObjectNode) list.get(1)).put("index", index), "a score of text " + index);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "null", "0.5", "1.0", "4294967296", "true", "[0]", "{}"})
    void anIndexThatIsNoWholeNumberIsWrong(String index) throws Exception {
        isWrong(list -> ((ObjectNode) list.get(1)).set("index", WordServer.json(index)), "does not say of which text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0.5\"", "\"NaN\"", "null", "1e999", "1e39", "-1e39", "true", "[0.5]", "{}"})
    void aScoreThatIsNoFiniteNumberIsWrong(String value) throws Exception {
        isWrong(list -> ((ObjectNode) list.get(1)).set(score(), WordServer.json(value)), "no finite number");
    }

    @Test
    void anItemThatIsNoObjectIsWrong() throws Exception {
        isWrong(list -> list.set(1, "leak"), "does not say of which text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\": \"leak\"}", "null", "7", "\"leak\"", "{\"results\": {\"leak\": 1}}", ""})
    void anAnswerWithoutAListIsWrong(String answer) throws Exception {
        isWrong(answer, "out a list of scores");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void whatJsonHasNoNumberForIsWrong(String value) throws Exception {
        isWrong((exchange().get("answer") + "").replaceFirst("(\"" + score() + "\":)[-0-9.]+", "$1" + value),
                "something that is not JSON");
    }

    @Test
    void aPageIsWrong() throws Exception {
        isWrong("<html>leak</html>", "a page that is not JSON");
    }
}
