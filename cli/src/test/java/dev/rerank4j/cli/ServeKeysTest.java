package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in, and what they see: keys of the environment, of a file, with a tenant's filter, with limits. */
@Timeout(120)
class ServeKeysTest {

    private static final String ALL = "key-that-may-do-everything";
    private static final String SHOP = "key-of-the-shop-0123456789";
    private static final String SINGLE = "key-of-one-at-a-time-01234";

    @TempDir
    private static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        Path config = Files.writeString(folder.resolve("r.yaml"), """
                server:
                  keys:
                  - {name: shop, key-env: SHOP_KEY, filter: [tenant=shop], max-documents: 2}
                  - {name: single, key-file: '%s', max-concurrent: 1}
                """.formatted(Files.writeString(folder.resolve("key"), SINGLE + "\n")));
        server = ServerProcess.start(Map.of("SHOP_KEY", SHOP, ServerKeys.VARIABLE, ALL), "--model", "none", "--config",
                config.toString(), "--index", folder.resolve("index").toString()).ready();
        server.post("/api/documents", """
                {"documents": [
                  {"id": "a", "text": "leave of the shop", "metadata": {"tenant": "shop", "price": 1}},
                  {"id": "b", "text": "leave of the shop, too", "metadata": {"tenant": ["shop", "other"], "price": 2}},
                  {"id": "c", "text": "leave of the bank", "metadata": {"tenant": "bank", "price": 1}},
                  {"id": "d", "text": "leave of nobody"}]}""", "Api-Key", ALL).ok();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static List<String> found(String key, String more) {
        JsonNode hits = server.post("/api/search", "{\"query\": \"leave\"" + more + "}", "Api-Key", key).ok().json()
                .get("hits");
        return hits.findValuesAsText("document").stream().sorted().toList();
    }

