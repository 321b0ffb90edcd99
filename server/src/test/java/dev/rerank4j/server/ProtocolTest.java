package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as nobody should speak it, and a few ways in which one may. */
class ProtocolTest {

    private static final String BODY = Dialect.COHERE_V2.request().toString();

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void refused(int status, Answer answer) {
        assertEquals(status, answer.status(), answer::text);
        assertEquals("application/json", answer.header("content-type").orElse(""));
        assertTrue(answer.json().get("message").textValue().length() > 5, answer::text);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: -1", "Content-Length: +5", "Content-Length: 0x10", "Content-Length: 5a",
            "Content-Length: 5 5", "Content-Length: ", "Content-Length: 1e3", "Content-Length: \u00b2",
            "Content-Length: 99999999999999999999999",
            "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: ",
            "Content-Length : 5", " Content-Length: 5", "Content-Length: 5\r\n folded: 1", "no colon",
            "Na me: a", "X: a\u0000b", "X: a\rb", "X\u0001: a"})
    void aRequestOfWhichTheEndIsUnclearIsRefusedAndNothingFollowsIt(String header) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(
                    Wire.head("POST", "/v2/rerank") + header + "\r\n\r\n12345GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
            refused(400, wire.answer());
            assertTrue(wire.closed());
        }
    }

    @Test
    void aLengthGivenTwiceAlikeIsOneOrRefused() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: " + BODY.length() + "\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY);
            int status = wire.answer().status();
            assertTrue(status == 200 || status == 400, "status " + status);
        }
    }

    @Test
    void anotherTransferCodingIsNotImplemented() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
            refused(501, wire.answer());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "-1\r\n", "+5\r\n12345\r\n", "0x5\r\n12345\r\n", " 5\r\n", "\r\n",
            "5 5\r\n12345\r\n", "fffffffffffffffffffffffff\r\n", "5\n12345\n0\n\n", "3\r\n12345\r\n0\r\n\r\n"})
    void chunksThatAreNoneAreRefusedInTheWordsOfTheDialect(String chunks) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "\r\n\r\n");
            Answer answer = wire.answer();
            assertTrue(answer.status() == 400 || answer.status() == 413, answer::text);
            Dialect.COHERE_V2.requireError(answer);
        }
    }

    @Test
    void chunksAreReadWhateverTheirSizes() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < BODY.length(); i += 7) {
                String part = BODY.substring(i, Math.min(BODY.length(), i + 7));
                wire.send("000" + Integer.toHexString(part.length()).toUpperCase(java.util.Locale.ROOT) + "\r\n" + part
                        + "\r\n");
            }
            wire.send("0\r\n\r\n");
            wire.answer().ok();
            wire.post("/v2/rerank", BODY).answer().ok();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20_000, 1_000_000})
    void headersWithoutEndAreRefused(int size) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("GET", "/health") + "X: ");
            try {
                wire.send("a".repeat(size));
            } catch (IOException e) {
                assertEquals(1_000_000, size); // it need not take them all
            }
            refused(400, wire.answer());
        } catch (IOException e) {
            assertEquals(1_000_000, size); // and has gone before it was heard
        }
    }

    @Test
    void manyHeadersAreRefused() throws IOException {
        try (Wire wire = new Wire(server)) {
            StringBuilder headers = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                headers.append("X").append(i).append(": a\r\n");
            }
            wire.send(Wire.head("GET", "/health") + headers + "\r\n");
            Answer answer = wire.answer();
            refused(400, answer);
            assertTrue(answer.text().contains("16384"), answer::text);
        }
    }

    @Test
    void anAddressWithoutEndIsTooLong() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("GET", "/" + "a".repeat(10_000)) + "\r\n");
            Answer answer = wire.answer();
            refused(answer.status() == 414 ? 414 : 400, answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET  /health HTTP/1.1", "GET /health", "GET /health HTTP/3.0", "GET /hea lth HTTP/1.1",
            "G\u0000T /health HTTP/1.1", "GET /health\u0000 HTTP/1.1", "GET /%zz HTTP/1.1", "GET health HTTP/1.1",
            "GET /health?a=\u0001 HTTP/1.1"})
    void aFirstLineThatIsNoneEndsTheConnection(String line) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(line + "\r\nHost: localhost\r\n\r\n");
            try {
                Answer answer = wire.answer();
                assertTrue(answer.status() >= 400 && answer.status() < 500, answer::text);
                assertTrue(answer.json().has("message"), answer::text);
            } catch (IOException e) {
                assertTrue(e.getMessage().startsWith("closed") || e instanceof java.net.SocketException, e::toString);
            }
        }
        server.get("/health").ok();
    }

    @Test
    void requestsOneAfterTheOtherAreAnsweredInOrder() throws IOException {
        try (Wire wire = new Wire(server)) {
            for (int i = 0; i < 5; i++) {
                wire.post("/v2/rerank", BODY, "X-Request-Id", "r" + i);
            }
            for (int i = 0; i < 5; i++) {
                Answer answer = wire.answer();
                answer.ok();
                assertEquals("r" + i, answer.header("x-request-id").orElseThrow());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{}", "{\"query\": \"\"}"})
    void afterARefusalTheConnectionIsAsGoodAsNew(String bad) throws IOException {
        try (Wire wire = new Wire(server)) {
            for (int i = 0; i < 3; i++) {
                refused(400, wire.post("/v2/rerank", bad).answer());
                refused(404, wire.post("/nowhere", BODY).answer());
                refused(405, wire.post("/health", BODY).answer());
                wire.post("/v2/rerank", BODY).answer().ok();
            }
        }
    }

    @Test
    void aClientThatSaysItIsTheLastRequestIsLeft() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.post("/v2/rerank", BODY, "Connection", "close").answer().ok();
            assertTrue(wire.closed());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /v2/rerank, POST", "PUT, /v1/rerank, POST", "DELETE, /rerank, POST", "PATCH, /score, POST",
            "POST, /health, GET", "POST, /metrics, GET", "POST, /info, GET", "GET, /api/documents, 'DELETE, POST'",
            "PUT, /api/documents, 'DELETE, POST'", "POST, /v1/models/a, GET", "FOO, /v2/rerank, POST",
            "POST, /openapi.json, GET", "POST, /, GET"})
    void anotherMethodIsRefusedAndTheRightOnesAreNamed(String method, String path, String allowed) {
        Answer answer = server.send(method, path, HttpRequest.BodyPublishers.noBody());
        refused(405, answer);
        List<String> named = List.of(answer.header("allow").orElseThrow().split(", *"));
        assertEquals(List.of(allowed.split(", *")), named.stream().sorted().filter(name -> !name.equals("HEAD"))
                .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/rerank", "/health", "/api/documents"})
    void optionsAreTheMethods(String path) {
        Answer answer = server.send("OPTIONS", path, HttpRequest.BodyPublishers.noBody());
        assertEquals(200, answer.status());
        assertEquals(server.send("PATCH", path, HttpRequest.BodyPublishers.noBody()).header("allow"),
                answer.header("allow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/ready", "/openapi.json", "/v1/models", "/info"})
    void headHasTheHeadersOfGetAndNoBody(String path) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("GET", path) + "\r\n");
            Answer get = wire.answer();
            wire.send(Wire.head("HEAD", path) + "\r\n");
            Answer head = wire.answerWithoutBody();
            assertEquals(200, head.status());
            assertEquals(get.header("content-type"), head.header("content-type"));
            wire.send(Wire.head("GET", path) + "\r\n");
            assertEquals(200, wire.answer().status()); // nothing of a body was in between
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/rerank", "/nowhere"})
    void headOfWhatIsNotThereHasNoBodyEither(String path) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("HEAD", path) + "\r\n");
            assertTrue(wire.answerWithoutBody().status() >= 404);
            wire.send(Wire.head("GET", "/health") + "\r\n");
            wire.answer().ok();
        }
    }

    @Test
    void aBodyWhereNoneBelongsIsLeftAlone() throws IOException {
        try (Wire wire = new Wire(server)) {
            for (String path : List.of("/health", "/v1/models", "/metrics", "/", "/info")) {
                wire.send(Wire.head("GET", path) + "Content-Length: 3\r\n\r\nabc");
                assertEquals(200, wire.answer().status());
            }
            wire.post("/v2/rerank", BODY).answer().ok();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noBodyIsRefused(Dialect dialect) {
        Answer answer = server.send("POST", dialect.path(), HttpRequest.BodyPublishers.noBody(), dialect.headers());
        assertTrue(answer.status() >= 400 && answer.status() < 500, answer::text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page/../openapi.json", "/page/%2e%2e/openapi.json", "/page/..%2fopenapi.json",
            "/page/..%5copenapi.json", "/page/..\\openapi.json", "/page/%252e%252e/openapi.json",
            "/page/....//openapi.json", "/page/../../../../../etc/passwd", "/page/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "/page//etc/passwd", "/page/%2fetc/passwd", "/page/RerankServer.class", "/page/../RerankServer.class",
            "/page/%2e%2e/RerankServer.class", "/page/index.html%00.js", "/page/.", "/page/..", "/page/", "/page",
            "/page/index.html/../../Gate.class", "/page/..;/Gate.class", "/page/file:///etc/passwd"})
    void nothingButThePageIsServedFromItsFolder(String path) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("GET", path) + "Connection: close\r\n\r\n");
            Answer answer = wire.answer();
            assertFalse(answer.text().contains("root:") || answer.text().contains("\u00ca\u00fe"), answer::text);
            // A client may well say in a roundabout way which open route it means.
            assertTrue(answer.status() >= 300 || answer.text().contains("<html")
                    || answer.text().contains("\"openapi\""), answer.status() + answer.text());
        }
    }

    @Test
    void thePageAndItsFilesAreThere() {
        assertTrue(server.get("/").text().contains("<html"));
        Answer script = server.get("/page/main.js");
        assertEquals(200, script.status());
        assertTrue(script.header("content-type").orElseThrow().contains("javascript"));
        assertEquals("nosniff", script.header("x-content-type-options").orElseThrow());
        assertEquals("nosniff", server.get("/nowhere").header("x-content-type-options").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/v2", "/v2/rerank/", "/v2//rerank", "/V2/RERANK", "/api", "/v1/rerank/x",
            "/health/", "/v2/rerank%00", "/%2e%2e/%2e%2e/etc/passwd", "/page/nothing.js"})
    void whatIsNotThereIsNotFound(String path) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("GET", path) + "\r\n");
            Answer answer = wire.answer();
            refused(answer.status() == 405 ? 405 : 404, answer);
        }
    }

    @Test
    void aBodyThatIsPackedIsRefused() {
        refused(400, server.post("/v2/rerank", BODY, "Content-Encoding", "gzip"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8",
            "nonsense"})
    void whatTheBodyIsCalledDoesNotMatter(String type) {
        server.post("/v2/rerank", BODY, "Content-Type", type).ok();
    }
}
