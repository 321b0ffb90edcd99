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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --cascade} with the built-in model and a little one whose weights are random, on some of the handbook. */
class CascadeTest {

    private static final List<String> FILES = List.of("leave.md", "parental-leave.md", "sickness.md", "travel.md");
    private static final String QUESTION = "how many days of paid leave do I get";

    /** Gives probabilities, of no meaning; reads 128 tokens. */
    private static final String LITTLE = "../onnx/src/test/resources/golden/rerankers/roberta";

    @TempDir
    private static Path folder;

    private static String docs;
    private static String index;

    @BeforeAll
    static void index() throws IOException {
        Path texts = Files.createDirectory(folder.resolve("docs"));
        for (String file : FILES) {
            Files.copy(Path.of("../examples/handbook/docs", file), texts.resolve(file));
        }
        docs = texts.toString();
        index = folder.resolve("index").toString();
        Path chunks = Files.writeString(folder.resolve("chunks.yaml"), "index: {chunk: {size: 64}}\n");
        run(0, "index", "--index", index, docs, "--config", chunks.toString());
    }

    private static TestShell run(int exit, String... line) {
        TestShell shell = new TestShell().cache(folder.resolve("cache"));
        assertEquals(exit, shell.run(line), shell::err);
        return shell;
    }

    private static JsonNode search(String... more) throws IOException {
        String[] line = Stream.concat(Stream.of("search", "--index", index, QUESTION, "--json"), Stream.of(more))
                .toArray(String[]::new);
        return Json.MAPPER.readTree(run(0, line).out());
    }

    private static List<String> ids(JsonNode answer) {
        return answer.get("hits").findValuesAsText("id");
    }

    @Test
    void everyModelIsAStageWithItsEvidence() throws IOException {
        JsonNode answer = search("--cascade", LITTLE + "=30,built-in=6", "--limit", "8");
        assertEquals(List.of("bm25", "vector", "fusion", "rerank-1", "rerank-2"),
                answer.get("stages").findValuesAsText("name"));
        assertFalse(answer.get("degraded").booleanValue());
        assertEquals(30, answer.at("/stages/0/candidates").intValue(), "as many as the first model reads");
        int rank = 0;
        for (JsonNode hit : answer.get("hits")) {
            List<String> stages = hit.get("evidence").findValuesAsText("stage");
            assertEquals("rerank", stages.getLast());
            assertTrue(stages.contains("rerank-1"), stages.toString());
            assertEquals(++rank <= 6, stages.contains("rerank-2"), stages.toString());
        }
        assertEquals(8, rank);
    }

    /** What two models of which the second reads all it can answer, the second answers. */
    @Test
    void theLastModelHasTheLastWord() throws IOException {
        Path unmixed = Files.writeString(folder.resolve("unmixed.yaml"),
                "search: {depth: 20}\nreranker: {mix: {type: none}}\n");
        assertEquals(ids(search("--config", unmixed.toString())),
                ids(search("--config", unmixed.toString(), "--cascade", LITTLE + "=20,built-in=20")));
    }

    @Test
    void theFileSaysTheSameAndAnOptionWins() throws IOException {
        Path file = Files.writeString(folder.resolve("cascade.yaml"), "reranker: {cascade: [{model: " + LITTLE
                + ", depth: 30}, {model: built-in, depth: 6}]}\n");
        assertEquals(ids(search("--cascade", LITTLE + "=30,built-in=6")), ids(search("--config", file.toString())));
        assertEquals(List.of("bm25", "vector", "fusion", "rerank"),
                search("--config", file.toString(), "--reranker", "built-in").get("stages")
                        .findValuesAsText("name"));
        assertEquals(List.of("bm25", "vector", "fusion"),
                search("--config", file.toString(), "--reranker", "none").get("stages").findValuesAsText("name"));
    }

    @Test
    void whatMovedIsToldAgainstTheFirstStage() {
        String out = run(0, "search", "--index", index, QUESTION, "--cascade", LITTLE + "=30,built-in=6", "--explain")
                .out();
        assertTrue(out.lines().filter(line -> line.matches(" +[0-9]+ +(▲[0-9]+|▼[0-9]+|=|new) +[01]\\.[0-9]{2} .*"))
                .count() == 10, out);
        assertTrue(out.contains("\nrerank-1 ") && out.contains("\nrerank-2 "), out);
        assertTrue(out.contains(" · rerank-1 ") && out.contains(" · rerank-2 "), out);
    }

    @Test
    void aModelThatDoesNotKnowTheLanguageIsSkippedByItself() throws IOException {
        Path texts = Files.createDirectory(folder.resolve("german"));
        Files.writeString(texts.resolve("urlaub.md"), "Alle Beschäftigten haben im Jahr siebenundzwanzig Tage "
                + "bezahlten Urlaub, und dazu kommen die gesetzlichen Feiertage des Landes, in dem sie arbeiten.");
        Files.writeString(texts.resolve("kantine.md"), "Die Kantine im Erdgeschoss hat von elf bis vierzehn Uhr "
                + "geöffnet, und freitags gibt es immer auch ein Gericht mit Fisch.");
        TestShell shell = run(0, "search", "--docs", texts.toString(), "Wie viele Tage Urlaub habe ich?", "--json",
                "--cascade", "built-in=30," + LITTLE + "=6");
        JsonNode stages = Json.MAPPER.readTree(shell.out()).get("stages");
        List<String> outcomes = new ArrayList<>();
        stages.forEach(stage -> outcomes.add(stage.get("name").textValue() + " " + stage.get("outcome").textValue()));
        assertTrue(outcomes.containsAll(List.of("rerank-1 skipped", "rerank-2 completed")), outcomes.toString());
        assertTrue(shell.err().contains("rerank-1 was skipped: "), shell.err());
    }

