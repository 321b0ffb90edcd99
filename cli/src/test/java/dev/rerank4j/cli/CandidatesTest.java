package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank candidates} with the real models. */
@Timeout(300)
class CandidatesTest {

    @TempDir
    private static Path cache;

    @TempDir
    private Path folder;

    private JudgedFolder judged;
    private Path out;

    @BeforeEach
    void files() throws IOException {
        judged = JudgedFolder.in(folder);
        out = folder.resolve("candidates.jsonl");
    }

    private TestShell candidates(String... more) {
        TestShell shell = new TestShell().cache(cache);
        List<String> line = new ArrayList<>(List.of("candidates", "--out", out.toString(), "--force"));
        line.addAll(List.of(more));
        assertEquals(0, shell.run(line.toArray(String[]::new)), shell::err);
        return shell;
    }

    /** The candidates by the text of the query. */
    private Map<String, List<JsonNode>> written() throws IOException {
        Map<String, List<JsonNode>> written = new LinkedHashMap<>();
        for (String line : Files.readAllLines(out)) {
            JsonNode query = Json.MAPPER.readTree(line);
            assertEquals(List.of("query", "candidates"), names(query));
            written.put(query.get("query").textValue(), list(query.get("candidates")));
        }
        return written;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static List<JsonNode> search(String docs, String query, String... more) throws IOException {
        TestShell shell = new TestShell().cache(cache);
        String[] line = Stream.concat(Stream.of("search", "--docs", docs, query, "--json"), Stream.of(more))
                .toArray(String[]::new);
        assertEquals(0, shell.run(line), shell::err);
        return list(Json.MAPPER.readTree(shell.out()).get("hits"));
    }

    private static JsonNode evidence(JsonNode hit, String stage) {
        return list(hit.get("evidence")).stream().filter(each -> each.get("stage").textValue().equals(stage))
                .map(each -> each.get("score")).findFirst().orElse(Json.MAPPER.nullNode());
    }

    private static double number(JsonNode value) {
        return value.isNull() ? Double.NaN : value.doubleValue();
    }

    @Test
    void aLineIsWhatTheFirstStageOfASearchFindsBestFirstAndWhatTheModelSaysOfIt() throws IOException {
        TestShell shell = candidates("--docs", judged.docs(), "--judgments", judged.judgments(), "--depth", "10");
        assertEquals("24 judged queries, 240 candidates; of 24 judged documents the first stage missed 0; written to "
                + out + System.lineSeparator(), shell.out());
        Map<String, List<JsonNode>> written = written();
        assertEquals(JudgedFolder.THINGS.stream().map(JudgedFolder::query).toList(), List.copyOf(written.keySet()));
        for (String thing : List.of("anchor", "kettle", "zither")) {
            String query = JudgedFolder.query(thing);
            List<JsonNode> candidates = written.get(query);
            List<JsonNode> hits = search(judged.docs(), query, "--reranker", "none", "--limit", "10", "--depth", "10");
            assertEquals(10, candidates.size());
            Map<String, Double> logits = new LinkedHashMap<>();
            search(judged.docs(), query, "--limit", "10", "--depth", "10").forEach(
                    hit -> logits.put(hit.get("id").textValue(), number(evidence(hit, "cross-encoder"))));
            for (int i = 0; i < hits.size(); i++) {
                JsonNode candidate = candidates.get(i);
                JsonNode hit = hits.get(i);
                assertEquals(
                        List.of("document", "passage", "text", "grade", "bm25", "vector", "logit"), names(candidate));
                String id = candidate.get("document").textValue() + "#" + candidate.get("passage").intValue();
                assertEquals(hit.get("id").textValue(), id);
                for (String stage : List.of("bm25", "vector")) {
                    assertEquals(number(evidence(hit, stage)), number(candidate.get(stage)), 1e-9, id + " " + stage);
                }
                assertTrue(candidate.get("text").textValue().endsWith(hit.get("text").textValue()),
                        "the title and the heading stand in front");
                assertTrue(candidate.get("text").textValue().startsWith("The "), candidate::toString);
                double logit = logits.get(id);
                assertTrue(Double.isNaN(logit) || Math.abs(logit - number(candidate.get("logit"))) < 1e-3,
                        () -> logit + " in a search, here " + candidate.get("logit"));
                boolean own = id.startsWith(judged.file(thing).toString());
                assertEquals(own ? "2" : "null", candidate.get("grade").toString(), "of a judged document, or none");
            }
            assertFalse(logits.values().stream().allMatch(logit -> logit.isNaN()), "a search asks the model");
        }
    }

    @Test
    void ofAJudgedDocumentThatWasNotFoundTheThreePassagesStandAtTheEndThatTheModelLikesMost() throws IOException {
        StringBuilder text = new StringBuilder("# The visitors' rules\n");
        for (String rule : List.of("Bags", "Dogs", "Photographs", "Food", "Children", "Umbrellas")) {
            text.append("\n## ").append(rule).append("\n\n").append(rule)
                    .append(" are left at the door, and whoever forgets it is asked to by the people who watch.\n");
        }
        Files.writeString(folder.resolve("docs/rules.md"), text);
        List<String> rows = new ArrayList<>(JudgedFolder.rows());
        rows.add(JudgedFolder.query("anchor") + ",rules.md,0");
        String csv = judged.csv("more.csv", "query,document,grade", rows);
        TestShell shell = candidates("--docs", judged.docs(), "--judgments", csv, "--depth", "2");
        assertEquals(
                "24 judged queries, 51 candidates; of 25 judged documents the first stage missed 1, whose passages "
                        + "stand at the end; written to " + out + System.lineSeparator(),
                shell.out());
        List<JsonNode> few = written().get(JudgedFolder.query("anchor"));
        List<JsonNode> missed = few.subList(2, few.size());
        assertEquals(3, missed.size());
        for (JsonNode candidate : missed) {
            assertTrue(candidate.get("document").textValue().endsWith("rules.md"));
            assertEquals(0, candidate.get("grade").intValue());
            assertTrue(candidate.get("bm25").isNull() && candidate.get("vector").isNull());
        }
        candidates("--docs", judged.docs(), "--judgments", csv, "--depth", "200");
        List<Double> logits = written().get(JudgedFolder.query("anchor")).stream()
                .filter(candidate -> candidate.get("document").textValue().endsWith("rules.md"))
                .map(candidate -> number(candidate.get("logit"))).sorted(Comparator.reverseOrder()).toList();
        assertTrue(logits.size() > 3, logits::toString);
        assertEquals(logits.subList(0, 3), missed.stream().map(each -> number(each.get("logit"))).toList());
    }

    @Test
    void withoutAModelThereAreNoLogitsAndAFirstStageAloneGivesItsOwnScores() throws IOException {
        candidates("--docs", judged.docs(), "--judgments", judged.judgments(), "--depth", "5", "--model", "none",
                "--retriever", "bm25");
        written().values().forEach(candidates -> candidates.forEach(candidate -> {
            assertTrue(candidate.get("logit").isNull() && candidate.get("vector").isNull());
            assertTrue(candidate.get("bm25").doubleValue() > 0);
        }));
    }

    @Test
    void ofACollectionDocumentsAreNamedAsItsJudgmentsNameThem() throws IOException {
        List<String> queries = new ArrayList<>();
        List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        for (String thing : JudgedFolder.THINGS) {
            queries.add("{\"_id\": \"q-" + thing + "\", \"text\": \"" + JudgedFolder.query(thing) + "\"}");
            qrels.add("q-" + thing + "\t" + thing + ".md\t1");
        }
        Files.write(folder.resolve("queries.jsonl"), queries);
        Files.write(Files.createDirectory(folder.resolve("qrels")).resolve("test.tsv"), qrels);
        candidates("--data", folder.toString(), "--queries", "20", "--depth", "10", "--model", "none");
        Map<String, List<JsonNode>> written = written();
        assertEquals(20, written.size());
        for (String thing : JudgedFolder.THINGS.subList(0, 20)) {
            assertEquals(List.of(thing + ".md"), written.get(JudgedFolder.query(thing)).stream()
                    .filter(candidate -> candidate.get("grade").asInt() == 1)
                    .map(candidate -> candidate.get("document").textValue()).distinct().toList());
        }
    }

    @Test
    void clicksAreJudgmentsAndWhatSomebodyJudgedCountsMore() throws IOException {
        List<String> searches = new ArrayList<>();
        for (String thing : JudgedFolder.THINGS) {
            String other = thing.equals("anchor") ? "barrel" : "anchor";
            searches.add(JudgedFolder.query(thing) + "," + other + ".md | " + thing + ".md | rope.md," + thing + ".md");
        }
        searches.add("what is on the roof,gate.md|wheel.md,");
        String clicks = judged.csv("clicks.csv", "query,shown,clicked", searches);
        TestShell shell = candidates("--docs", judged.docs(), "--clicks", clicks, "--depth", "200", "--model", "none");
        assertTrue(shell.err().contains("of 25 queries of 25 searches 1 never had a click, which says nothing of them"),
                shell.err());
        assertEquals(Map.of("anchor.md", 0, "kettle.md", 1), grades("kettle"));
        String csv = judged.csv("own.csv", "query,document,grade", List.of(JudgedFolder.query("kettle")
                + ",kettle.md,3", JudgedFolder.query("kettle") + ",drum.md,0"));
        shell = candidates("--docs", judged.docs(), "--clicks", clicks, "--judgments", csv, "--depth", "200", "--model",
                "none");
        assertTrue(shell.out().startsWith("24 judged queries"), shell.out());
        assertEquals(Map.of("anchor.md", 0, "kettle.md", 3, "drum.md", 0), grades("kettle"));
        assertEquals(Map.of("anchor.md", 0, "ladder.md", 1), grades("ladder"));
    }

    private Map<String, Integer> grades(String thing) throws IOException {
        Map<String, Integer> grades = new LinkedHashMap<>();
        written().get(JudgedFolder.query(thing)).stream().filter(candidate -> !candidate.get("grade").isNull())
                .forEach(candidate -> grades.put(Path.of(candidate.get("document").textValue()).getFileName()
                        .toString(), candidate.get("grade").intValue()));
        return grades;
    }

    @Test
    void theSameAgainIsTheSameFile() throws IOException {
        candidates("--docs", judged.docs(), "--judgments", judged.judgments(), "--depth", "5");
        byte[] first = Files.readAllBytes(out);
        candidates("--docs", judged.docs(), "--judgments", judged.judgments(), "--depth", "5");
        assertArrayEquals(first, Files.readAllBytes(out));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".part")).toList());
        }
    }

    @Test
    void theHelpTeachesWithExamples() {
        TestShell shell = new TestShell();
        assertEquals(0, shell.run("candidates", "--help"));
        assertTrue(shell.out().contains("rerank candidates --docs handbook --judgments my.csv"), shell.out());
        assertTrue(shell.out().lines().allMatch(line -> line.length() <= 80), shell.out());
    }
}
