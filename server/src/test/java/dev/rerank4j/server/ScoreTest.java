package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.ScoreRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What vLLM's score and NVIDIA's NIM alone have. */
class ScoreTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<Double> scores(String body) {
        return Dialect.SCORE.scores(server.post(Dialect.SCORE, body).ok());
    }

    @ParameterizedTest
    @CsvSource({"text_1, text_2", "data_1, data_2", "queries, documents", "queries, items"})
    void allSpellingsMeanTheSame(String first, String second) {
        List<Double> scores = scores("{\"%s\": \"leave\", \"%s\": [\"holiday\", \"soup\"]}".formatted(first, second));
        assertEquals(scores("{\"text_1\": \"leave\", \"text_2\": [\"holiday\", \"soup\"]}"), scores);
        assertTrue(scores.get(0) > scores.get(1), scores::toString);
    }

    @Test
    void scoresAreInTheOrderOfTheRequest() {
        double[] expected = new double[2];
        expected[0] = BuiltIn.SCORER.score(ScoreRequest.of("leave", List.of("soup"))).probabilities()[0];
        expected[1] = BuiltIn.SCORER.score(ScoreRequest.of("lunch", List.of("soup"))).probabilities()[0];
        List<Double> scores = scores("{\"text_1\": [\"leave\", \"lunch\"], \"text_2\": [\"soup\", \"soup\"]}");
        assertEquals(expected[0], scores.get(0), 1e-3);
        assertEquals(expected[1], scores.get(1), 1e-3);
        assertNotEquals(scores.get(0), scores.get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[\"a\", \"b\"] | [\"a\", \"b\", \"c\"]", "[\"a\", \"b\"] | \"a\"",
            "[] | [\"a\"]", "\"a\" | []", "\"\" | \"a\"", "[\"a\", \"\"] | [\"a\", \"b\"]"})
    void numbersThatDoNotMatchAreRefused(String first, String second) {
        Dialect.SCORE.requireError(400,
                server.post(Dialect.SCORE, "{\"text_1\": " + first + ", \"text_2\": " + second + "}"));
    }

    @Test
    void oneTextAgainstOneIsOneScore() {
        assertEquals(1, scores("{\"text_1\": \"leave\", \"text_2\": \"holiday\"}").size());
        assertEquals(1, scores("{\"text_1\": [\"leave\"], \"text_2\": [\"holiday\"]}").size());
    }

    @Test
    void withoutActivationTheyAreLogits() {
        double logit = scores("{\"text_1\": \"leave\", \"text_2\": \"soup\", \"activation\": false}").getFirst();
        assertEquals(BuiltIn.SCORER.score(ScoreRequest.of("leave", List.of("soup"))).logits()[0], logit, 1e-3);
        assertEquals(logit, scores("{\"text_1\": \"leave\", \"text_2\": \"soup\", \"use_activation\": false}")
                .getFirst());
    }

    @Test
    void nimRefusesWhatIsTooLongUnlessItMayBeTruncated() {
        String text = "soup ".repeat(600);
        String body = Dialect.NIM.request("leave", List.of(text)).toString();
        Dialect.NIM.requireError(400, server.post(Dialect.NIM, body));
        assertEquals(1, Dialect.NIM.order(server.post(Dialect.NIM,
                Dialect.NIM.request("leave", List.of(text)).put("truncate", "END").toString()).ok()).size());
        Dialect.NIM.requireError(400, server.post(Dialect.NIM,
                Dialect.NIM.request("leave", List.of(text)).put("truncate", "START").toString()));
    }

    @Test
    void nimTakesItsOwnShapeOfTexts() {
        assertEquals(List.of(1, 0), Dialect.NIM.order(server.post(Dialect.NIM, "{\"query\": {\"text\": \"leave\"}, "
                + "\"passages\": [{\"text\": \"soup\"}, {\"text\": \"holiday\"}]}").ok()));
    }
}
