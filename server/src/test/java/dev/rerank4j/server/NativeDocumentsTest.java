package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.WordEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api/documents}: what was answered is there. */
class NativeDocumentsTest {

    private TestServer server;
    private PlainIndex index;

    @BeforeEach
    void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder, new WordEncoder(64));
        server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index)), List.of());
    }

    @AfterEach
    void stop() {
        server.close();
        index.close();
    }

    private Answer add(String documents) {
        return server.post("/api/documents", "{\"documents\": [" + documents + "]}");
    }

    private JsonNode search(String query) {
        return server.post("/api/search", "{\"query\": \"" + query + "\", \"retriever\": \"bm25\", \"rerank\": false}")
                .ok().get("hits");
    }

    @Test
    void whatWasAddedIsFoundAtOnce() {
        JsonNode answer = add("{\"id\": \"a\", \"text\": \"holiday\"}, {\"id\": \"b\", \"text\": \"soup\"}").ok();
        assertEquals(Answer.parse("{\"index\": \"default\", \"documents\": 2, \"passages\": 2}"), answer);
        assertEquals("a", search("holiday").get(0).get("document").textValue());
    }

    @Test
    void aDocumentThatIsThereIsReplaced() {
        add("{\"id\": \"a\", \"text\": \"holiday\"}").ok();
        add("{\"id\": \"a\", \"text\": \"soup\"}").ok();
        assertEquals(0, search("holiday").size());
        assertEquals(1, search("soup").size());
        assertEquals(1, index.documents());
    }

    @Test
    void ofAnIdGivenTwiceTheLastCounts() {
        JsonNode answer = add("{\"id\": \"a\", \"text\": \"holiday\"}, {\"id\": \"b\", \"text\": \"x\"}, "
                + "{\"id\": \"a\", \"text\": \"soup\"}").ok();
        assertEquals(2, answer.get("documents").intValue());
        assertEquals(0, search("holiday").size());
        assertEquals(1, search("soup").size());
    }

    @Test
    void anEmptyTextIsADocument() {
        add("{\"id\": \"a\", \"text\": \"\"}, {\"id\": \"b\", \"title\": \"holiday\", \"text\": \"\"}").ok();
        assertEquals(2, index.documents());
        assertEquals("b", search("holiday").get(0).get("document").textValue());
    }

    @Test
    void metadataOfEveryKindIsKept() {
        String metadata = "{\"text\": \"a\", \"number\": 1.5, \"whole\": 7, \"flag\": true, \"none\": null, "
                + "\"many\": [\"a\", 1, false], \"empty\": [], \"moment\": {\"moment\": \"2026-01-31T00:00:00Z\"}}";
        add("{\"id\": \"a\", \"text\": \"holiday\", \"metadata\": " + metadata + "}").ok();
        JsonNode kept = search("holiday").get(0).get("metadata");
        assertEquals(Answer.parse("{\"text\": \"a\", \"number\": 1.5, \"whole\": 7, \"flag\": true, "
                + "\"many\": [\"a\", 1, false], \"empty\": [], \"moment\": \"2026-01-31T00:00:00Z\"}"), kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "\"a\"", "null", "{}", "{\"id\": \"a\"}", "{\"text\": \"a\"}",
            "{\"id\": \"\", \"text\": \"a\"}", "{\"id\": \" \", \"text\": \"a\"}", "{\"id\": 1, \"text\": \"a\"}",
            "{\"id\": null, \"text\": \"a\"}", "{\"id\": \"a\", \"text\": 1}",
            "{\"id\": \"a\", \"text\": \"b\", \"x\": 1}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": []}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": {\"m\": {}}}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": {\"m\": [[1]]}}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": {\"m\": [null]}}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": {\"m\": 1e999}}",
            "{\"id\": \"a\", \"text\": \"b\", \"metadata\": {\"m\": {\"moment\": 1}}}",
            "{\"id\": \"\\ud800\", \"text\": \"a\"}"})
    void whatIsNoDocumentIsRefusedAndNothingIsAdded(String document) {
        Dialect.API_DOCUMENTS.requireError(400, add(document));
        if (!document.isEmpty()) {
            Dialect.API_DOCUMENTS.requireError(400, add("{\"id\": \"good\", \"text\": \"a\"}, " + document));
        }
        assertEquals(0, index.documents());
    }

    @Test
    void oddDocumentsAreTakenOrRefusedButNeverAFault() {
        String longId = "i".repeat(100_000);
        for (String document : List.of("{\"id\": \"" + longId + "\", \"text\": \"a\"}",
                "{\"id\": \"a\", \"text\": \"" + "x".repeat(1_000_000) + "\"}",
                "{\"id\": \"b\", \"title\": \"" + "t ".repeat(100_000) + "\", \"text\": \"a\"}",
                "{\"id\": \"c\", \"text\": \"\\ud800\\u0000\\uffff\"}",
                "{\"id\": \"d\", \"text\": \"a\", \"metadata\": {\"\": 1}}",
                "{\"id\": \"e\", \"text\": \"a\", \"metadata\": {\" \": 1}}",
                "{\"id\": \"f\", \"text\": \"a\", \"metadata\": {\"" + longId + "\": 1}}",
                "{\"id\": \"g\", \"text\": \"a\", \"metadata\": {\"m\": \"" + longId + "\"}}",
                "{\"id\": \"h\", \"text\": \"a\", \"metadata\": {\"\\ud800\": \"\\ud800\"}}",
                "{\"id\": \"../../x\\u0000\\n\", \"text\": \"a\"}")) {
            Answer answer = add(document);
            if (answer.status() != 200) {
                Dialect.API_DOCUMENTS.requireError(400, answer);
                assertTrue(answer.text().length() < 1000, answer::text);
            }
        }
        add("{\"id\": \"last\", \"text\": \"holiday\"}").ok();
        assertEquals(1, search("holiday").size());
    }

    @Test
    void tenThousandAtOnceAreTakenAndNotMore() {
        String documents = IntStream.range(0, 10_000).mapToObj(i -> "{\"id\": \"" + i + "\", \"text\": \"t\"}")
                .collect(Collectors.joining(","));
        assertEquals(10_000, add(documents).ok().get("documents").intValue());
        assertEquals(10_000, index.documents());
        Dialect.API_DOCUMENTS.requireError(400, add(documents + ", {\"id\": \"one more\", \"text\": \"t\"}"));
        assertEquals(10_000, index.documents());
    }

    @Test
    void whatIsDeletedIsGoneAndWhatIsNotThereDoesNoHarm() {
        add("{\"id\": \"a b/c\", \"text\": \"holiday\"}, {\"id\": \"d\", \"text\": \"holiday\"}").ok();
        assertEquals(Answer.parse("{\"index\": \"default\", \"documents\": 2}"),
                server.delete("/api/documents?id=a%20b%2Fc&id=nothing").ok());
        assertEquals(List.of("d"), search("holiday").findValuesAsText("document"));
        server.delete("/api/documents?id=nothing&index=default").ok();
        assertEquals(1, index.documents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?id=", "?id=%20", "?id", "?ids=a", "?id=a&id="})
    void toDeleteNothingInParticularIsRefused(String query) {
        add("{\"id\": \"a\", \"text\": \"holiday\"}").ok();
        Dialect.API_DOCUMENTS.requireError(400, server.delete("/api/documents" + query));
        assertEquals(1, index.documents());
    }

    @Test
    void anIndexThatIsNotThereIsNotFound() {
        Dialect.API_DOCUMENTS.requireError(404,
                server.post("/api/documents", "{\"index\": \"x\", \"documents\": [{\"id\": \"a\", \"text\": \"b\"}]}"));
        Dialect.API_DOCUMENTS.requireError(404, server.delete("/api/documents?id=a&index=x"));
    }

    @Test
    void manyAtTheSameTimeAllCount() throws Exception {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int n = i;
            answers.add(CompletableFuture.supplyAsync(() -> add("{\"id\": \"a" + n + "\", \"text\": \"holiday\"}, "
                    + "{\"id\": \"same\", \"text\": \"number " + n + "\"}")));
        }
        for (CompletableFuture<Answer> answer : answers) {
            answer.get().ok();
        }
        assertEquals(21, index.documents());
        assertEquals(1, search("number").size());
    }

    @Test
    void theListOfIndexesCountsThem() {
        add("{\"id\": \"a\", \"text\": \"holiday\"}").ok();
        JsonNode answer = server.get("/api/indexes").ok();
        assertEquals(Answer.parse("[{\"name\": \"default\", \"documents\": 1, \"passages\": 1, \"language\": \"en\", "
                + "\"writable\": true}]"), answer.get("indexes"));
        assertEquals(Answer.parse("[{\"name\": \"rerank4j-minilm-l6-v1\", \"kind\": \"cross-encoder\", "
                + "\"max_tokens\": 512}, {\"name\": \"bge-small-en-v1.5-q\", \"kind\": \"encoder\", "
                + "\"max_tokens\": 512, \"dimension\": 384}]"), answer.get("models"));
    }
}
