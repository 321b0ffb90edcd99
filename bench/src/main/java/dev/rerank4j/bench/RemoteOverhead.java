package dev.rerank4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.remote.RemoteOptions;
import dev.rerank4j.remote.RemoteScorer;
import dev.rerank4j.remote.RerankApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a scorer of a remote API adds to Java's own HTTP client: the same bytes to the same server in this process, which
 * has its answer ready, a hundred calls in turn. The client alone neither makes the request's JSON nor reads the answer's.
 * Argument, optional: a share of the usual number of calls, such as 0.1 for a look.
 */
final class RemoteOverhead {

    private static final int EACH = 100;

    private RemoteOverhead() {
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        double share = args.length > 0 ? Double.parseDouble(args[0]) : 1;
        int rounds = (int) Math.ceil(40 * share);
        ExampleRequests examples = new ExampleRequests();
        System.out.printf("%-28s %5s %9s %8s %9s %9s %13s %7s%n", "", "texts", "kB sent", "calls", "p50 ms", "p99 ms",
                "added p50 ms", "x p50");
        for (int texts : new int[]{1, 10, 50, 100}) {
            AtomicReference<byte[]> sent = new AtomicReference<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                HttpServer server = serve(answer(texts), sent, threads);
                URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
                try (RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "", RemoteOptions.at(address));
                        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                    List<ScoreRequest> requests = examples.make(rounds * EACH, texts, texts).stream()
                            .map(work -> ScoreRequest.of(work.query(), work.documents())).toList();
                    List<HttpRequest> bare = new ArrayList<>();
                    long bytes = 0;
                    for (ScoreRequest request : requests) {
                        scorer.score(request);
                        bytes += sent.get().length;
                        bare.add(HttpRequest.newBuilder(address.resolve("/v2/rerank"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(sent.get())).build());
                    }
                    print(texts, bytes / 1e3 / requests.size(), new ClosedLoop(1)
                            .add("HttpClient", () -> number -> send(client, bare.get(number)))
                            .add("RemoteScorer", () -> number -> scorer.score(requests.get(number)))
                            .run(rounds / 2, rounds, EACH));
                } finally {
                    server.stop(0);
                }
            }
        }
    }

    private static void send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IllegalStateException("status " + response.statusCode());
        }
    }

    private static HttpServer serve(byte[] answer, AtomicReference<byte[]> sent, ExecutorService threads)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            sent.set(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static byte[] answer(int texts) {
        JsonArray results = new JsonArray();
        for (int i = 0; i < texts; i++) {
            JsonObject result = new JsonObject();
            result.addProperty("index", i);
            result.addProperty("relevance_score", 1 / (1.5 + i));
            results.add(result);
        }
        JsonObject answer = new JsonObject();
        answer.add("results", results);
        answer.addProperty("id", "answer");
        return new Gson().toJson(answer).getBytes(StandardCharsets.UTF_8);
    }

    /** Against the first: the median of what is added call by call, and the ratio of the medians. */
    private static void print(int texts, double kilobytes, Map<String, ClosedLoop.Measured> measured) {
        ClosedLoop.Measured first = measured.values().iterator().next();
        measured.forEach((name, own) -> {
            double[] added = new double[own.millis().length];
            Arrays.setAll(added, i -> own.millis()[i] - first.millis()[i]);
            System.out.printf("%-28s %5d %9.1f %8d %9.3f %9.3f %13.3f %7.2f%n", name, texts, kilobytes, added.length,
                    own.percentile(50), own.percentile(99), Rounds.percentile(added, 50),
                    own.percentile(50) / first.percentile(50));
        });
    }
}
