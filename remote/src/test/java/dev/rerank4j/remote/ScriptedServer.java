package dev.rerank4j.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real server on a real port whose answers a test writes, and which remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

    /**
     * What was asked.
     *
     * @param path with the query
     * @param headers by their names in lower case
     */
    record Received(String method, String path, Map<String, String> headers, String body) {
    }

    /** What is answered. */
    record Answer(int status, Map<String, String> headers, String body) {

        static Answer json(String body) {
            return json(200, body);
        }

        static Answer json(int status, String body) {
            return new Answer(status, Map.of("Content-Type", "application/json"), body);
        }

        Answer with(String header, String value) {
            Map<String, String> more = new TreeMap<>(headers);
            more.put(header, value);
            return new Answer(status, more, body);
        }
    }

    private ScriptedServer(Function<Received, Answer> script) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, script));
        server.start();
    }

    /** Answers each request by what the function gives; called by several threads. */
    static ScriptedServer by(Function<Received, Answer> script) throws IOException {
        return new ScriptedServer(script);
    }

    /** Gives these answers one after the other, and the last again and again. */
    static ScriptedServer answering(Answer... answers) throws IOException {
        Deque<Answer> left = new ArrayDeque<>(List.of(answers));
        return new ScriptedServer(request -> {
            synchronized (left) {
                return left.size() > 1 ? left.removeFirst() : left.getFirst();
            }
        });
    }

    private void answer(HttpExchange exchange, Function<Received, Answer> script) throws IOException {
        try (exchange) {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT),
                    String.join(", ", values)));
            Received request = new Received(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            received.add(request);
            Answer answer = script.apply(request);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** What was asked so far, in that order. */
    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
