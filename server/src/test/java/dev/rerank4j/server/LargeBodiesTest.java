package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are too large: refused so that the client can read it, and not held. */
class LargeBodiesTest {

    private static final long MOST = 32L << 20;
    private static final long SENT = 100L << 20;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(TestServer.options(MOST, 10_000, 256, Duration.ofSeconds(60)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** So many blanks, without holding them. */
    private static InputStream blanks(long size) {
        return new InputStream() {
            private long left = size;

            @Override
            public int read() {
                return left-- > 0 ? ' ' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                int n = (int) Math.min(left, length);
                Arrays.fill(bytes, offset, offset + n, (byte) ' ');
                left -= n;
                return n;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyDialectSaysSoInItsWords(Dialect dialect) {
        try (TestServer small = TestServer.start(TestServer.options(100, 10, 10, Duration.ofSeconds(60)))) {
            tooLarge(dialect, small.post(dialect, " ".repeat(101)), 100);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RERANK_V1", "PINECONE"})
    void aClientThatReadsWhileItSendsIsToldSo(Dialect dialect) {
        Answer answer = server.send("POST", dialect.path(), HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofInputStream(() -> blanks(SENT)), SENT), dialect.headers());
        tooLarge(dialect, answer);
    }

    @ParameterizedTest
    @EnumSource(names = {"COHERE_V2", "TEI"})
    void soIsOneThatSendsChunks(Dialect dialect) {
        Answer answer = server.send("POST", dialect.path(),
                HttpRequest.BodyPublishers.ofInputStream(() -> blanks(SENT)), dialect.headers());
        tooLarge(dialect, answer);
    }

    private static void tooLarge(Dialect dialect, Answer answer) {
        tooLarge(dialect, answer, MOST);
    }

    private static void tooLarge(Dialect dialect, Answer answer, long most) {
        assertEquals(413, answer.status(), answer::text);
        if (dialect.path().equals("/rerank") && dialect != Dialect.PINECONE) {
            Dialect.requireUnread(answer);
        } else {
            dialect.requireError(answer);
        }
        assertTrue(answer.text().contains(String.valueOf(most)), answer::text);
    }

    @Test
    void soIsOneThatSendsEverythingBeforeItReads() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: " + SENT + "\r\n\r\n");
            byte[] slice = new byte[1 << 20];
            for (long sent = 0; sent < SENT; sent += slice.length) {
                wire.send(slice);
            }
            tooLarge(Dialect.COHERE_V2, wire.answer());
            assertTrue(wire.closed());
        }
    }

    @Test
    void soIsOneThatSendsAllItsChunksBeforeItReads() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n");
            byte[] slice = new byte[1 << 20];
            for (long sent = 0; sent < SENT; sent += slice.length) {
                wire.send("100000\r\n").send(slice).send("\r\n");
            }
            wire.send("0\r\n\r\n");
            tooLarge(Dialect.COHERE_V2, wire.answer());
            assertTrue(wire.closed());
        }
    }

    @Test
    void oneThatAsksBeforeItSendsIsToldWithoutSending() throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank", "Expect", "100-continue") + "Content-Length: " + SENT
                    + "\r\n\r\n");
            tooLarge(Dialect.COHERE_V2, wire.answer());
            assertTrue(wire.closed());
        }
    }

    @Test
    void oneThatAsksBeforeItSendsWhatIsNotTooLargeMaySend() throws IOException {
        String body = Dialect.COHERE_V2.request().toString();
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank", "Expect", "100-continue") + "Content-Length: " + body.length()
                    + "\r\n\r\n");
            assertEquals(100, wire.answer().status());
            wire.send(body);
            assertEquals(200, wire.answer().status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999", "9223372036854775807", "99999999999999999999"})
    void aPromiseOfAlmostEverythingIsRefusedAtOnce(String length) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: " + length + "\r\n\r\n");
            int status = wire.answer().status();
            assertTrue(status == 413 || status == 400, "status " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7fffffff", "10000000", "ffffffffffffffff", "80000000"})
    void aChunkOfAlmostEverythingIsRefusedAtOnce(String size) throws IOException {
        try (Wire wire = new Wire(server)) {
            wire.send(Wire.head("POST", "/v2/rerank") + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n");
            Answer answer = wire.answer();
            assertTrue(answer.status() == 413 || answer.status() == 400, answer::text);
            Dialect.COHERE_V2.requireError(answer);
            assertTrue(wire.closed());
        }
    }

    @Test
    void aBodyThatIsPromisedButDoesNotComeTakesNoMemory() throws IOException {
        int clients = 100; // their promises together are more than the heap
        Wire[] wires = new Wire[clients];
        try {
            for (int i = 0; i < clients; i++) {
                wires[i] = new Wire(server);
                wires[i].send(Wire.head("POST", "/v2/rerank") + "Content-Length: " + MOST + "\r\n\r\n{");
            }
            server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString()).ok();
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
    }

    @Test
    void bodiesThatTogetherAreTooLargeForTheMemoryAreRefused() throws IOException {
        String small = Dialect.COHERE_V2.request().toString();
        List<Wire> wires = new ArrayList<>();
        try {
            // One more each time: which of several large ones are refused when they come at once is chance.
            Until.holds("it has no room for another one", () -> {
                wires.add(almostAll());
                return server.post("/v2/rerank", small).status() == 429;
            });
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
        Until.holds("it has room again", () -> server.post("/v2/rerank", small).status() == 200);
    }

    /** A body whose last byte never comes. */
    private static Wire almostAll() {
        byte[] slice = new byte[1 << 20];
        Arrays.fill(slice, (byte) ' ');
        try {
            Wire wire = new Wire(server);
            wire.send(Wire.head("POST", "/v2/rerank") + "Content-Length: " + MOST + "\r\n\r\n");
            for (long sent = slice.length; sent < MOST; sent += slice.length) {
                wire.send(slice);
            }
            wire.send(Arrays.copyOf(slice, slice.length - 1));
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"API_SEARCH", "API_DOCUMENTS"}, mode = EnumSource.Mode.EXCLUDE)
    void tooManyDocumentsAreRefused(Dialect dialect) {
        Answer answer = server.post(dialect, body(dialect, "\"a\"", 10_001));
        // That is TEI's number for whatever fails its validation.
        dialect.requireError(dialect == Dialect.TEI ? 413 : 400, answer);
        assertTrue(answer.text().contains("10000"), answer::text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "{}", "[]", "1", "{\"\":{}}"})
    void aMillionTinyThingsDoNotFillTheMemory(String thing) {
        Answer answer = server.post(Dialect.COHERE_V2, body(Dialect.COHERE_V2, thing, 3_000_000));
        Dialect.COHERE_V2.requireError(400, answer);
        assertTrue(answer.text().contains("at most"), answer::text);
    }

    private static String body(Dialect dialect, String item, int count) {
        return dialect.request().put(dialect.list(), "@").toString().replace("\"@\"",
                "[" + (item + ",").repeat(count - 1) + item + "]");
    }

    @Test
    void afterAllThatItStillAnswersAndHoldsNothing() {
        assertFalse(server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString()).ok().isEmpty());
    }
}
