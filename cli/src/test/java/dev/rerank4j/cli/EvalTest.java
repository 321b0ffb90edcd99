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
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank eval} with the real models on the examples of the repository. */
class EvalTest {

    private static final String HANDBOOK = "../examples/handbook";

    @TempDir
    private static Path cache;

    @TempDir
    private Path folder;

    private static TestShell eval(String... args) {
        TestShell shell = new TestShell().cache(cache);
        List<String> all = new ArrayList<>(List.of("eval"));
        all.addAll(List.of(args));
        int code = shell.run(all.toArray(String[]::new));
        assertEquals(0, code, shell::err);
        return shell;
    }

    private static JsonNode json(TestShell shell) throws IOException {
        return Json.MAPPER.readTree(shell.out());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theJsonHasEveryFigureAndNothingElseIsPrinted() throws IOException {
        JsonNode report = json(eval("--data", HANDBOOK, "--queries", "4", "--depth", "5,10", "--systems",
                "bm25,hybrid,hybrid+rerank", "--timing-queries", "2", "--json", "-"));
        assertEquals("handbook", report.get("data").asText());
        assertEquals(4, report.get("queries").asInt());
        assertFalse(report.get("synthetic").asBoolean());
        assertEquals(List.of("bm25", "hybrid", "hybrid+rerank", "hybrid+rerank@5", "hybrid+rerank@10"),
                names(report.get("systems")));
        for (JsonNode system : report.get("systems")) {
            for (String metric : List.of("ndcg@10", "recall@50", "mrr@10")) {
                double mean = system.at("/" + metric + "/mean").asDouble(-1);
                assertTrue(mean > 0 && mean <= 1, system::toString);
                assertTrue(system.at("/" + metric + "/low").asDouble() <= mean, system::toString);
                assertTrue(system.at("/" + metric + "/high").asDouble() >= mean, system::toString);
            }
            assertTrue(system.get("millis-p50").asDouble() > 0, system::toString);
            assertTrue(system.get("millis-p99").asDouble() >= system.get("millis-p50").asDouble());
        }
        assertEquals(List.of("hybrid", "bm25", "bm25"),
                report.get("comparisons").findValuesAsText("a").subList(0, 3));
        JsonNode comparison = report.at("/comparisons/0");
        assertEquals("hybrid+rerank", comparison.get("b").asText());
        assertEquals(4, comparison.get("wins").asInt() + comparison.get("ties").asInt()
                + comparison.get("losses").asInt());
    }

    @Test
    void runFilesComparedGiveTheSameFigures() throws IOException {
        Path runs = folder.resolve("runs");
        JsonNode measured = json(eval("--data", HANDBOOK, "--depth", "5", "--systems", "bm25,hybrid,vector", "--metric",
                "ndcg@10,map,recall@50", "--timing-queries", "0", "--run", runs.toString(), "--json", "-"));
        JsonNode compared = json(eval("compare", runs.resolve("bm25.run").toString(),
                runs.resolve("hybrid.run").toString(), runs.resolve("vector.run").toString(), "--qrels",
                HANDBOOK + "/qrels/test.tsv", "--metric", "ndcg@10,map,recall@50", "--json", "-"));
        assertEquals(24, compared.get("queries").asInt());
        for (String system : List.of("bm25", "hybrid", "vector")) {
            for (String metric : List.of("ndcg@10", "map", "recall@50")) {
                String mean = "/systems/" + system + "/" + metric;
                assertFalse(measured.at(mean).isMissingNode(), mean);
                assertEquals(measured.at(mean), compared.at(mean), mean);
            }
        }
        assertEquals(List.of("bm25", "bm25"), compared.get("comparisons").findValuesAsText("a").subList(0, 2));
        String page = folder.resolve("compare.html").toString();
        eval("compare", runs.resolve("bm25.run").toString(), runs.resolve("hybrid.run").toString(), "--qrels",
                HANDBOOK + "/qrels/test.tsv", "--html", page);
        assertTrue(Files.readString(Path.of(page)).contains("hybrid"));
    }

    @Test
    void aPersonGetsATableAndAnAnswerAndThePageHasTheTexts() throws IOException {
        Path page = folder.resolve("report.html");
        TestShell shell = eval("--data", HANDBOOK, "--queries", "6", "--depth", "10", "--systems",
                "bm25,bm25+rerank", "--timing-queries", "0", "--html", page.toString());
        assertTrue(shell.out().startsWith("handbook, 6 queries\n"), shell.out());
        assertTrue(shell.out().contains("bm25+rerank − bm25"), shell.out());
        assertTrue(shell.out().strip().matches("(?s).*(Reranking (helps|hurts|changes)|No clear difference).*"),
                shell.out());
        assertFalse(shell.out().contains("\u001b"), shell.out());
        String html = Files.readString(page);
        assertTrue(html.contains("<svg") && html.contains(".md"), "plots and documents");
    }

    @Test
    void ownJudgmentsNameDocumentsByFileIdOrText() throws IOException {
        Path csv = Files.writeString(folder.resolve("my.csv"), """
                query,document,quote,grade
                how many days of leave do I get,leave.md,,2
                hotel budget Copenhagen,../examples/handbook/docs/travel-rates.csv,,1
                can I take my laptop abroad,,%s,1
                when is payday,payy.md,,1
                """.formatted("\"" + sentence(Path.of(HANDBOOK, "docs/security.md")).replace("\"", "\"\"") + "\""));
        TestShell shell = eval("--docs", HANDBOOK + "/docs", "--judgments", csv.toString(), "--depth", "10",
                "--systems", "bm25,hybrid", "--timing-queries", "0", "--json", "-");
        assertEquals(3, json(shell).get("queries").asInt(), shell::err);
        assertEquals(1, shell.err().lines().filter(line -> line.startsWith("warning: ")).count(), shell.err());
        assertTrue(shell.err().contains("my.csv:5: there is no document, passage or file payy.md; "
                + "did you mean pay.md?"), shell.err());
    }

    @Test
    void clicksAreMeasuredOnAndContradictingJudgmentsAreSaid() throws IOException {
        Path clicks = Files.writeString(folder.resolve("clicks.csv"), """
                query,shown,clicked
                how many days of leave do I get,pay.md | leave.md | travel.md,leave.md
                when is payday,pay.md,
                """);
        Path csv = Files.writeString(folder.resolve("my.csv"), """
                query,document,grade
                hotel budget Copenhagen,travel-rates.csv,1
                hotel budget Copenhagen,travel-rates.csv,0
                """);
        TestShell shell = eval("--docs", HANDBOOK + "/docs", "--clicks", clicks.toString(), "--judgments",
                csv.toString(), "--depth", "10", "--systems", "bm25", "--timing-queries", "0", "--json", "-");
        assertEquals(2, json(shell).get("queries").asInt(), shell::err);
        assertTrue(shell.err().contains("of 2 queries of 2 searches 1 never had a click"), shell.err());
        assertTrue(shell.err().contains("my.csv:3: grade 0 contradicts line 2, which gives "), shell.err());
        assertTrue(shell.err().contains("grade 1 for the same query; the higher one counts"), shell.err());
    }

    private static String sentence(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> line.length() > 60 && !line.startsWith("#"))
                .map(line -> line.substring(0, 50)).findFirst().orElseThrow();
    }

