package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Rerank APIs of others on a real port, as their documentation shows their answers. What shares most words with the
 * query is best.
 */
final class ProviderServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile Function<Asked, Integer> status = request -> 200;

    /**
     * What was asked.
     *
     * @param number the first is 1
     * @param key as it was sent; empty if none was
     */
    record Asked(int number, String path, String key, JsonNode body) {
    }

    ProviderServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** From now on answers with these statuses; other than 200 have no body that means anything. */
    void answering(Function<Asked, Integer> with) {
        status = with;
    }

    /** What was asked so far. */
    List<Asked> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            Asked request;
            synchronized (asked) {
                String key = exchange.getRequestHeaders().getFirst("Authorization");
                request = new Asked(asked.size() + 1, exchange.getRequestURI().getPath(), key == null ? "" : key, body);
                asked.add(request);
            }
            int code = status.apply(request);
            byte[] answer = (code == 200 ? Json.text(answer(request)) : "{\"message\": \"no\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(code, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private static JsonNode answer(Asked request) {
        return switch (request.path()) {
            case "/v2/rerank" -> cohere(request.body());
            case "/rerank" -> tei(request.body());
            case "/api/chat" -> ollama();
            default -> throw new AssertionError("nothing is served at " + request.path());
        };
    }

    /** https://docs.cohere.com/reference/rerank: a search unit is a query with up to 100 documents. */
    private static JsonNode cohere(JsonNode body) {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("id", "1");
        int documents = body.get("documents").size();
        results(body.get("query").asText(), body.get("documents"), answer.putArray("results"), "relevance_score");
        answer.putObject("meta").putObject("billed_units").put("search_units", (documents + 99) / 100);
        return answer;
    }

    /** https://huggingface.github.io/text-embeddings-inference: no word on what it took. */
    private static JsonNode tei(JsonNode body) {
        ArrayNode answer = Json.MAPPER.createArrayNode();
        results(body.get("query").asText(), body.get("texts"), answer, "score");
        return answer;
    }

    /** https://github.com/ollama/ollama/blob/main/docs/api.md: what was shown third is best. */
    private static JsonNode ollama() {
        ObjectNode answer = Json.MAPPER.createObjectNode().put("model", "qwen3").put("done", true)
                .put("prompt_eval_count", 200).put("eval_count", 10);
        answer.putObject("message").put("role", "assistant").put("content", "[3] > [2] > [1]");
        return answer;
    }

    /** Best first. */
    private static void results(String query, JsonNode texts, ArrayNode results, String name) {
        List<ObjectNode> all = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).isTextual() ? texts.get(i).asText() : texts.get(i).get("text").asText();
            all.add(Json.MAPPER.createObjectNode().put("index", i).put(name, score(query, text)));
        }
        all.sort((a, b) -> Double.compare(b.get(name).asDouble(), a.get(name).asDouble()));
        results.addAll(all);
    }

    /** 0 to 1. */
    static double score(String query, String text) {
        Set<String> words = words(text);
        Set<String> wanted = words(query);
        return wanted.stream().filter(words::contains).count() / (double) wanted.size();
    }

    private static Set<String> words(String text) {
        return new HashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("\\W+")));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
