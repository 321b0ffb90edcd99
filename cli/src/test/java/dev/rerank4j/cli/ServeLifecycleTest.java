package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rerank serve} from its first moment to its last. */
@Timeout(300)
class ServeLifecycleTest {

    private static final String MODEL = "/dev/rerank4j/model/rerank4j-minilm-l6-v1/";

    @TempDir
    private Path folder;

    private String config(String yaml) throws Exception {
        return Files.writeString(folder.resolve("r.yaml"), yaml).toString();
    }

    /** A request that keeps the model busy: so many texts of a few hundred tokens. */
    private static String request(int texts) {
        String text = "\"" + "the days of leave are counted from the first of January ".repeat(20) + "\"";
        return "{\"query\": \"days of leave\", \"top_n\": 1, \"documents\": ["
                + String.join(", ", Collections.nCopies(texts, text)) + "]}";
    }

    /** Sends a request and waits until the model works on it. */
    private static CompletableFuture<ServerProcess.Answer> busy(ServerProcess server, int texts) {
        CompletableFuture<ServerProcess.Answer> running = server.answer("POST", "/v2/rerank", request(texts));
        ServerProcess.eventually("the model works",
                () -> running.isDone() || server.meter("rerank4j_queue_tokens{") > 0);
        return running;
    }

    @Test
    void itIsReadyWhenTheModelsAreThereAndNotBefore() throws Exception {
        Path model = Files.createDirectory(folder.resolve("small"));
        for (String file : List.of("model_int8.onnx", "tokenizer.json", "golden.json")) {
            try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(MODEL + file))) {
                Files.copy(in, model.resolve(file));
            }
        }
        Path pipe = model.resolve("config.json");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        try (ServerProcess server = ServerProcess.start("--model", model.toString())) {
            assertEquals(200, server.get("/health/live").status());
            ServerProcess.Answer early = server.get("/health/ready");
            assertEquals(503, early.status());
            assertEquals(List.of("1"), early.headers().get("retry-after"));
            assertEquals(503, server.post("/v2/rerank", request(1)).status());
            assertFalse(server.err().contains("Rerank4j answers at"), server::err);
            try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(MODEL + "config.json"));
                    OutputStream out = Files.newOutputStream(pipe)) {
                in.transferTo(out);
            }
            server.ready();
            assertEquals(200, server.get("/health/ready").status());
            assertEquals(0, server.post("/v2/rerank", request(1)).ok().json().at("/results/0/index").asInt(-1));
            assertEquals("small", server.get("/v1/models").ok().json().at("/data/0/id").textValue());
            server.signal("TERM");
            assertEquals(0, server.exit(), server::err);
        }
    }

    @Test
    void eachRequestIsALineWithoutItsTexts() throws Exception {
        try (ServerProcess server = ServerProcess.start().ready()) {
            server.post("/v2/rerank?secret=1", request(1), "X-Request-Id", "mine-1").ok();
            server.line(
                    Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z mine-1 POST /v2/rerank 200 "
                            + "[0-9]+\\.[0-9]ms [0-9]+B -"));
            server.post("/v2/rerank", "{\"query\": \"leave\"", "X-Request-Id", "mine-2");
            server.line(Pattern.compile(".*Z mine-2 POST /v2/rerank 400 .*"));
            server.get("/secret/path", "X-Request-Id", "mine-3");
            server.line(Pattern.compile(".*Z mine-3 GET - 404 .*"));
            assertFalse(server.err().contains("leave") || server.err().contains("secret"), server::err);
        }
        String quiet = config("server: {access-log: false}");
        try (ServerProcess server = ServerProcess.start("--model", "none", "--config", quiet).ready()) {
            server.get("/v1/models", "X-Request-Id", "mine-4").ok();
            server.signal("TERM");
            assertEquals(0, server.exit());
            assertFalse(server.err().contains("mine-4"), server::err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void toldToStopItAnswersWhatRunsAndTakesNothingNew(String signal) throws Exception {
        try (ServerProcess server = ServerProcess.start("--config", config("server: {shutdown-timeout: 2m}")).ready()) {
            CompletableFuture<ServerProcess.Answer> running = busy(server, 300);
            server.signal(signal);
            ServerProcess.eventually("no new connections", () -> !server.listens());
            assertEquals(1, running.join().ok().json().at("/results").size());
            assertEquals(0, server.exit(), server::err);
            assertTrue(server.err().contains("stopping: requests that run may finish, for 2m at most"), server::err);
            assertTrue(server.err().endsWith("stopped"), server::err);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatTakesLongerThanTheShutdownTimeoutIsInterrupted(String signal) throws Exception {
        String config = config("server: {shutdown-timeout: 200ms, timeout: 1h, queue-tokens: 100000000}");
        try (ServerProcess server = ServerProcess.start("--config", config).ready()) {
            CompletableFuture<ServerProcess.Answer> running = busy(server, 10_000); // half an hour
            server.signal(signal);
            assertEquals(0, server.exit(), server::err);
            int status;
            try {
                status = running.join().status();
            } catch (CompletionException cut) {
                status = 0;
            }
            assertTrue(status == 0 || status == 503, "answered with " + status);
            assertFalse(server.err().contains("\tat ") || server.err().contains("unexpected"), server::err);
        }
    }

    @Test
    void idleConnectionsAreNoReasonToWait() throws Exception {
        String config = config("server: {shutdown-timeout: 1h}");
        try (ServerProcess server = ServerProcess.start("--model", "none", "--config", config).ready();
                Socket silent = server.connect(); Socket kept = server.connect()) {
            kept.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertEquals('H', kept.getInputStream().read());
            server.signal("TERM");
            assertEquals(0, server.exit(), server::err);
        }
    }

    @Test
    void toldTwiceItEndsAtOnce() throws Exception {
        String config = config("server: {shutdown-timeout: 1h, timeout: 1h, queue-tokens: 100000000}");
        try (ServerProcess server = ServerProcess.start("--config", config).ready()) {
            busy(server, 10_000);
            server.signal("TERM");
            ServerProcess.eventually("no new connections", () -> !server.listens());
            server.signal("TERM");
            assertEquals(130, server.exit(), server::err);
        }
    }
}
