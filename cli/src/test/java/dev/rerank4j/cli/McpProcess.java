package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code rerank mcp} in a process of its own, and a client of it. Killed when it is closed. */
final class McpProcess implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final OutputStream in;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final BlockingQueue<JsonNode> unasked = new LinkedBlockingQueue<>();
    private final List<String> noise = new ArrayList<>();
    private final StringBuffer err = new StringBuffer();
    private final List<Thread> readers;

    private McpProcess(Process process) {
        this.process = process;
        in = process.getOutputStream();
        readers = List.of(Thread.ofPlatform().daemon().start(this::readOut),
                Thread.ofPlatform().daemon().start(this::readErr));
    }

    /** Starts it; nothing is said yet. */
    static McpProcess start(Path cache, String... args) throws IOException, InterruptedException {
        return of("dev.rerank4j.cli.Main", cache, args);
    }

    /** Starts it in another environment. */
    static McpProcess start(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        return of("dev.rerank4j.cli.Main", environment, args);
    }

    /** Starts a main class that does the same. */
    static McpProcess of(String main, Path cache, String... args) throws IOException, InterruptedException {
        return of(main, Map.of("RERANK4J_CACHE", cache.toString()), args);
    }

    private static McpProcess of(String main, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main, "mcp"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(ProcessTest.interruptible(command));
        builder.environment().putAll(environment);
        return new McpProcess(builder.start());
    }

    private void readOut() {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                read(line);
            }
        } catch (IOException e) {
            // killed
        }
        asked.values().forEach(answer -> answer.completeExceptionally(new AssertionError("no answer:\n" + err)));
    }

    private void read(String line) {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (IOException e) {
            noise.add(line);
            return;
        }
        if (!message.path("jsonrpc").asText().equals("2.0")) {
            noise.add(line);
            return;
        }
        CompletableFuture<JsonNode> answer = asked.remove(message.path("id").asInt(-1));
        if (answer == null) {
            unasked.add(message);
        } else {
            answer.complete(message);
        }
    }

    private void readErr() {
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                err.append(line).append('\n');
            }
        } catch (IOException e) {
            // killed
        }
    }

    String err() {
        return err.toString();
    }

    /** Says something, whatever it is. */
    void say(String line) {
        say((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void say(byte[] bytes) {
        try {
            synchronized (in) {
                in.write(bytes);
                in.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(err(), e);
        }
    }

    /** What it says that no request asked for, such as of a line that is no message. */
    JsonNode next() throws InterruptedException {
        JsonNode message = unasked.poll(BOUND.toSeconds(), TimeUnit.SECONDS);
        assertTrue(message != null, () -> "nothing came:\n" + err);
        return message;
    }

    /** The number of the request that is sent next. */
    int nextId() {
        return ids.get() + 1;
    }

    CompletableFuture<JsonNode> send(String method, String params) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        say("{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"" + method + "\""
                + (params == null ? "" : ", \"params\": " + params) + "}");
        return answer.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    void notice(String method, String params) {
        say("{\"jsonrpc\": \"2.0\", \"method\": \"" + method + "\", \"params\": " + params + "}");
    }

    /** The result of a request that must succeed. */
    JsonNode result(String method, String params) {
        JsonNode answer = send(method, params).join();
        assertTrue(answer.has("result"), answer::toString);
        return answer.path("result");
    }

    /** The error of a request that must not. */
    JsonNode error(String method, String params) {
        JsonNode answer = send(method, params).join();
        assertTrue(answer.has("error"), answer::toString);
        return answer.path("error");
    }

    McpProcess greeted() {
        result("initialize", greeting("2025-11-25"));
        notice("notifications/initialized", "{}");
        return this;
    }

    static String greeting(String version) {
        return "{\"protocolVersion\": \"" + version
                + "\", \"capabilities\": {}, \"clientInfo\": {\"name\": \"test\", \"version\": \"1\"}}";
    }

    static String call(String tool, String arguments) {
        return "{\"name\": \"" + tool + "\", \"arguments\": " + arguments + "}";
    }

    /** What a tool answers that must not refuse. */
    JsonNode tool(String name, String arguments) {
        JsonNode result = result("tools/call", call(name, arguments));
        assertTrue(!result.path("isError").asBoolean(), result::toString);
        return result;
    }

    /** The sentence with which a tool refuses. */
    String refusal(String name, String arguments) {
        JsonNode result = result("tools/call", call(name, arguments));
        assertTrue(result.path("isError").asBoolean(), result::toString);
        assertEquals(1, result.path("content").size(), result::toString);
        return result.at("/content/0/text").asText();
    }

    static String quoted(String text) {
        return JSON.getNodeFactory().textNode(text).toString();
    }

    void signal(String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
    }

    void hangUp() throws IOException {
        in.close();
    }

    /** Waits for its end; there must not have been a line but messages. */
    int exit() throws InterruptedException {
        assertTrue(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), () -> "it must come to an end:\n" + err);
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals(List.of(), noise, "nothing but messages on the standard output");
        return process.exitValue();
    }

    boolean saysNothingElse() {
        return unasked.isEmpty();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        for (Thread reader : readers) {
            reader.join();
        }
    }
}
