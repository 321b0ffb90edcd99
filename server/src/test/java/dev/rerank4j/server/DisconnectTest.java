package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Nobody works for a client that has gone away. */
class DisconnectTest {

    private static final String BODY = Dialect.COHERE_V2.request().toString();

    @Test
    void whenTheClientGoesTheWorkEndsAndItsPlaceIsFree() throws Exception {
        ConcurrentLinkedQueue<AccessLog.Entry> log = new ConcurrentLinkedQueue<>();
        try (HeldScorer scorer = new HeldScorer();
                TestServer server = TestServer.start(TestServer.options(1 << 20, 100, 1,
                        java.time.Duration.ofSeconds(60)), CompletableFuture.completedFuture(scorer.catalogue()),
                        List.of(), log::add)) {
            try (Wire wire = new Wire(server)) {
                wire.post("/v2/rerank", BODY);
                scorer.awaitEntered(1);
            }
            Until.holds("the work was interrupted", () -> scorer.interrupted() == 1);
            Until.holds("it was written down", () -> !log.isEmpty());
            assertEquals(499, log.element().status());
            scorer.open();
            Until.holds("the place is free", () -> server.post("/v2/rerank", BODY).status() == 200);
        }
    }

    @Test
    void theEngineStopsWithTheClient() throws Exception {
        try (TestServer server = TestServer.start()) {
            long before = BuiltIn.SCORER.activity().batches();
            try (Wire wire = new Wire(server)) {
                wire.post("/v2/rerank", Dialect.COHERE_V2.request("leave",
                        Collections.nCopies(5000, "word ".repeat(300))).toString());
                Until.holds("the model works", () -> BuiltIn.SCORER.activity().pendingTokens() > 0);
            }
            Until.holds("nothing waits any more", () -> BuiltIn.SCORER.activity().pendingTokens() == 0);
            long after = BuiltIn.SCORER.activity().batches() - before;
            assertEquals(true, after < 2500, after + " batches for nobody"); // in full it would be thousands
        }
    }

    @Test
    void aClientThatGoesInTheMiddleOfItsBodyIsNoFault() throws Exception {
        ConcurrentLinkedQueue<AccessLog.Entry> log = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.start(TestServer.OPTIONS,
                CompletableFuture.completedFuture(TestServer.catalogue(List.of())), List.of(), log::add)) {
            for (String framing : List.of("Content-Length: 100\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
                    "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "Content-Length: 100\r\n\r\n")) {
                log.clear();
                try (Wire wire = new Wire(server)) {
                    wire.send(Wire.head("POST", "/v2/rerank") + framing);
                }
                Until.holds("it was written down", () -> !log.isEmpty());
                assertEquals(499, log.element().status());
            }
        }
    }

    @Test
    void othersOnTheServerAreNotDisturbed() throws Exception {
        try (HeldScorer scorer = new HeldScorer();
                TestServer server = TestServer.start(TestServer.OPTIONS, scorer.catalogue(), List.of())) {
            List<CompletableFuture<Answer>> staying = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                staying.add(CompletableFuture.supplyAsync(() -> server.post("/v2/rerank", BODY)));
            }
            scorer.awaitEntered(3);
            for (int i = 0; i < 3; i++) {
                try (Wire wire = new Wire(server)) {
                    wire.post("/v2/rerank", BODY);
                    scorer.awaitEntered(1);
                }
            }
            Until.holds("three were interrupted", () -> scorer.interrupted() == 3);
            scorer.open();
            for (CompletableFuture<Answer> answer : staying) {
                answer.get().ok();
            }
        }
    }

    @Test
    void aConnectionThatWasWatchedServesTheNextRequest() throws Exception {
        try (HeldScorer scorer = new HeldScorer();
                TestServer server = TestServer.start(TestServer.OPTIONS, scorer.catalogue(), List.of());
                Wire wire = new Wire(server)) {
            wire.post("/v2/rerank", BODY, "X-Request-Id", "a");
            scorer.awaitEntered(1);
            wire.post("/v2/rerank", BODY, "X-Request-Id", "b"); // while the first is at work
            scorer.open();
            for (String id : List.of("a", "b")) {
                Answer answer = wire.answer();
                answer.ok();
                assertEquals(id, answer.header("x-request-id").orElseThrow());
            }
        }
    }
}
