package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pages of other origins may call if their origin was named, and not otherwise. */
class CorsTest {

    private static final String PAGE = "https://shop.example";
    private static final String BODY = Dialect.COHERE_V2.request().toString();

    private static ServerOptions options(String... origins) {
        return new ServerOptions("127.0.0.1", 0, 1 << 20, 100, 10, Duration.ofSeconds(30), Duration.ofSeconds(1),
                Set.of(origins));
    }

    private static Answer send(TestServer server, String head, String body) throws IOException {
        try (Wire wire = new Wire(server)) {
            return wire.send(head + "Content-Length: " + body.length() + "\r\n\r\n" + body).answer();
        }
    }

    private static Answer preflight(TestServer server, String path, String origin, String method) throws IOException {
        return send(server, Wire.head("OPTIONS", path, "Origin", origin, "Access-Control-Request-Method", method,
                "Access-Control-Request-Headers", "authorization,content-type"), "");
    }

    private static void silent(Answer answer) {
        assertTrue(answer.headers().keySet().stream().noneMatch(name -> name.startsWith("access-control-allow")),
                answer::toString);
    }

    @Test
    void nobodyMayUnlessNamed() throws IOException {
        try (TestServer server = TestServer.start(options())) {
            silent(preflight(server, "/v2/rerank", PAGE, "POST"));
            silent(send(server, Wire.head("POST", "/v2/rerank", "Origin", PAGE), BODY));
            silent(send(server, Wire.head("GET", "/api/indexes", "Origin", PAGE), ""));
        }
    }

    @Test
    void aNamedOriginMayWithAKeyInItsHeader() throws IOException {
        try (TestServer server = TestServer.start(options(PAGE), TestServer.catalogue(List.of()),
                List.of(ApiKey.of("k", "secret", true)))) {
            for (String path : List.of("/v2/rerank", "/api/search", "/v1/models/a/b", "/rerank")) {
                Answer allowed = preflight(server, path, PAGE, "POST");
                assertTrue(allowed.status() == 200 || allowed.status() == 204, allowed::toString);
                assertEquals(PAGE, allowed.header("access-control-allow-origin").orElseThrow());
                assertTrue(allowed.header("access-control-allow-methods").orElseThrow().contains("POST"));
                String headers = allowed.header("access-control-allow-headers").orElseThrow().toLowerCase(
                        java.util.Locale.ROOT);
                // A star does not stand for Authorization.
                assertTrue(headers.contains("authorization") && headers.contains("content-type"), headers);
            }
            Answer answer = send(server,
                    Wire.head("POST", "/v2/rerank", "Origin", PAGE, "Authorization", "Bearer secret"), BODY);
            answer.ok();
            assertEquals(PAGE, answer.header("access-control-allow-origin").orElseThrow());
            Answer refused = send(server, Wire.head("POST", "/v2/rerank", "Origin", PAGE), BODY);
            assertEquals(401, refused.status());
            // Without it the page could not even read that its key is wrong.
            assertEquals(PAGE, refused.header("access-control-allow-origin").orElseThrow());
        }
    }

    @Test
    void anotherOriginMayNot() throws IOException {
        try (TestServer server = TestServer.start(options(PAGE))) {
            for (String other : List.of("https://evil.example", "https://shop.example.evil.example",
                    "http://shop.example", "null", "https://shop.example:444")) {
                silent(preflight(server, "/v2/rerank", other, "POST"));
                silent(send(server, Wire.head("POST", "/v2/rerank", "Origin", other), BODY));
            }
        }
    }

    @Test
    void aPageElsewhereCannotWriteHereUnasked() throws IOException {
        // A form's post needs no leave of the browser: it would be carried out, only its answer would be hidden.
        try (TestServer server = TestServer.start(options())) {
            for (String path : List.of("/api/documents", "/v2/rerank")) {
                Answer answer = send(server, Wire.head("POST", path, "Origin", "https://evil.example", "Content-Type",
                        "text/plain"), BODY);
                assertEquals(403, answer.status(), answer::text);
            }
            Answer foreign = send(server, Wire.head("POST", "/v2/rerank", "Sec-Fetch-Site", "cross-site"), BODY);
            Dialect.COHERE_V2.requireError(403, foreign);
        }
    }

    @Test
    void itsOwnPageMayAlsoBehindAProxyThatChangesNames() throws IOException {
        try (TestServer server = TestServer.start(options())) {
            send(server, Wire.head("POST", "/v2/rerank", "Origin", "http://localhost"), BODY).ok();
            send(server, Wire.head("POST", "/v2/rerank", "Origin", "https://localhost"), BODY).ok();
            send(server, Wire.head("POST", "/v2/rerank", "Origin", "https://search.example", "Sec-Fetch-Site",
                    "same-origin"), BODY).ok();
        }
    }

    @Test
    void aStarIsEverybody() throws IOException {
        try (TestServer server = TestServer.start(options("*"))) {
            Answer answer = send(server, Wire.head("POST", "/v2/rerank", "Origin", PAGE), BODY);
            answer.ok();
            assertTrue(List.of("*", PAGE).contains(answer.header("access-control-allow-origin").orElseThrow()));
        }
    }

    @Test
    void aNameOfSomebodyElsesThatLeadsHereIsRefusedWhereThereIsNoKey() throws IOException {
        try (TestServer server = TestServer.start(options());
                TestServer locked = TestServer.start(options(), TestServer.catalogue(List.of()),
                        List.of(ApiKey.of("k", "secret", true)))) {
            for (String route : List.of("GET /v1/models", "POST /v2/rerank")) {
                String[] parts = route.split(" ");
                String body = parts[0].equals("GET") ? "" : BODY;
                assertEquals(403, send(server, named(parts, "evil.example:" + server.port()), body).status());
                assertEquals(403, send(server, named(parts, "127.evil.example:" + server.port()), body).status());
                for (String own : List.of("localhost:" + server.port(), "127.0.0.1:" + server.port(),
                        "[::1]:" + server.port(), "search.example", "search.example:443",
                        "host.docker.internal:" + server.port())) {
                    send(server, named(parts, own), body).ok();
                }
                send(locked, named(parts, "search.example:" + locked.port()) + "Authorization: Bearer secret\r\n", body)
                        .ok();
            }
        }
    }

    private static String named(String[] route, String host) {
        return Wire.head(route[0], route[1]).replace("Host: localhost", "Host: " + host);
    }
}
