package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.onnx.HubAnswer;
import dev.rerank4j.onnx.HubRepository;
import dev.rerank4j.onnx.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models of a hub in processes of their own: signals, servers, clients. */
@Timeout(300)
class HubProcessTest {

    private static final int SENT = 5_000_000;

    @TempDir
    private Path folder;

    private HubServer server;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @BeforeEach
    void start() throws IOException {
        server = HubServer.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.close();
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of("RERANK4J_CACHE", folder.resolve("cache").toString(), "HF_HOME",
                folder.resolve("hf").toString(), "HF_ENDPOINT", server.endpoint().toString()));
    }

    private Process process(String... args) throws IOException, InterruptedException {
        return process(List.of(), args);
    }

    private Process process(List<String> before, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(ProcessTest.interruptible(command));
        builder.environment().putAll(environment());
        return builder.redirectErrorStream(true).start();
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next large file stops coming after some millions of bytes, until the test lets it go on. */
    private void holdALargeFile() {
        server.next("lfs/", HubAnswer.pause(SENT, () -> {
            reached.countDown();
            try {
                assertTrue(end.await(240, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private void model() {
        HubRepository model = HubModels.reranker("acme/reranker");
        model.commit("main");
        server.serve(model);
    }

    @Test
    void interruptedAPullKeepsWhatHasComeAndGoesOnFromThere() throws Exception {
        model();
        holdALargeFile();
        Process pull = process("models", "pull", "acme/reranker");
        assertTrue(reached.await(120, TimeUnit.SECONDS));
        assertEquals(0, new ProcessBuilder("kill", "-INT", "" + pull.pid()).start().waitFor());
        String said = said(pull);
        assertEquals(130, pull.waitFor(), said);
        assertTrue(said.contains("\nstopping\n"), said);
        assertTrue(said.endsWith("rerank: interrupted; what is downloaded of acme/reranker is kept, and running this "
                + "again goes on from there\n"), said);
        end.countDown();
        server.forget();
        Process again = process("models", "pull", "acme/reranker");
        String done = said(again);
        assertEquals(0, again.waitFor(), done);
        assertTrue(done.contains("--reranker acme/reranker"), done);
        String range = server.calls().stream().filter(call -> !call.hub()).findFirst().orElseThrow().range()
                .orElseThrow();
        long from = Long.parseLong(range.replaceAll("\\D", ""));
        assertTrue(from > 0 && from <= SENT, range);
        assertEquals(0, process("models", "verify", "acme/reranker").waitFor());
    }

    @Test
    void killedInTheMiddleTheNextOneGoesOn() throws Exception {
        model();
        holdALargeFile();
        Process search = process("search", "--docs", "pom.xml", "--reranker", "acme/reranker", "hub");
        assertTrue(reached.await(120, TimeUnit.SECONDS));
        search.destroyForcibly().waitFor();
        end.countDown();
        Process again = process("search", "--docs", "../examples/handbook/docs/leave.md", "--reranker", "acme/reranker",
                "days of leave");
        String said = said(again);
        assertEquals(0, again.waitFor(), said);
        assertTrue(said.contains("leave.md"), said);
    }

    @Test
    void whatCannotBeWrittenInTheMiddleIsOneSentenceAndWithMoreSpaceItGoesOn() throws Exception {
        model();
        // No file may get longer than 4 MiB or so: as on a disk that gets full.
        Process pull = process(List.of("sh", "-c", "ulimit -f 8192; exec \"$@\"", "sh"), "models", "pull",
                "acme/reranker");
        String said = said(pull);
        assertEquals(3, pull.waitFor(), said);
        List<String> lines = said.lines().filter(line -> !line.startsWith("downloading ")).toList();
        assertEquals(1, lines.size(), said);
        assertTrue(lines.getFirst().startsWith("rerank: the cache " + folder.resolve("hf/hub") + " cannot be used"),
                said);
        server.forget();
        Process again = process("models", "pull", "acme/reranker");
        String done = said(again);
        assertEquals(0, again.waitFor(), done);
        assertTrue(server.calls().stream().anyMatch(call -> call.range().isPresent()), server.calls()::toString);
        assertEquals(0, process("models", "verify", "acme/reranker").waitFor());
    }

    @Test
    void aServerKnowsItsModelsByTheirNamesAndClientsToo() throws Exception {
        HubRepository reranker = HubModels.golden("acme/reranker", "rerankers/xlm-roberta");
        String commit = reranker.commit("main");
        HubRepository encoder = HubModels.golden("acme/encoder", "encoders/bert-cls");
        encoder.commit("v1");
        server.serve(reranker, encoder);
        String index = folder.resolve("index").toString();
        String[] options = {"--model", "acme/reranker", "--encoder", "acme/encoder@v1", "--index", index};
        try (ServerProcess served = ServerProcess.start(environment(), options).ready()) {
            assertTrue(served.err().contains("downloading acme/reranker from " + server.endpoint()), served.err());
            assertEquals("[\"acme/reranker\",\"acme/encoder@v1\"]",
                    names(served.get("/v1/models").ok().json().get("data"), "id"));
            assertEquals("acme/reranker", served.get("/v1/models/acme/reranker").ok().json().get("id").asText());
            assertEquals("[\"acme/reranker\",\"acme/encoder@v1\"]",
                    names(served.get("/api/indexes").ok().json().get("models"), "name"));
            JsonNode info = served.get("/info").ok().json();
            assertEquals("acme/reranker", info.get("model_id").asText());
            assertEquals(commit, info.get("model_sha").asText());
            assertEquals("float32", info.get("model_dtype").asText());

            JsonNode pairs = Json.MAPPER.readTree(HubModels.GOLDEN.resolve("pairs.json").toFile());
            JsonNode expected = Json.MAPPER
                    .readTree(HubModels.GOLDEN.resolve("rerankers/xlm-roberta/expected.json").toFile());
            String request = Json.text(Map.of("model", "acme/reranker", "query", pairs.at("/2/0").asText(),
                    "documents", List.of(pairs.at("/2/1").asText())));
            JsonNode answer = served.post("/v2/rerank", request, "content-type", "application/json").ok().json();
            assertEquals(expected.at("/probabilities/2").asDouble(),
                    answer.at("/results/0/relevance_score").asDouble(), 1e-4);

            JsonNode vectors = Json.MAPPER
                    .readTree(HubModels.GOLDEN.resolve("encoders/bert-cls/expected.json").toFile());
            JsonNode embedded = served.post("/v1/embeddings", Json.text(Map.of("model", "acme/encoder@v1", "input",
                    List.of(pairs.at("/0/1").asText()))), "content-type", "application/json").ok().json();
            assertEquals("acme/encoder@v1", embedded.get("model").asText());
            assertEquals(vectors.at("/passages/0/0").asDouble(), embedded.at("/data/0/embedding/0").asDouble(), 1e-4);

            served.post("/api/documents", "{\"documents\": [{\"id\": \"a\", \"text\": \"25 days of leave\"}]}",
                    "content-type", "application/json").ok();
        }
        server.close(); // from the cache it starts without
        Map<String, String> offline = environment();
        offline.put("HF_HUB_OFFLINE", "1");
        try (ServerProcess served = ServerProcess.start(offline, options).ready()) {
            JsonNode found = served.post("/api/search", "{\"query\": \"leave\"}", "content-type", "application/json")
                    .ok().json();
            assertEquals("a", found.at("/hits/0/document").asText(), found.toString());
        }
    }

    private static String names(JsonNode list, String key) {
        List<String> names = new ArrayList<>();
        list.forEach(one -> names.add(one.get(key).asText()));
        return Json.text(names);
    }

    @Test
    void aServerToldToStopWhileItDownloadsStops() throws Exception {
        model();
        holdALargeFile();
        try (ServerProcess served = ServerProcess.start(environment(), "--reranker", "acme/reranker")) {
            assertTrue(reached.await(120, TimeUnit.SECONDS));
            assertEquals(503, served.get("/health/ready").status());
            served.signal("TERM");
            assertEquals(0, served.exit(), served::err);
            served.line(Pattern.compile("interrupted; what is downloaded of acme/reranker is kept.*"));
            assertTrue(served.err().endsWith("stopped"), served.err());
        }
    }

    @Test
    void anAssistantThatGoesAwayWhileItDownloadsEndsIt() throws Exception {
        model();
        holdALargeFile();
        try (McpProcess assistant = McpProcess.start(environment(), "--docs", "pom.xml", "--reranker",
                "acme/reranker")) {
            assertTrue(reached.await(120, TimeUnit.SECONDS));
            assistant.hangUp();
            end.countDown();
            assertEquals(0, assistant.exit(), assistant::err);
        }
    }
}