    @Test
    @Timeout(300)
    void theServerSearchesAsTheCommandAndServesEachModelAndAllOfThem() throws Exception {
        String cascade = LITTLE + "=30,built-in=6";
        try (ServerProcess server = ServerProcess.start("--index", index, "--cascade", cascade).ready()) {
            JsonNode answer = server.post("/api/search", Json.text(Json.MAPPER.createObjectNode()
                    .put("query", QUESTION))).ok().json();
            JsonNode command = search("--cascade", cascade);
            assertEquals(ids(command), ids(answer));
            assertEquals(command.get("stages").findValuesAsText("name"),
                    answer.get("stages").findValuesAsText("name"));
            assertEquals(30, answer.at("/stages/0/candidates").intValue());
            assertEquals(1, server.meter("rerank4j_stages_seconds_count{outcome=\"completed\",stage=\"rerank-2\""));

            List<String> models = server.get("/v1/models").ok().json().findValuesAsText("id");
            assertEquals(List.of("cascade", "roberta"), models.subList(0, 2));
            for (String model : models.subList(0, 3)) {
                String request = "{\"query\": \"" + QUESTION + "\", \"model\": \"" + model
                        + "\", \"documents\": [\"Lunch is at noon.\", \"You have 25 days of paid leave.\"]}";
                JsonNode reranked = server.post("/api/rerank", request).ok().json();
                assertEquals(model, reranked.get("model").textValue());
                assertEquals(model.equals("cascade") ? List.of("rerank-1", "rerank-2") : List.of("rerank"),
                        reranked.get("stages").findValuesAsText("name"));
                if (!model.equals("roberta")) { // whose weights are random
                    assertEquals(1, server.post("/v2/rerank", request).ok().json().at("/results/0/index").intValue());
                }
            }
        }
    }

    @Test
    @Timeout(300)
    void assistantsSearchAndRerankWithIt() throws Exception {
        String cascade = LITTLE + "=30,built-in=6";
        try (McpProcess mcp = McpProcess.start(folder.resolve("cache"), "--index", index, "--cascade", cascade)
                .greeted()) {
            JsonNode found = mcp.tool("search", "{\"query\": \"" + QUESTION + "\"}").get("structuredContent");
            assertEquals(ids(search("--cascade", cascade)), ids(found));
            assertFalse(found.get("degraded").booleanValue());
            JsonNode reranked = mcp.tool("rerank", "{\"query\": \"" + QUESTION + "\", \"texts\": "
                    + "[\"Lunch is at noon.\", \"You have 25 days of paid leave.\"]}").get("structuredContent");
            assertEquals(1, reranked.at("/results/0/index").intValue());
            assertTrue(reranked.at("/results/0/probability").doubleValue() > 0.5);
            assertEquals(0, reranked.get("notes").size());
        }
    }

    @Test
    void whatIsNotProbableEnoughIsLeftOut() throws IOException {
        JsonNode all = search("--cascade", LITTLE + "=30,built-in=6");
        double least = all.at("/hits/2/probability").doubleValue();
        JsonNode some = search("--cascade", LITTLE + "=30,built-in=6", "--min-probability", "" + least);
        assertFalse(some.get("hits").isEmpty());
        some.get("hits").forEach(hit -> assertTrue(hit.get("probability").doubleValue() >= least));
    }

    @Test
    void evalMeasuresItAsItIsConfiguredAndKeepsTheScoresOfEachModel() throws IOException {
        String[] line = {"eval", "--docs", docs, "--index", index, "--judgments", judgments(), "--systems",
                "hybrid,hybrid+rerank,hybrid+model", "--depth", "12", "--timing-queries", "2", "--json", "-",
                "--verbose",
                "--cascade", LITTLE + "=12,built-in=4"};
        TestShell first = run(0, line);
        JsonNode report = Json.MAPPER.readTree(first.out());
        assertEquals(12, report.at("/systems/hybrid+rerank/depth").intValue());
        assertTrue(report.at("/systems/hybrid+rerank/millis-p50").doubleValue() > 0);
        assertFalse(first.err().contains("\n0 pairs were scored"), first.err());
        TestShell again = run(0, line);
        assertTrue(again.err().contains("\n0 pairs were scored"), again.err());
        assertEquals(report.at("/systems/hybrid+rerank/ndcg@10"),
                Json.MAPPER.readTree(again.out()).at("/systems/hybrid+rerank/ndcg@10"));
        try (Stream<Path> files = Files.list(folder.resolve("cache/scores"))) {
            assertEquals(2, files.count(), "a file for each model");
        }
    }

    private static String judgments() throws IOException {
        StringBuilder csv = new StringBuilder("query,document\n");
        for (String file : FILES) {
            for (String query : List.of("what does it say about ", "days of ", "who decides on ")) {
                csv.append(query).append(file.replace(".md", "").replace('-', ' ')).append(',').append(file)
                        .append('\n');
            }
        }
        return Files.writeString(folder.resolve("judgments.csv"), csv).toString();
    }

    @Test
    void tuneKeepsTheModelsAndTheirDepths() throws IOException {
        TestShell shell = run(0, "tune", "--docs", docs, "--index", index, "--judgments", judgments(), "--depth", "12",
                "--out",
                "-", "--cascade", LITTLE + "=12,built-in=4");
        assertTrue(shell.out().contains("reranked by the models"), shell.out());
        String yaml = shell.out().substring(shell.out().indexOf("\nsearch:") + 1);
        List<Reranking.Narrowing> cascade = ConfigFile.parse(yaml).reranker().cascade();
        assertTrue(cascade.isEmpty() || cascade.equals(List.of(new Reranking.Narrowing(LITTLE, 12),
                new Reranking.Narrowing("built-in", 4))), yaml);
    }
}
