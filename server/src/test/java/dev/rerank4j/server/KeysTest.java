package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in, and what they may do. */
class KeysTest {

    private static final String WRITER = "writer-secret-0123456789";
    private static final String SHOES = "shoes-secret-0123456789";
    private static final String FEW = "few-secret-0123456789";

    private static TestServer server;
    private static PlainIndex index;

    @BeforeAll
    static void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder, BuiltIn.ENCODER);
        List<ApiKey> keys = List.of(ApiKey.of("writer", WRITER, true), new ApiKey("shoes", ApiKey.hash(SHOES),
                new Filter.Equal("category", Value.of("shoes")), false, Integer.MAX_VALUE, Integer.MAX_VALUE),
                new ApiKey("few", ApiKey.hash(FEW), Filter.NONE, false, 2, Integer.MAX_VALUE));
        server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index)), keys);
        server.post("/api/documents", "{\"documents\": ["
                + "{\"id\": \"s\", \"text\": \"a red boot\", \"metadata\": {\"category\": \"shoes\"}},"
                + "{\"id\": \"h\", \"text\": \"a red hat\", \"metadata\": {\"category\": \"hats\"}},"
                + "{\"id\": \"n\", \"text\": \"a red thing\"}]}", "Authorization", "Bearer " + WRITER).ok();
    }

    @AfterAll
    static void stop() {
        server.close();
        index.close();
    }

    private static Answer as(String secret, Dialect dialect, String body) {
        return server.post(dialect, body, "Authorization", "Bearer " + secret);
    }

    @ParameterizedTest
    @CsvSource({"Authorization, Bearer @", "Authorization, bearer @", "Authorization, 'BEARER   @'",
            "Authorization, @", "Api-Key, @", "api-key, @", "X-Api-Key, @", "x-api-key, ' @ '", "Api-Key, Bearer @"})
    void allWaysToSendAKeyLetIn(String name, String value) {
        server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString(), name, value.replace("@", WRITER)).ok();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAKeyNobodyComesInAndIsToldSoInTheDialectsWords(Dialect dialect) {
        for (String[] headers : List.of(new String[0], new String[]{"Authorization", "Bearer wrong"})) {
            Answer answer = server.post(dialect, dialect.request().toString(), headers);
            assertEquals(401, answer.status(), answer::text);
            assertEquals("Bearer", answer.header("www-authenticate").orElseThrow());
            if (dialect.path().equals("/rerank") && dialect != Dialect.PINECONE) {
                Dialect.requireUnread(answer);
            } else {
                dialect.requireError(answer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic d3JpdGVyOng=", "Bearer writer-secret-012345678",
            "Bearer writer-secret-01234567890", "Bearer WRITER-SECRET-0123456789", "Bearer Bearer",
            "Token writer-secret-0123456789", "Bearer writer-secret-0123456789, x", "writer", "null", "*"})
    void whatIsNotExactlyAKeyIsRefused(String value) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.post("/v2/rerank", "{}", "Authorization", value);
            Dialect.COHERE_V2.requireError(401, wire.answer());
        }
    }

    @Test
    void keysThatAreLongOrOfOtherCharactersAreRefused() throws IOException {
        try (Wire wire = new Wire(server)) {
            Dialect.COHERE_V2.requireError(401,
                    wire.post("/v2/rerank", "{}", "Authorization", "Bearer " + "a".repeat(10_000)).answer());
        }
        try (Wire wire = new Wire(server)) {
            Answer answer = wire.send(Wire.head("POST", "/v2/rerank") + "Api-Key: writer-secr\u00ebt\r\n"
                    + "Content-Length: 2\r\n\r\n{}").answer();
            assertTrue(answer.status() == 401 || answer.status() == 400, answer::text);
        }
    }

    @Test
    void theKeyInTheHeaderThatIsThereFirstCounts() {
        Answer answer = server.post(Dialect.COHERE_V2, "{}", "Authorization", "Bearer wrong", "Api-Key", WRITER);
        Dialect.COHERE_V2.requireError(401, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/live", "/health/ready", "/openapi.json", "/page/main.js"})
    void pageAndHealthAreOpen(String path) {
        assertEquals(200, server.get(path).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/info", "/v1/models", "/v1/models/a", "/api/indexes"})
    void whatTellsMoreIsNot(String path) {
        assertEquals(401, server.get(path).status());
        assertTrue(server.get(path, "Api-Key", FEW).status() != 401);
    }

    @Test
    void aKeysFilterIsAddedToEverySearch() {
        assertEquals(List.of("s"), documents("{\"query\": \"red\"}"));
        assertEquals(3, server.post("/api/search", "{\"query\": \"red\"}", "Api-Key", WRITER).ok().get("hits").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"category=hats\"", "{\"or\": [\"category=hats\", \"category=shoes\"]}",
            "{\"not\": \"category=shoes\"}", "{\"or\": []}", "[]", "{\"not\": {\"and\": [\"category=shoes\"]}}",
            "{\"or\": [{\"and\": []}]}", "{\"field\": \"category\", \"in\": [\"hats\", \"shoes\"]}", "null"})
    void nothingInARequestWidensIt(String filter) {
        for (String more : List.of("", ", \"retriever\": \"bm25\"", ", \"retriever\": \"vector\"",
                ", \"rerank\": false", ", \"explain\": true", ", \"unit\": \"document\"", ", \"depth\": 50")) {
            JsonNode answer = server.post("/api/search", "{\"query\": \"red\", \"filter\": " + filter + more + "}",
                    "Api-Key", SHOES).ok();
            assertFalse(answer.findValuesAsText("document").contains("h"), answer::toString);
            assertFalse(answer.findValuesAsText("document").contains("n"), answer::toString);
        }
    }

    private static List<String> documents(String body) {
        return server.post("/api/search", body, "Api-Key", SHOES).ok().get("hits").findValuesAsText("document");
    }

    @Test
    void aKeyWithAFilterIsNotToldHowManyDocumentsOthersHave() {
        JsonNode mine = server.get("/api/indexes", "Api-Key", SHOES).ok().get("indexes").get(0);
        assertTrue(mine.get("documents").isNull());
        assertEquals(1, mine.get("passages").intValue());
        assertFalse(mine.get("writable").booleanValue());
        JsonNode all = server.get("/api/indexes", "Api-Key", WRITER).ok().get("indexes").get(0);
        assertEquals(3, all.get("documents").intValue());
        assertTrue(all.get("writable").booleanValue());
    }

    @Test
    void aKeyThatMayOnlyReadChangesNothing() {
        for (String key : List.of(SHOES, FEW)) {
            Dialect.API_DOCUMENTS.requireError(403,
                    as(key, Dialect.API_DOCUMENTS, Dialect.API_DOCUMENTS.request().toString()));
            Dialect.API_DOCUMENTS.requireError(403, server.delete("/api/documents?id=s", "Api-Key", key));
        }
        assertEquals(3, index.documents());
    }

    @ParameterizedTest
    @EnumSource(names = {"API_SEARCH", "API_DOCUMENTS"}, mode = EnumSource.Mode.EXCLUDE)
    void aKeysLimitOfDocumentsCounts(Dialect dialect) {
        Answer answer = as(FEW, dialect, dialect.request().toString());
        dialect.requireError(dialect == Dialect.TEI ? 413 : 400, answer);
        assertTrue(answer.text().contains("at most 2"), answer::text);
        as(FEW, dialect, dialect.request(Dialect.QUERY, Dialect.TEXTS.subList(0, 2)).toString()).ok();
    }

    @Test
    void aSearchIsAsDeepAsTheKeyAllows() {
        ObjectNode body = Dialect.API_SEARCH.request();
        as(FEW, Dialect.API_SEARCH, body.deepCopy().put("limit", 1).toString()).ok();
        as(FEW, Dialect.API_SEARCH, body.deepCopy().put("limit", 2).toString()).ok();
        as(FEW, Dialect.API_SEARCH, body.toString()).ok();
        Dialect.API_SEARCH.requireError(400, as(FEW, Dialect.API_SEARCH, body.deepCopy().put("depth", 3).toString()));
        Dialect.API_SEARCH.requireError(400, as(FEW, Dialect.API_SEARCH, body.deepCopy().put("limit", 3).toString()));
    }

    @Test
    void keysThatCannotBeAreRefused() {
        byte[] hash = ApiKey.hash("a");
        Filter filter = new Filter.Equal("a", Value.of("b"));
        assertThrows(IllegalArgumentException.class, () -> new ApiKey("a", hash, filter, true, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ApiKey(" ", hash, filter, false, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ApiKey("a", new byte[31], filter, false, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ApiKey("a", hash, filter, false, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ApiKey("a", hash, filter, false, 1, 0));
        ApiKey key = ApiKey.of("a", "secret", false);
        key.sha256()[0]++;
        assertTrue(key.matches(ApiKey.hash("secret")));
        assertFalse(key.toString().contains("secret"));
        assertThrows(IllegalArgumentException.class, () -> new Keys(List.of(key, ApiKey.of("a", "b", false))));
    }
}
