package dev.rerank4j.remote;

import dev.rerank4j.opensearchserver.OpenSearchServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** One real OpenSearch for all tests of a run, started when the first of them wants it. */
final class RealOpenSearch {

    private static final OpenSearchServer SERVER = start();
    private static final AtomicInteger INDEXES = new AtomicInteger();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private RealOpenSearch() {
    }

    private static OpenSearchServer start() {
        try {
            OpenSearchServer server = OpenSearchServer.start(Path.of(System.getProperty("opensearch.server")),
                    Path.of(System.getProperty("opensearch.data")), "512m");
            // It also ends with the input that this process is to it.
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static URI address() {
        return SERVER.address();
    }

    /** A name that no other test has. */
    static String newIndex() {
        return "test-" + INDEXES.incrementAndGet();
    }

    static OpenSearchOptions options(String index) {
        return OpenSearchOptions.of(RemoteOptions.at(address()), index);
    }

    /** Asks without a client of ours; gives the body. */
    static String ask(String method, String path, String body) {
        try {
            HttpResponse<String> response = CLIENT.send(HttpRequest.newBuilder(address().resolve(path))
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IOException(response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Removes all indexes of tests. */
    static void clear() {
        ask("DELETE", "/test-*", "");
    }
}
