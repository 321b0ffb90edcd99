package dev.rerank4j.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A real server on a free port, and a client of it. */
final class TestServer implements AutoCloseable {

    private final RerankServer server;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TestServer(RerankServer server) {
        this.server = server;
    }

    static final ServerOptions OPTIONS = ServerOptions.defaults().withPort(0);

    /** The built-in models, without an index. */
    static TestServer start() {
        return start(OPTIONS);
    }

    static TestServer start(ServerOptions options) {
        return start(options, catalogue(List.of()), List.of());
    }

    static TestServer start(ServerOptions options, Catalogue catalogue, List<ApiKey> keys) {
        return start(options, CompletableFuture.completedFuture(catalogue), keys, AccessLog.NONE);
    }

    static TestServer start(ServerOptions options, CompletableFuture<Catalogue> catalogue, List<ApiKey> keys,
            AccessLog log) {
        return new TestServer(RerankServer.start(options, catalogue, keys, log));
    }

    static Catalogue catalogue(List<ServedIndex> indexes) {
        return new Catalogue(List.of(BuiltIn.MODEL), Optional.of(BuiltIn.SERVED_ENCODER), indexes);
    }

    /** The defaults, but for these limits. */
    static ServerOptions options(long maxBody, int maxDocuments, int maxConcurrent, Duration timeout) {
        return new ServerOptions("127.0.0.1", 0, maxBody, maxDocuments, maxConcurrent, timeout, Duration.ofSeconds(10),
                Set.of());
    }

    int port() {
        return server.port();
    }

    RerankServer server() {
        return server;
    }

    Answer get(String path, String... headers) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body), headers);
    }

    Answer post(String path, byte[] body, String... headers) {
        return send("POST", path, HttpRequest.BodyPublishers.ofByteArray(body), headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody(), headers);
    }

    /** Sends a dialect's request, with its headers and more. */
    Answer post(Dialect dialect, String body, String... headers) {
        return post(dialect.path(), body, dialect.headers(headers));
    }

    Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(60)).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> first = new HashMap<>();
            response.headers().map().forEach((name, values) -> first.put(name.toLowerCase(java.util.Locale.ROOT),
                    values.getFirst()));
            return new Answer(response.statusCode(), first, response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The value of a series of /metrics that begins so; 0 if there is none. */
    double metric(String series, String... headers) {
        return get("/metrics", headers).text().lines().filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
