package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that never finish: none holds a connection or a place much longer than the timeout. */
class SlowClientsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String GONE = "rerank4j_requests_seconds_count{route=\"/v2/rerank\",status=\"499\"}";
    private static final int MORE_THAN_ENOUGH = 300;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(TestServer.options(32L << 20, 10_000, 4, TIMEOUT));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends one piece again and again, until nobody takes it; fails if that goes on without end. */
    private static void drip(Wire wire, String piece) {
        for (int i = 0; i < MORE_THAN_ENOUGH; i++) {
            try {
                wire.send(piece);
            } catch (IOException e) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new AssertionError("after " + MORE_THAN_ENOUGH + " pieces it still listens");
    }

    @Test
    void headersThatNeverEndAreCutOff() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send("POST /v2/rerank HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            drip(wire, "a");
        }
    }

    @Test
    void aBodyThatDripsIsRefusedAtTheTimeout() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: 100000\r\n\r\n");
            drip(wire, " ");
        }
    }

    @Test
    void aBodyThatDripsIsToldThatItIsTooSlow() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: 100000\r\n\r\n");
            Thread dripping = Thread.ofVirtual().start(() -> drip(wire, " "));
            Answer answer = wire.answer();
            Dialect.COHERE_V2.requireError(408, answer);
            dripping.interrupt();
        }
    }

    @Test
    void aBodyThatStallsEndsTheConnection() throws IOException {
        try (Wire whole = new Wire(server); Wire chunked = new Wire(server); Wire nothing = new Wire(server)) {
            whole.send(Wire.head("POST", "/v2/rerank") + "Content-Length: 100000\r\n\r\n{");
            chunked.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n5");
            nothing.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n");
            for (Wire wire : List.of(whole, chunked, nothing)) {
                assertTrue(wire.closed());
            }
        }
    }

    @Test
    void soDoesOneThatNobodyReads() throws IOException {
        try (Wire nowhere = new Wire(server); Wire free = new Wire(server); Wire keyed = new Wire(server)) {
            nowhere.send(Wire.head("POST", "/nowhere") + "Content-Length: 100000\r\n\r\n{");
            free.send(Wire.head("POST", "/health") + "Content-Length: 100000\r\n\r\n{");
            keyed.send(Wire.head("GET", "/metrics") + "Content-Length: 100000\r\n\r\n{");
            assertEquals(404, nowhere.answer().status());
            assertEquals(405, free.answer().status());
            assertEquals(200, keyed.answer().status());
            for (Wire wire : List.of(nowhere, free, keyed)) {
                assertTrue(wire.closed());
            }
        }
    }

    @Test
    void anAnswerThatNobodyTakesIsGivenUp() throws IOException {
        // Echoed in full, this is more than the sockets' buffers hold.
        String body = "{\"query\": \"leave\", \"return_documents\": true, \"documents\": [{\"text\": \"holiday\", "
                + "\"more\": \"" + "x".repeat(30_000_000) + "\"}]}";
        double gone = server.metric(GONE);
        try (Wire wire = new Wire(server)) {
            wire.post("/v2/rerank", body);
            for (int i = 0; i < MORE_THAN_ENOUGH && server.metric(GONE) == gone; i++) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            assertEquals(gone + 1, server.metric(GONE));
        }
    }

    @Test
    void theirPlacesAreFreeAfterwards() throws IOException {
        for (int i = 0; i < 12; i++) {
            Wire wire = new Wire(server);
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: 100000\r\n\r\n{");
            if (i >= 8) {
                wire.close(); // these go away, the others stay
            }
        }
        Answer answer = server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString());
        for (int i = 0; i < MORE_THAN_ENOUGH && answer.status() == 429; i++) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            answer = server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString());
        }
        answer.ok();
    }
}
