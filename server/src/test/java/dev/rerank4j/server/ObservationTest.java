package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a server from outside: that it is counted right, and that nobody's text is in it. */
class ObservationTest {

    private static final String SECRET = "Zyzzyva";

    private static String requests(String route, int status) {
        return "rerank4j_requests_seconds_count{route=\"" + route + "\",status=\"" + status + "\"}";
    }

    /** A request is counted when its answer is sent, which its client may see before. */
    private static void counted(double expected, TestServer server, String series) {
        Until.holds(series + " is " + expected, () -> server.metric(series) == expected);
    }

    @Test
    void requestsPairsAndTokensAreCounted() {
        try (TestServer server = TestServer.start()) {
            server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request().toString()).ok();
            server.post(Dialect.COHERE_V2, Dialect.COHERE_V2.request("leave", List.of("soup")).toString()).ok();
            server.post(Dialect.COHERE_V2, "{");
            server.post(Dialect.TEI, Dialect.TEI.request("leave", List.of("soup ".repeat(600))).toString()).ok();
            counted(2, server, requests("/v2/rerank", 200));
            counted(1, server, requests("/v2/rerank", 400));
            counted(1, server, requests("/rerank", 200));
            counted(5, server, "rerank4j_pairs_total");
            assertTrue(server.metric("rerank4j_tokens_total") > 512);
            counted(1, server, "rerank4j_cut_texts_total");
            counted(3, server, "rerank4j_request_documents_count");
            counted(5, server, "rerank4j_request_documents_sum");
            counted(0, server, "rerank4j_queue_tokens{model=\"rerank4j-minilm-l6-v1\"}");
            assertTrue(server.metric("rerank4j_batches_total{model=\"rerank4j-minilm-l6-v1\"}") > 0);
        }
    }

    @Test
    void whatIsNotThereMakesNoSeries() {
        try (TestServer server = TestServer.start()) {
            for (int i = 0; i < 50; i++) {
                server.get("/nowhere" + i);
                server.get("/v1/models/none" + i);
                server.send("M" + i, "/v2/rerank", java.net.http.HttpRequest.BodyPublishers.noBody());
                server.post(Dialect.COHERE_V2, "{\"query\": \"a\", \"documents\": [\"b\"], \"model\": \"m" + i + "\"}");
            }
            counted(50, server, requests("-", 404));
            List<String> series = server.get("/metrics").text().lines()
                    .filter(line -> line.startsWith("rerank4j_requests_seconds_count")).toList();
            assertTrue(series.size() <= 5, series::toString);
        }
    }

    @Test
    void stagesAndDegradedSearchesAreCounted(@TempDir Path folder) {
        try (PlainIndex index = new PlainIndex("default", folder, BuiltIn.ENCODER);
                TestServer server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index)),
                        List.of())) {
            server.post(Dialect.API_DOCUMENTS, Dialect.API_DOCUMENTS.request().toString()).ok();
            server.post(Dialect.API_SEARCH, Dialect.API_SEARCH.request().toString()).ok();
            for (String stage : List.of("bm25", "vector", "fusion", "rerank")) {
                counted(1, server, "rerank4j_stages_seconds_count{outcome=\"completed\",stage=\"" + stage + "\"}");
            }
            counted(0, server, "rerank4j_degraded_answers_total");
        }
    }

    /** Fails over every text, and says which. */
    private record Babbler(RuntimeException failure) implements Scorer {

        @Override
        public String name() {
            return "babbler";
        }

        @Override
        public Scores score(ScoreRequest request) {
            throw failure;
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    @Test
    void nobodysTextIsInMetricsOrLogs(@TempDir Path folder) throws IOException {
        ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                StringWriter text = new StringWriter();
                text.append(entry.getMessage()).append(String.valueOf(List.of(
                        entry.getParameters() == null ? new Object[0] : entry.getParameters())));
                if (entry.getThrown() != null) {
                    entry.getThrown().printStackTrace(new PrintWriter(text));
                }
                logged.add(text.toString());
            }

            @Override
            public void flush() {
                // nothing is kept back
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        handler.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        Logger ours = Logger.getLogger("dev.rerank4j");
        Level before = ours.getLevel();
        root.addHandler(handler);
        ours.setLevel(Level.ALL);
        try {
            List<String> seen = new ArrayList<>();
            try (PlainIndex index = new PlainIndex("default", folder, BuiltIn.ENCODER)) {
                seen.addAll(ask(TestServer.catalogue(List.of(index)), logged));
            }
            for (RuntimeException failure : List.of(new IllegalStateException("cannot read " + SECRET),
                    new RerankException(RerankException.Kind.INTERNAL, "failed", new IllegalStateException(SECRET)),
                    new RerankException(RerankException.Kind.MODEL, "failed", new IllegalStateException(SECRET)))) {
                ServedModel model = new ServedModel("babbler", new Babbler(failure), 512, List::of,
                        ServedModel.Load.UNKNOWN);
                seen.addAll(ask(new Catalogue(List.of(model), Optional.empty(), List.of()), logged));
            }
            assertTrue(logged.stream().anyMatch(line -> line.contains("failed unexpectedly")), logged::toString);
            for (String text : seen) {
                assertFalse(text.contains(SECRET), text);
            }
            for (String text : logged) {
                assertFalse(text.contains(SECRET), text);
            }
        } finally {
            root.removeHandler(handler);
            ours.setLevel(before);
        }
    }

    /** Asks everything about the secret, well and badly; what metrics and the access log then say. */
    private static List<String> ask(Catalogue catalogue, ConcurrentLinkedQueue<String> logged) throws IOException {
        List<String> entries = new ArrayList<>();
        try (TestServer server = TestServer.start(TestServer.OPTIONS, CompletableFuture.completedFuture(catalogue),
                List.of(), entry -> logged.add(entry.toString()))) {
            for (Dialect dialect : Dialect.values()) {
                String body = dialect.request(SECRET, List.of(SECRET, SECRET + " " + SECRET)).toString();
                Answer answer = server.post(dialect, body);
                if (answer.status() >= 500) {
                    assertFalse(answer.text().contains(SECRET), answer::text);
                }
                for (String bad : List.of(body.substring(0, body.length() - 1), body.replace("\"" + SECRET + "\"",
                        "{\"" + SECRET + "\": [1]}"), "\"" + SECRET + "\"", SECRET,
                        body.replace("[", "[1, "),
                        body.replace(SECRET, SECRET + " ".repeat(3000) + "x ".repeat(700)))) {
                    Answer refused = server.post(dialect, bad);
                    if (refused.status() >= 400 && !bad.contains("{\"" + SECRET)) { // a key may be named
                        entries.add(refused.text());
                    }
                }
            }
            server.get("/" + SECRET);
            server.get("/v1/models/" + SECRET);
            server.delete("/api/documents?id=" + SECRET);
            try (Wire wire = new Wire(server)) {
                wire.send("GET /" + SECRET + " HTTP/9\r\n" + SECRET + "\r\n\r\n").closed();
            }
            entries.add(server.get("/metrics").text());
        }
        return entries;
    }
}