    @Test
    void madeQueriesAreSaidToBeSyntheticAndCanBeKept() throws IOException {
        Path made = folder.resolve("made");
        TestShell shell = eval("--docs", HANDBOOK + "/docs", "--generate", "8", "--depth", "5", "--systems", "bm25",
                "--timing-queries", "0", "--save-queries", made.toString());
        assertTrue(shell.out().contains("SYNTHETIC QUERIES"), shell.out());
        assertTrue(shell.err().contains("warning: the queries are synthetic"), shell.err());
        JsonNode again = json(eval("--docs", HANDBOOK + "/docs", "--topics", made.resolve("queries.jsonl").toString(),
                "--qrels", made.resolve("qrels/test.tsv").toString(), "--depth", "5", "--systems", "bm25",
                "--timing-queries", "0", "--json", "-"));
        assertEquals(8, again.get("queries").asInt());
        String bm25 = String.format(Locale.ROOT, "%.3f",
                again.at("/systems/bm25/ndcg@10/mean").asDouble());
        assertTrue(shell.out().contains("bm25  " + bm25), () -> bm25 + " in " + shell.out());
        assertTrue(again.at("/systems/bm25/ndcg@10/mean").asDouble() > 0.5, again::toString);
    }

    @Test
    void oddCollectionsAreMeasuredAndWhatIsOddIsSaid() throws IOException {
        Path odd = Files.createDirectories(folder.resolve("odd/qrels")).getParent();
        Files.writeString(odd.resolve("corpus.jsonl"), """
                {"_id": "a", "text": "apples grow on trees in the garden"}
                {"_id": "b", "text": "this line is broken
                {"_id": "c", "text": "carrots grow in the soil of the garden"}
                """);
        Files.writeString(odd.resolve("queries.jsonl"), """
                {"_id": "1", "text": "where do apples grow"}
                {"_id": "2", "text": "where do carrots grow"}
                {"_id": "4", "text": "nobody judged this"}
                """);
        Files.writeString(odd.resolve("qrels/test.tsv"), """
                query-id\tcorpus-id\tscore
                1\ta\t1
                1\tgone\t1
                2\tc\t0
                3\ta\t1
                """);
        TestShell shell = eval("--data", odd.toString(), "--depth", "5", "--systems", "bm25", "--timing-queries", "0");
        assertTrue(shell.out().contains("odd, 2 queries"), shell.out());
        assertTrue(shell.err().contains("corpus.jsonl:2"), shell.err());
        assertTrue(shell.err().contains("judged queries without a text, which cannot be asked: 1 (3)"), shell.err());
        assertTrue(shell.err().contains("judged queries without a relevant document, which count as 0 as trec_eval "
                + "counts them: 1 (2)"), shell.err());
        assertTrue(shell.err().contains("relevant documents that are not in the collection, which nobody can find and "
                + "which lower every figure: 1 (gone)"), shell.err());
    }

