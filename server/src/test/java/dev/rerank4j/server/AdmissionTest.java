package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Filter;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.OnnxScorer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when there is more to do than can be done, or less time than it takes. */
class AdmissionTest {

    private static final String PATH = "/v2/rerank";
    private static final String BODY = Dialect.COHERE_V2.request().toString();

    static List<Dialect> rerankers() {
        return Dialect.rerankers().toList();
    }

    private static void overloaded(Dialect dialect, Answer answer) {
        boolean unavailable = switch (dialect) {
            case SCORE, V1_SCORE, API_RERANK, API_SEARCH, API_DOCUMENTS -> true;
            default -> false;
        };
        assertEquals(unavailable ? 503 : 429, answer.status(), answer::text);
        assertTrue(Integer.parseInt(answer.header("retry-after").orElseThrow()) >= 1);
        if (answer.json().has("detail") && answer.json().has("error_type")) {
            Dialect.requireUnread(answer);
        } else {
            dialect.requireError(answer);
        }
    }

    @Test
    void withoutAPlaceEveryDialectIsRefusedInItsWords() throws Exception {
        try (HeldScorer scorer = new HeldScorer();
                TestServer server = TestServer.start(TestServer.options(1 << 20, 100, 1, Duration.ofSeconds(60)),
                        scorer.catalogue(), List.of())) {
            CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> server.post(PATH, BODY));
            scorer.awaitEntered(1);
            for (Dialect dialect : Dialect.values()) {
                overloaded(dialect, server.post(dialect, dialect.request().toString()));
            }
            assertEquals(429, server.get("/v1/models").status());
            assertEquals(200, server.get("/health").status());
            assertEquals(200, server.get("/metrics").status()); // above all then
            assertEquals(200, server.get("/").status());
            scorer.open();
            first.get().ok();
            server.post(PATH, BODY).ok();
        }
    }

    @Test
    void aModelThatIsFullRefusesInEveryDialectsWords() throws Exception {
        EngineOptions one = new EngineOptions(1, 1, 512, 1); // more than one token may not wait beside another
        try (OnnxScorer scorer = OnnxScorer.builtIn(one)) {
            ServedModel model = BuiltIn.model(scorer);
            try (TestServer server = TestServer.start(TestServer.OPTIONS,
                    new Catalogue(List.of(model), Optional.empty(), List.of()), List.of());
                    Wire wire = new Wire(server)) {
                wire.post(PATH, Dialect.COHERE_V2.request("leave", java.util.Collections.nCopies(3000,
                        "word ".repeat(400))).toString());
                Until.holds("the model works", () -> model.load().get().waitingTokens() > 0);
                for (Dialect dialect : rerankers()) {
                    overloaded(dialect, server.post(dialect, dialect.request().toString()));
                }
            } // and with the client its work goes away
        }
    }

    @Test
    void aKeyHasPlacesOfItsOwn() throws Exception {
        ApiKey narrow = new ApiKey("narrow", ApiKey.hash("n"), Filter.NONE, false, 100, 1);
        try (HeldScorer scorer = new HeldScorer();
                TestServer server = TestServer.start(TestServer.options(1 << 20, 100, 10, Duration.ofSeconds(60)),
                        scorer.catalogue(), List.of(narrow, ApiKey.of("wide", "w", false)))) {
            CompletableFuture<Answer> first = CompletableFuture
                    .supplyAsync(() -> server.post(PATH, BODY, "Api-Key", "n"));
            scorer.awaitEntered(1);
            overloaded(Dialect.COHERE_V2, server.post(PATH, BODY, "Api-Key", "n"));
            CompletableFuture<Answer> other = CompletableFuture
                    .supplyAsync(() -> server.post(PATH, BODY, "Api-Key", "w"));
            scorer.awaitEntered(1);
            scorer.open();
            first.get().ok();
            other.get().ok();
            server.post(PATH, BODY, "Api-Key", "n").ok();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "a", "1.5", "1e3", "99999999999999999999", "0x10", "NaN"})
    void aTimeoutThatIsNoneIsRefused(String value) {
        try (TestServer server = TestServer.start()) {
            Answer answer = server.post(Dialect.COHERE_V2, BODY, "X-Request-Timeout-Ms", value);
            Dialect.COHERE_V2.requireError(400, answer);
            assertTrue(answer.text().contains("X-Request-Timeout-Ms"), answer::text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", " 60000 ", "9223372036854775807"})
    void aTimeoutMayBeLongerThanTheServers(String value) {
        try (TestServer server = TestServer.start()) {
            server.post(Dialect.COHERE_V2, BODY, "X-Request-Timeout-Ms", value).ok();
        }
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void lateIsATimeoutInEveryDialectButOursWhichAnswersWithWhatItHas(Dialect dialect) {
        try (TestServer server = TestServer.start()) {
            String body = dialect.request(Dialect.QUERY, java.util.Collections.nCopies(2000, "soup and salad"))
                    .toString();
            Answer answer = server.post(dialect, body, "X-Request-Timeout-Ms", "1");
            if (dialect == Dialect.API_RERANK) {
                assertTrue(answer.ok().get("degraded").booleanValue(), answer::text);
                assertEquals("failed", answer.json().get("stages").get(0).get("outcome").textValue());
                assertEquals(2000, answer.json().get("hits").size());
                assertTrue(answer.json().get("hits").get(0).get("score").isNull());
            } else {
                dialect.requireError(504, answer);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EMBEDDINGS"})
    void soItIsForEmbeddings(Dialect dialect) {
        try (TestServer server = TestServer.start()) {
            dialect.requireError(504,
                    server.post(dialect, dialect.request("", java.util.Collections.nCopies(2000, "soup"))
                            .toString(), "X-Request-Timeout-Ms", "1"));
        }
    }

    @Test
    void aRequestKeepsItsIdOrGetsOne() throws IOException {
        try (TestServer server = TestServer.start()) {
            for (String id : List.of("a", "Req-1.2_3:4/5+6=", "x".repeat(128))) {
                Answer answer = server.post(PATH, BODY, "X-Request-Id", id);
                assertEquals(id, answer.header("x-request-id").orElseThrow());
                assertEquals(id, answer.ok().get("id").textValue());
            }
            for (String id : List.of("", "x".repeat(129), "a b", "<script>", "a;b", "\u00e9", "a,b", "\"")) {
                try (Wire wire = new Wire(server)) {
                    String given = wire.post(PATH, BODY, "X-Request-Id", id).answer().header("x-request-id")
                            .orElseThrow();
                    assertNotEquals(id, given);
                    assertTrue(given.matches("[0-9a-f-]{36}"), given);
                }
            }
            String refused = server.get("/nowhere", "X-Request-Id", "r1").header("x-request-id").orElseThrow();
            assertEquals("r1", refused);
        }
    }

    @Test
    void closingLetsWhatRunsFinishAndMayBeDoneTwice() throws InterruptedException, ExecutionException {
        try (HeldScorer scorer = new HeldScorer()) {
            TestServer server = TestServer.start(TestServer.OPTIONS, scorer.catalogue(), List.of());
            CompletableFuture<Answer> running = CompletableFuture.supplyAsync(() -> server.post(PATH, BODY));
            scorer.awaitEntered(1);
            CountDownLatch closing = new CountDownLatch(1);
            Thread closer = Thread.ofVirtual().start(() -> {
                closing.countDown();
                server.server().close();
            });
            closing.await();
            Until.holds("it says that it stops", () -> !server.server().isReady());
            scorer.open();
            running.get().ok();
            closer.join();
            server.server().close();
            server.close();
        }
    }
}
