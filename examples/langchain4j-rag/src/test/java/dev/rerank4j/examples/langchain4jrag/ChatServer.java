package dev.rerank4j.examples.langchain4jrag;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A chat server on a port of this machine that gives each request the same answer, and notes what it was asked. */
final class ChatServer implements AutoCloseable {

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private ChatServer(String path, int status, String body) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(path, exchange -> answer(exchange, status, body));
        server.start();
    }

    /** OpenAI's chat format. */
    static ChatServer openAi(String answer) {
        return new ChatServer("/v1/chat/completions", 200, """
                {"id": "1", "object": "chat.completion", "created": 1, "model": "small", "choices": [{"index": 0,
                "message": {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}""".formatted(answer));
    }

    /** Ollama's chat format. */
    static ChatServer ollama(String answer) {
        return new ChatServer("/api/chat", 200, """
                {"model": "small", "created_at": "2026-01-01T00:00:00Z", "done": true, "done_reason": "stop",
                "message": {"role": "assistant", "content": "%s"}}""".formatted(answer));
    }

    /** Fails always. */
    static ChatServer failing() {
        return new ChatServer("/", 500, "{\"error\": {\"message\": \"the model is gone\"}}");
    }

    private void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** What it was asked: key and body of each request. */
    List<String> asked() {
        return asked;
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
