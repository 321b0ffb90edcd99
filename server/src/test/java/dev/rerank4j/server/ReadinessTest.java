package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A server whose models are still being loaded, or could not be. */
class ReadinessTest {

    private static void notReady(TestServer server) {
        for (Dialect dialect : Dialect.values()) {
            Answer answer = server.post(dialect, dialect.request().toString());
            assertEquals(503, answer.status(), answer::text);
            assertEquals("1", answer.header("retry-after").orElseThrow());
            if (dialect.path().equals("/rerank") && dialect != Dialect.PINECONE) {
                Dialect.requireUnread(answer);
            } else {
                dialect.requireError(answer);
            }
            assertFalse(answer.text().contains("/secret/path"), answer::text);
        }
        for (String path : List.of("/v1/models", "/info", "/api/indexes", "/health", "/health/ready")) {
            Answer answer = server.get(path);
            assertEquals(503, answer.status(), () -> path + " " + answer.text());
            assertEquals("1", answer.header("retry-after").orElseThrow());
            assertTrue(answer.json().isObject());
        }
        for (String path : List.of("/", "/health/live", "/openapi.json", "/page/main.js", "/metrics")) {
            assertEquals(200, server.get(path).status(), path);
        }
        assertEquals(404, server.get("/nowhere").status());
        assertFalse(server.server().isReady());
    }

    @Test
    void untilTheModelsAreThereAllButHealthAndPageIsRefused() {
        CompletableFuture<Catalogue> catalogue = new CompletableFuture<>();
        try (TestServer server = TestServer.start(TestServer.OPTIONS, catalogue, List.of(), AccessLog.NONE)) {
            notReady(server);
            catalogue.complete(TestServer.catalogue(List.of()));
            server.server().awaitReady();
            assertTrue(server.server().isReady());
            server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString()).ok();
            server.get("/health").ok();
        }
    }

    @Test
    void ifTheyCannotBeLoadedItStaysSoAndDoesNotSayWhy() {
        CompletableFuture<Catalogue> catalogue = CompletableFuture.failedFuture(
                new RerankException(RerankException.Kind.UNAVAILABLE, "/secret/path/model.onnx is damaged"));
        try (TestServer server = TestServer.start(TestServer.OPTIONS, catalogue, List.of(), AccessLog.NONE)) {
            notReady(server);
            assertThrows(RerankException.class, () -> server.server().awaitReady());
        }
    }

    @Test
    void aPortThatIsTakenIsSaidInOneSentence() {
        try (TestServer server = TestServer.start()) {
            ServerOptions taken = ServerOptions.defaults().withPort(server.port());
            RerankException refused = assertThrows(RerankException.class,
                    () -> TestServer.start(taken, TestServer.catalogue(List.of()), List.of()));
            assertEquals(RerankException.Kind.UNAVAILABLE, refused.kind());
            assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1:" + server.port()), refused::toString);
        }
    }

    @Test
    void withoutAModelItSaysSo() {
        Catalogue nothing = new Catalogue(List.of(), java.util.Optional.empty(), List.of());
        try (TestServer server = TestServer.start(TestServer.OPTIONS, nothing, List.of())) {
            for (Dialect dialect : Dialect.values()) {
                dialect.requireError(404, server.post(dialect, dialect.request().toString()));
            }
            assertEquals(0, server.get("/v1/models").ok().get("data").size());
            assertEquals(404, server.get("/info").status());
        }
    }
}
