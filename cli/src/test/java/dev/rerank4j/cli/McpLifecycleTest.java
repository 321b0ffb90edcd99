package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rerank mcp} from its first moment to its last. */
@Timeout(300)
class McpLifecycleTest {

    private static final String LEAVE = "../examples/handbook/docs/leave.md";

    @TempDir
    private static Path cache;

    @TempDir
    private Path folder;

    private String index;

    @BeforeAll
    static void unpackOnce() {
        assertEquals(0, shell().run("models"));
    }

    private static TestShell shell() {
        return new TestShell().cache(cache);
    }

    @BeforeEach
    void makeIndex() {
        index = folder.resolve("index").toString();
        index(LEAVE);
    }

    private void index(String file) {
        TestShell shell = shell();
        assertEquals(0, shell.run("index", "--index", index, file), shell::err);
    }

    private McpProcess start(String... more) throws Exception {
        return McpProcess.start(cache,
                Stream.concat(Stream.of("--index", index), Stream.of(more)).toArray(String[]::new));
    }

    private static List<String> documents(McpProcess mcp, String query) {
        return mcp.tool("search", "{\"query\": \"" + query + "\", \"unit\": \"document\"}")
                .at("/structuredContent/hits").findValuesAsText("document");
    }

    @Test
    void itGreetsInTheClientsVersionOrItsOwn() throws Exception {
        try (McpProcess mcp = start("--reranker", "none")) {
            assertEquals("the first request must be initialize",
                    mcp.error("tools/list", null).path("message").asText());
            assertTrue(mcp.result("ping", null).isEmpty(), "also before that");
            assertEquals(-32601, mcp.error("server/discover", "{}").path("code").asInt(), "clients of 2026 try that");
            for (String params : new String[]{null, "[]", "5"}) {
                assertEquals(-32602, mcp.error("initialize", params).path("code").asInt());
            }
            for (String version : List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")) {
                JsonNode greeting = mcp.result("initialize", McpProcess.greeting(version));
                assertEquals(version, greeting.path("protocolVersion").asText());
            }
            JsonNode greeting = mcp.result("initialize", McpProcess.greeting("2099-01-01"));
            assertEquals("2025-11-25", greeting.path("protocolVersion").asText());
            assertEquals("rerank4j", greeting.at("/serverInfo/name").asText());
            assertTrue(greeting.at("/capabilities/tools").isObject());
            assertTrue(greeting.at("/capabilities/resources").isObject());
            assertFalse(greeting.path("instructions").asText().isBlank());
            assertEquals(List.of("search"), mcp.result("tools/list", null).path("tools").findValuesAsText("name"),
                    "also if the client forgets to say that it is initialized; without a model there is no rerank");
            assertEquals("min_probability needs a reranker, and this server has none: leave it out",
                    mcp.refusal("search", "{\"query\": \"leave\", \"min_probability\": 0.5}"));
        }
    }

    @Test
    void whatLibrariesPrintDoesNotStandBetweenMessages() throws Exception {
        try (McpProcess mcp = McpProcess.of("dev.rerank4j.cli.NoisyMain", cache, "--index", index).greeted()) {
            assertFalse(documents(mcp, "leave").isEmpty());
            mcp.hangUp();
            assertEquals(0, mcp.exit());
            assertTrue(mcp.saysNothingElse());
            assertTrue(mcp.err().contains("a library says something"), mcp::err);
        }
    }

