package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code rerank serve} in a process of its own, on a port that it chose. Killed when it is closed. */
final class ServerProcess implements AutoCloseable {

    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final Pattern LISTENING = Pattern.compile("listening at http://[^ ]*:([0-9]+)/,.*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private boolean ended;

    private ServerProcess(Process process) {
        this.process = process;
        reader = Thread.ofPlatform().daemon().start(this::read);
    }

    static ServerProcess start(String... args) throws IOException, InterruptedException {
        return start(Map.of(), args);
    }

    /** Starts it, and waits until it listens. */
    static ServerProcess start(Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main", "serve", "--port", "0"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(ProcessTest.interruptible(command));
        builder.environment().remove(ServerKeys.VARIABLE);
        builder.environment().putAll(environment);
        ServerProcess server = new ServerProcess(builder.start());
        server.port();
        return server;
    }

    private void read() {
        try (BufferedReader err = process.errorReader()) {
            for (String line = err.readLine(); line != null; line = err.readLine()) {
                said(line);
            }
        } catch (IOException e) {
            // killed
        }
        said(null);
    }

    private synchronized void said(String line) {
        if (line == null) {
            ended = true;
        } else {
            lines.add(line);
        }
        notifyAll();
    }

    /** What it has said so far. */
    synchronized String err() {
        return String.join("\n", lines);
    }

    /** Waits for a line on the standard error. */
    synchronized Matcher line(Pattern pattern) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        for (int i = 0;; i++) {
            while (i == lines.size()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertTrue(!ended && left > 0, () -> "no line like " + pattern + " in:\n" + err());
                wait(left);
            }
            Matcher matcher = pattern.matcher(lines.get(i));
            if (matcher.matches()) {
                return matcher;
            }
        }
    }

    int port() throws InterruptedException {
        return Integer.parseInt(line(LISTENING).group(1));
    }

    ServerProcess ready() throws InterruptedException {
        line(Pattern.compile("Rerank4j answers at .*"));
        return this;
    }

    /** Polls for a condition. */
    static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "must come true: " + what);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** An answer. */
    record Answer(int status, String body, Map<String, List<String>> headers) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(body, e);
            }
        }

        Answer ok() {
            assertEquals(200, status, body);
            return this;
        }
    }

    Answer get(String path, String... headers) {
        return answer("GET", path, null, headers).join();
    }

    Answer post(String path, String body, String... headers) {
        return answer("POST", path, body, headers).join();
    }

    Answer delete(String path, String... headers) {
        return answer("DELETE", path, null, headers).join();
    }

    /** @param body null for none */
    CompletableFuture<Answer> answer(String method, String path, String body, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                    .timeout(BOUND)
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.sendAsync(request.build(), BodyHandlers.ofString())
                    .thenApply((HttpResponse<String> response) -> new Answer(response.statusCode(), response.body(),
                            response.headers().map()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    Socket connect() throws IOException, InterruptedException {
        return new Socket("127.0.0.1", port());
    }

    /** Whether it takes connections. */
    boolean listens() {
        try (Socket socket = connect()) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A meter's value; 0 if it is not there yet. */
    double meter(String start, String... headers) {
        return get("/metrics", headers).ok().body().lines().filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    void signal(String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end. */
    int exit() throws InterruptedException {
        assertTrue(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), () -> "it must come to an end:\n" + err());
        reader.join();
        return process.exitValue();
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        client.close();
    }
}
