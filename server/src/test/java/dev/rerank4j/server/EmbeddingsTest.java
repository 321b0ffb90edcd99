package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's embeddings and models. */
class EmbeddingsTest {

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
        return server.post(Dialect.EMBEDDINGS, body.toString());
    }

    private static float[] vector(JsonNode embedding) {
        float[] vector = new float[embedding.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = embedding.get(i).floatValue();
        }
        return vector;
    }

    @Test
    void numbersAndBase64AreTheEncodersVectors() {
        float[][] expected = BuiltIn.ENCODER.passages(Dialect.TEXTS);
        JsonNode numbers = answer(Dialect.EMBEDDINGS.request()).ok();
        JsonNode base64 = answer(Dialect.EMBEDDINGS.request().put("encoding_format", "base64")).ok();
        for (int i = 0; i < 3; i++) {
            float[] vector = vector(numbers.get("data").get(i).get("embedding"));
            assertArrayEquals(expected[i], vector, 1e-5f);
            float[] decoded = new float[vector.length];
            ByteBuffer.wrap(Base64.getDecoder().decode(base64.get("data").get(i).get("embedding").textValue()))
                    .order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(decoded);
            assertArrayEquals(vector, decoded);
            assertEquals(i, numbers.get("data").get(i).get("index").intValue());
        }
    }

    @Test
    void aQueryIsEncodedAsOne() {
        ObjectNode body = Dialect.EMBEDDINGS.request().put("input", "leave");
        assertArrayEquals(BuiltIn.ENCODER.query("leave"), vector(answer(body.deepCopy().put("input_type", "query"))
                .ok().get("data").get(0).get("embedding")), 1e-5f);
        float[] passage = BuiltIn.ENCODER.passages(List.of("leave"))[0];
        assertArrayEquals(passage, vector(answer(body.deepCopy().put("input_type", "document")).ok().get("data").get(0)
                .get("embedding")), 1e-5f);
        assertArrayEquals(passage, vector(answer(body).ok().get("data").get(0).get("embedding")), 1e-5f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 384})
    void theDimensionThatIsThereCanBeAskedFor(int dimensions) {
        assertEquals(384, answer(Dialect.EMBEDDINGS.request().put("dimensions", dimensions)).ok().get("data").get(0)
                .get("embedding").size());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 256, 385, Integer.MAX_VALUE})
    void anotherDimensionIsRefused(int dimensions) {
        Answer answer = answer(Dialect.EMBEDDINGS.request().put("dimensions", dimensions));
        Dialect.EMBEDDINGS.requireError(400, answer);
        assertTrue(answer.text().contains("384"), answer::text);
    }

    @Test
    void tokensAreCounted() {
        JsonNode usage = answer(Dialect.EMBEDDINGS.request("", List.of("holiday", "holiday ".repeat(2000)))).ok()
                .get("usage");
        assertEquals(usage.get("prompt_tokens"), usage.get("total_tokens"));
        assertTrue(usage.get("total_tokens").intValue() > 512 && usage.get("total_tokens").intValue() <= 2 * 512,
                usage::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"\"", "[\"a\", \"\"]", "[1, 2]", "[[1, 2]]", "{}", "null"})
    void whatIsNoTextIsRefused(String input) {
        Dialect.EMBEDDINGS.requireError(400, server.post(Dialect.EMBEDDINGS, "{\"input\": " + input + "}"));
    }

    @Test
    void modelsAreListedAndFoundById() {
        JsonNode models = server.get("/v1/models").ok();
        assertEquals(List.of("rerank4j-minilm-l6-v1", "bge-small-en-v1.5-q"),
                models.get("data").findValuesAsText("id"));
        for (JsonNode model : models.get("data")) {
            assertEquals(model, server.get("/v1/models/" + model.get("id").textValue()).ok());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "BAAI%2Fbge-reranker", "..", "%00", "%F0%9F%98%80", "a%20b"})
    void aModelThatIsNotThereIsNotFound(String id) {
        Answer answer = server.get("/v1/models/" + id);
        assertTrue(answer.status() == 404 || answer.status() == 400, answer::text);
        assertTrue(answer.json().isObject());
    }

    @Test
    void aModelWhoseNameHasASlashIsFoundByItsEscapedName() {
        Catalogue catalogue = new Catalogue(List.of(new ServedModel("acme/model", BuiltIn.SCORER, 512,
                List::of, ServedModel.Load.UNKNOWN)), java.util.Optional.empty(), List.of());
        try (TestServer other = TestServer.start(TestServer.OPTIONS, catalogue, List.of())) {
            assertEquals("acme/model", other.get("/v1/models/acme%2Fmodel").ok().get("id").textValue());
            Dialect.EMBEDDINGS.requireError(404, other.post(Dialect.EMBEDDINGS, Dialect.EMBEDDINGS.request()
                    .toString()));
        }
    }
}