    @Test
    void whatWasAskedBeforeTheInputEndedIsAnswered() throws Exception {
        try (McpProcess mcp = start()) {
            CompletableFuture<JsonNode> greeting = mcp.send("initialize", McpProcess.greeting("2025-11-25"));
            CompletableFuture<JsonNode> search = mcp.send("tools/call",
                    McpProcess.call("search", "{\"query\": \"leave\"}"));
            mcp.hangUp();
            assertEquals(0, mcp.exit(), mcp::err);
            assertTrue(greeting.join().has("result"));
            assertTrue(search.join().at("/result/structuredContent/hits").size() > 0);
            assertEquals("", mcp.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void toldToStopItEndsWhateverRuns(String signal) throws Exception {
        String texts = ("\"" + "the days of leave are counted from January ".repeat(60) + "\",").repeat(999) + "\"a\"";
        try (McpProcess mcp = start().greeted()) {
            documents(mcp, "leave"); // it is ready
            CompletableFuture<JsonNode> running = mcp.send("tools/call",
                    McpProcess.call("rerank", "{\"query\": \"leave\", \"texts\": [" + texts + "]}"));
            mcp.result("ping", null); // it has been read
            mcp.signal(signal);
            assertEquals(0, mcp.exit(), mcp::err);
            assertTrue(running.isCompletedExceptionally());
            assertEquals("", mcp.err());
        }
    }

    @Test
    void theIndexMayChangeBeGoneAndBeMadeAnewMeanwhile() throws Exception {
        try (McpProcess mcp = start().greeted()) {
            assertEquals(List.of(LEAVE), documents(mcp, "when do I get my salary"));
            index("../examples/handbook/docs/pay.md");
            assertTrue(documents(mcp, "when do I get my salary").contains("../examples/handbook/docs/pay.md"));
            assertEquals(2, mcp.result("resources/list", "{}").path("resources").size());

            delete(Path.of(index));
            index("../examples/handbook/docs/travel.md");
            index("../examples/handbook/docs/security.md");
            index("../examples/handbook/docs/offices.md");
            List<String> documents = documents(mcp, "when do I get my salary");
            assertFalse(documents.contains(LEAVE), documents::toString);
            assertTrue(documents.contains("../examples/handbook/docs/travel.md"), documents::toString);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void filesAreIndexedAtTheStart() throws Exception {
        try (McpProcess mcp = McpProcess.start(cache, "--docs", LEAVE).greeted()) {
            assertEquals(1, documents(mcp, "days of leave").size());
            JsonNode resource = mcp.result("resources/list", "{}").at("/resources/0");
            String read = mcp.result("resources/read", "{\"uri\": " + resource.path("uri") + "}")
                    .at("/contents/0/text").asText();
            assertTrue(read.startsWith("# Annual leave and other time off\n\n"), read);
            assertTrue(read.contains("\n\n### Carrying days over\n\nYou may take up to five unused days"), read);
            mcp.hangUp();
            assertEquals(0, mcp.exit(), mcp::err);
        }
    }

    @Test
    void theConfigurationFileCounts() throws Exception {
        Path config = Files.writeString(folder.resolve("mcp.yaml"),
                "search: {limit: 2, depth: 20, retriever: bm25}\ncontext: {tokens: 60}\nreranker: {model: none}\n");
        try (McpProcess mcp = start("--config", config.toString()).greeted()) {
            JsonNode found = mcp.tool("search", "{\"query\": \"leave\"}");
            assertEquals(2, found.at("/structuredContent/hits").size());
            assertTrue(found.at("/content/1/text").asText().contains("in 60 tokens"), found::toString);
        }
    }

    @Test
    void whatCannotBeServedEndsItWithASentence() throws Exception {
        try (McpProcess mcp = McpProcess.start(cache, "--index", "pom.xml")) {
            assertEquals(3, mcp.exit());
            assertTrue(mcp.err().startsWith("rerank: ") && mcp.err().contains("pom.xml is a file"), mcp::err);
            assertEquals(1, mcp.err().lines().count());
        }
        for (String[] wrong : new String[][]{{}, {"--index", "nowhere"}, {"--docs", "nowhere"},
                {"--index", ".", "--docs", "."}}) {
            try (McpProcess mcp = McpProcess.start(cache, wrong)) {
                assertEquals(2, mcp.exit());
                assertTrue(mcp.err().startsWith("rerank: "), mcp::err);
                assertTrue(mcp.saysNothingElse());
            }
        }
    }
}