    @Test
    void inAnotherLanguageTheDefaultIsBm25() throws IOException {
        Path german = Files.createDirectories(folder.resolve("deutsch/qrels")).getParent();
        StringBuilder corpus = new StringBuilder();
        List<String> things = List.of("Äpfel", "Birnen", "Kartoffeln", "Möhren", "Zwiebeln", "Bohnen", "Erbsen",
                "Kirschen", "Pflaumen", "Trauben");
        StringBuilder queries = new StringBuilder();
        StringBuilder qrels = new StringBuilder("query-id\tcorpus-id\tscore\n");
        for (String thing : things) {
            corpus.append("{\"_id\": \"").append(thing)
                    .append("\", \"text\": \"Wir haben im vergangenen Jahr sehr viele ")
                    .append(thing).append(" geerntet, und sie haben allen Nachbarn wirklich gut geschmeckt.\"}\n");
            queries.append("{\"_id\": \"q").append(thing).append("\", \"text\": \"wie viele ").append(thing)
                    .append(" wurden geerntet\"}\n");
            qrels.append("q").append(thing).append('\t').append(thing).append("\t1\n");
        }
        Files.writeString(german.resolve("corpus.jsonl"), corpus);
        Files.writeString(german.resolve("queries.jsonl"), queries);
        Files.writeString(german.resolve("qrels/test.tsv"), qrels);
        TestShell shell = eval("--data", german.toString(), "--depth", "10", "--systems", "bm25,hybrid+rerank",
                "--timing-queries", "0", "--json", "-");
        JsonNode systems = json(shell).get("systems");
        assertEquals(systems.at("/bm25/ndcg@10"), systems.at("/hybrid+rerank/ndcg@10"));
        assertTrue(shell.err().contains("on all 10 queries rerank was skipped: the texts are German"), shell.err());
        assertTrue(shell.err().contains("on all 10 queries vector was skipped: the texts are German"), shell.err());
    }

    @Test
    void theHelpTeachesWithExamples() {
        TestShell shell = eval("--help");
        assertTrue(shell.out().contains("rerank eval --data"), shell.out());
        assertTrue(shell.out().lines().allMatch(line -> line.length() <= 80), shell.out());
        assertTrue(eval("compare", "--help").out().contains("rerank eval compare bm25.run"));
    }
}