    @Test
    void everySpellingOfTheHeaderIsHeard() {
        for (List<String> header : List.of(List.of("Authorization", "Bearer " + ALL),
                List.of("Authorization", "bearer  " + ALL), List.of("Authorization", ALL), List.of("Api-Key", ALL),
                List.of("X-Api-Key", ALL), List.of("x-api-key", ALL), List.of("X-Api-Key", SINGLE))) {
            assertEquals(200, server.get("/v1/models", header.get(0), header.get(1)).status(), header::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"key-that-may-do-everythin", "key-that-may-do-everythingx", "KEY-THAT-MAY-DO-EVERYTHING",
            "key-that-may-do-everything,key-of-the-shop-0123456789", "Bearer", "x", "shop", "env-1"})
    void whatIsAlmostAKeyIsNone(String secret) {
        for (List<String> header : List.of(List.of("Authorization", "Bearer " + secret), List.of("Authorization",
                secret), List.of("Api-Key", secret), List.of("X-Api-Key", secret))) {
            ServerProcess.Answer answer = server.get("/v1/models", header.get(0), header.get(1));
            assertEquals(401, answer.status(), header::toString);
            assertEquals(List.of("Bearer"), answer.headers().get("www-authenticate"));
        }
        assertFalse(server.err().contains(secret + "x"), server::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/info", "/api/indexes", "/metrics"})
    void withoutAKeyNothingIsTold(String path) {
        assertEquals(401, server.get(path).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready", "/health", "/openapi.json", "/"})
    void whatTellsNothingNeedsNoKey(String path) {
        assertEquals(200, server.get(path).status());
    }

    @Test
    void aTenantFindsItsOwnAlone() {
        assertEquals(List.of("a", "b", "c", "d"), found(ALL, ""));
        assertEquals(List.of("a", "b"), found(SHOP, ", \"depth\": 2, \"limit\": 2"));
        for (String retriever : List.of("bm25", "vector", "hybrid")) {
            assertEquals(List.of("a", "b"),
                    found(SHOP, ", \"depth\": 2, \"limit\": 2, \"retriever\": \"" + retriever + "\""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"tenant=bank\"", "[\"tenant=bank\"]", "{\"or\": [\"tenant=bank\", \"tenant=shop\"]}",
            "{\"not\": \"tenant=shop\"}", "{\"or\": [{\"not\": \"tenant=shop\"}, \"price=1\"]}",
            "{\"or\": []}", "{\"not\": {\"and\": []}}", "{\"not\": {\"or\": []}}", "{\"and\": []}",
            "{\"field\": \"tenant\", \"in\": [\"bank\", \"shop\", \"other\"]}",
            "{\"not\": {\"not\": \"tenant=bank\"}}", "{\"field\": \"tenant\", \"equal\": \"bank\"}"})
    void noFilterOfARequestWidensThatOfTheKey(String filter) {
        List<String> found = found(SHOP, ", \"depth\": 2, \"limit\": 2, \"filter\": " + filter);
        assertTrue(List.of("a", "b").containsAll(found), found::toString);
        List<String> all = found(ALL, ", \"filter\": " + filter);
        assertEquals(all.stream().filter(List.of("a", "b")::contains).toList(), found);
    }

    @Test
    void aTenantSeesItsCountsAndMayNotWrite() {
        JsonNode all = server.get("/api/indexes", "Api-Key", ALL).ok().json().at("/indexes/0");
        assertEquals(4, all.get("documents").intValue());
        assertEquals(4, all.get("passages").intValue());
        assertTrue(all.get("writable").booleanValue());
        JsonNode own = server.get("/api/indexes", "Api-Key", SHOP).ok().json().at("/indexes/0");
        assertTrue(own.get("documents").isNull());
        assertEquals(2, own.get("passages").intValue());
        assertFalse(own.get("writable").booleanValue());
        for (String key : List.of(SHOP, SINGLE)) {
            ServerProcess.Answer refused = server.post("/api/documents",
                    "{\"documents\": [{\"id\": \"c\", \"text\": \"gone\"}]}", "Api-Key", key);
            assertEquals(403, refused.status(), refused.body());
            assertEquals("forbidden", refused.json().get("kind").textValue());
            assertEquals(403, server.delete("/api/documents?id=c", "Api-Key", key).status());
        }
        assertEquals(List.of("a", "b", "c", "d"), found(ALL, ""));
    }

    @Test
    void aKeyMayHaveFewerDocumentsThanTheServer() {
        ServerProcess.Answer refused = server.post("/api/search", "{\"query\": \"leave\", \"depth\": 3, \"limit\": 1}",
                "Api-Key", SHOP);
        assertEquals(400, refused.status());
        assertEquals("depth and limit must be <= 2, got 3", refused.json().get("message").textValue());
        String three = "{\"query\": \"leave\", \"documents\": [\"a\", \"b\", \"c\"]}";
        assertEquals(400, server.post("/api/rerank", three, "Api-Key", SHOP).status());
        assertEquals(404, server.post("/api/rerank", three, "Api-Key", ALL).status()); // there is no model
    }

    @Test
    void aKeyMayHaveOnePlaceAlone() throws Exception {
        String body = "{\"query\": \"leave\"}";
        try (Socket slow = holdingTheOnlyPlace(body)) {
            OutputStream out = slow.getOutputStream();
            ServerProcess.Answer refused = server.post("/api/search", body, "Api-Key", SINGLE);
            assertEquals(503, refused.status());
            assertEquals(List.of("1"), refused.headers().get("retry-after"));
            assertEquals(200, server.get("/v1/models", "Api-Key", ALL).status());
            out.write(body.substring(1).getBytes(StandardCharsets.UTF_8));
            out.flush();
            InputStream in = slow.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
        ServerProcess.eventually("the place is free",
                () -> server.get("/v1/models", "Api-Key", SINGLE).status() == 200);
    }

    /**
     * Takes the one place by a request whose body lacks all but its first character. What asks whether the place is
     * taken needs it for a moment itself, and so may be what the request is refused for: then it is sent again.
     */
    private static Socket holdingTheOnlyPlace(String body) throws Exception {
        while (true) {
            Socket slow = server.connect();
            slow.getOutputStream().write(("POST /api/search HTTP/1.1\r\nHost: x\r\nApi-Key: " + SINGLE
                    + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body.charAt(0))
                    .getBytes(StandardCharsets.UTF_8));
            boolean[] taken = new boolean[1];
            ServerProcess.eventually("the place is taken, or the request is refused", () -> {
                taken[0] = server.get("/v1/models", "Api-Key", SINGLE).status() == 429;
                return taken[0] || answered(slow);
            });
            if (taken[0] && !answered(slow)) {
                return slow;
            }
            slow.close();
        }
    }

    private static boolean answered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
