package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rerankers of others are judged beside our own, with what they cost. */
@Timeout(300)
class EvalProvidersTest {

    private static final String CONFIG = """
            providers:
              cohere: {address: ADDRESS, key-env: OUR_KEY, price: 2.5, currency: USD, retries: 0}
              ours: {type: tei, address: ADDRESS, retries: 0}
            """;

    @TempDir
    private Path folder;
    private ProviderServer provider;
    private Path config;

    @BeforeEach
    void start() throws IOException {
        provider = new ProviderServer();
        Path data = Files.createDirectories(folder.resolve("data/qrels")).getParent();
        List<String> corpus = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        String[] words = {"granite", "harbour", "lantern", "meadow", "orchard", "pebble", "quarry", "river", "saddle",
                "timber"};
        for (int i = 0; i < words.length; i++) {
            corpus.add("{\"_id\": \"d" + i + "\", \"title\": \"\", \"text\": \"The " + words[i] + " and the "
                    + words[(i + 3) % words.length] + " stand beside the old road.\"}");
            queries.add("{\"_id\": \"q" + i + "\", \"text\": \"where is the " + words[i] + "\"}");
            qrels.add("q" + i + "\td" + i + "\t1");
        }
        Files.write(data.resolve("corpus.jsonl"), corpus);
        Files.write(data.resolve("queries.jsonl"), queries);
        Files.write(data.resolve("qrels/test.tsv"), qrels);
        config = Files.writeString(folder.resolve("config.yaml"), CONFIG.replace("ADDRESS", provider.address()));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private TestShell shell() {
        return new TestShell().cache(folder.resolve("cache")).set("OUR_KEY", "sk-of-nobody").columns(140);
    }

    private int eval(TestShell shell, String systems, String... more) {
        List<String> all = new ArrayList<>(List.of("eval", "--data", folder.resolve("data").toString(), "--config",
                config.toString(), "--systems", systems, "--depth", "5"));
        all.addAll(List.of(more));
        return shell.run(all.toArray(String[]::new));
    }

    @Test
    void qualityLatencyAndCostStandInOneTable() throws IOException {
        Path json = folder.resolve("report.json");
        Path html = folder.resolve("report.html");
        TestShell shell = shell();
        assertEquals(0, eval(shell, "bm25,bm25+rerank:built-in,bm25+rerank:cohere,bm25+model:cohere,bm25+rerank:ours",
                "--yes", "--json", json.toString(), "--html", html.toString()), shell.err());
        JsonNode systems = Json.MAPPER.readTree(json.toFile()).get("systems");
        JsonNode cohere = systems.at("/bm25+rerank:cohere/per-1000-queries");
        assertEquals(1000, cohere.get("calls").asDouble());
        assertEquals(1000, cohere.get("billed").asDouble());
        assertEquals("search units", cohere.get("unit").asText());
        assertEquals(2.5, cohere.get("cost").asDouble(), 1e-9);
        assertEquals("USD", cohere.get("currency").asText());
        JsonNode ours = systems.at("/bm25+rerank:ours/per-1000-queries");
        assertEquals(1000, ours.get("calls").asDouble());
        assertFalse(ours.has("billed") || ours.has("cost"), "what nobody says is not guessed: " + ours);
        assertEquals(0, systems.at("/bm25+rerank:built-in/per-1000-queries/calls").asDouble());
        String row = shell.out().lines().filter(line -> line.startsWith("bm25+rerank:cohere")).findFirst()
                .orElseThrow();
        assertTrue(row.endsWith("1,000  1,000 search units  2.50 USD"), row);
        assertTrue(shell.out().lines().anyMatch(line -> line.startsWith("bm25+rerank:ours")
                && line.matches(".* 1,000 +- +-")), shell.out());
        assertTrue(shell.out().contains("bm25+rerank:cohere − bm25+rerank:built-in"), shell.out());
        String page = Files.readString(html);
        assertTrue(page.contains("Quality against cost") && page.contains("cost of 1,000 queries in USD"));
        assertFalse(page.contains("sk-of-nobody"));
    }

    @Test
    void nothingIsSpentThatNobodyAllowed() {
        TestShell shell = shell();
        assertEquals(2, eval(shell, "bm25+rerank:cohere"));
        // A query each for the measures; each of them, and one to warm up, to be timed.
        assertTrue(shell.err().contains("cohere is paid for: this takes up to 21 calls with "), shell.err());
        assertTrue(shell.err().contains("about 21 search units or 0.05 USD"), shell.err());
        assertTrue(shell.err().contains("--yes"), shell.err());
        assertEquals(2, eval(shell(), "bm25+rerank:cohere", "--max-calls", "20"));
        assertEquals(2, eval(shell().terminals(Shell.Stream.IN).input("n\n"), "bm25+rerank:cohere"));
        assertEquals(2, eval(shell().terminals(Shell.Stream.IN).input(""), "bm25+rerank:cohere"));
        assertEquals(List.of(), provider.asked());
        assertEquals(0, eval(shell().terminals(Shell.Stream.IN).input("y\n"), "bm25+rerank:cohere"));
        assertEquals(21, provider.asked().size());
        TestShell again = shell();
        assertEquals(0, eval(again, "bm25+rerank:cohere", "--max-calls", "11"), again.err());
        assertTrue(again.err().contains("up to 11 calls"), "scores are kept: " + again.err());
        assertEquals(32, provider.asked().size());
        assertEquals(0, eval(shell(), "bm25+rerank:cohere,hybrid+rerank:ours", "--timing-queries", "0"),
                "nothing is to be paid any more, and a server of one's own is not");
    }

    @Test
    void aProviderThatDiesHalfWayLosesNothing() {
        provider.answering(asked -> asked.number() <= 4 ? 200 : 503);
        TestShell shell = shell();
        assertEquals(0, eval(shell, "bm25+rerank:cohere", "--yes", "--timing-queries", "0"), shell.err());
        assertTrue(shell.err().contains("on 5 of the 10 queries a stage failed and was left out: cohere failed (status "
                + "503)"), shell.err());
        assertTrue(shell.err().contains("on 1 of the 10 queries a stage failed and was left out: cohere failed 5 times "
                + "in a row and is left alone"), shell.err());
        assertTrue(shell.err().contains("run this again: only what is missing is asked for"), shell.err());
        provider.answering(asked -> 200);
        int before = provider.asked().size();
        TestShell again = shell();
        assertEquals(0, eval(again, "bm25+rerank:cohere", "--yes", "--timing-queries", "0"), again.err());
        assertEquals(6, provider.asked().size() - before, "what is known is not asked for again");
        assertFalse(again.err().contains("a stage failed") || again.err().contains("run this again"), again.err());
    }

    @Test
    void ofALanguageModelOrdersAreKept() throws IOException {
        Files.writeString(config, "providers: {local: {type: ollama, address: '" + provider.address()
                + "', model: qwen3, price: 0, output-price: 0}}");
        TestShell shell = shell();
        Path json = folder.resolve("report.json");
        assertEquals(0, eval(shell, "hybrid,hybrid+rerank:local", "--timing-queries", "5", "--json", json.toString()),
                shell.err());
        int asked = provider.asked().size();
        assertEquals(10 + 5 + 1, asked);
        JsonNode cost = Json.MAPPER.readTree(json.toFile()).at("/systems/hybrid+rerank:local/per-1000-queries");
        assertEquals(1000 * 210, cost.get("billed").asDouble());
        assertEquals("tokens", cost.get("unit").asText());
        assertEquals(0, cost.get("cost").asDouble());
        assertEquals(0, eval(shell(), "hybrid+rerank:local,hybrid+model:local", "--timing-queries", "0"));
        assertEquals(asked, provider.asked().size());
    }

    @Test
    void whatIsNoSystemIsToldBeforeAnythingIsAsked() {
        for (String systems : List.of("bm25+rerank:", "bm25:cohere", "bm25+rerank:none", "bm25+rerank:choere",
                "bm25+rerank:jina")) {
            TestShell shell = shell();
            assertEquals(2, eval(shell, systems), systems);
            assertFalse(shell.err().contains("indexing"), systems);
            assertEquals(0, provider.asked().size(), systems);
        }
        TestShell shell = shell();
        eval(shell, "bm25+rerank:choere");
        assertTrue(shell.err().contains("did you mean cohere?"), shell.err());
        TestShell limit = shell();
        assertEquals(2, eval(limit, "bm25", "--max-calls", "0"));
        assertTrue(limit.err().contains("--max-calls must be >= 1, got 0"), limit.err());
    }
}
