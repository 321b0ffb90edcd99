package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.TokenCounter;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real models on the examples of the repository. */
class EndToEndTest {

    private static final String HANDBOOK = "../examples/handbook/docs";
    private static final String PRODUCTS = "../examples/products";

    @TempDir
    private static Path folder;

    private static String products;

    private static TestShell shell() {
        return new TestShell().cache(folder.resolve("cache"));
    }

    @BeforeAll
    static void indexProducts() {
        products = folder.resolve("products").toString();
        TestShell shell = shell();
        assertEquals(0, shell.run("index", "--index", products, PRODUCTS), shell::err);
        assertTrue(shell.out()
                .matches("[0-9]+ documents in [0-9]+ passages: [0-9]+ added, 0 changed, 0 removed, 0 unchanged; "
                        + "[0-9.]+ s, [0-9]+ passages a second\n"
                        + "texts: English \\(en\\) [0-9]+ %; words analysed as English \\(en\\)\n"),
                shell.out());
    }

    private static JsonNode json(TestShell shell) throws IOException {
        return Json.MAPPER.readTree(shell.out());
    }

    @Test
    void documentsAreIndexedOnceAndSearched() {
        TestShell first = new TestShell().cache(folder.resolve("own"));
        assertEquals(0, first.run("search", "--docs", HANDBOOK, "how many days of paid leave do I get", "--verbose"),
                first::err);
        assertTrue(first.out().startsWith("  1  "), first.out());
        assertTrue(first.out().contains("27 days"), first.out());
        assertTrue(first.out().contains(HANDBOOK + "/leave.md"), first.out());
        assertFalse(first.err().contains(" 0 added"), first.err());
        TestShell second = new TestShell().cache(folder.resolve("own"));
        assertEquals(0, second.run("search", "--docs", HANDBOOK, "how many days of paid leave do I get", "--verbose"),
                second::err);
        assertTrue(second.err().contains(": 0 added, 0 changed, 0 removed"), second.err());
        assertEquals(first.out(), second.out());
        TestShell models = new TestShell().cache(folder.resolve("own"));
        models.run("models");
        assertTrue(models.out().contains(Path.of(HANDBOOK).toAbsolutePath().normalize().toString()), models.out());
    }

    @Test
    void aFilterHoldsForEveryHitAndTheJsonSaysAll() throws IOException {
        TestShell shell = shell();
        assertEquals(0, shell.run("search", "--index", products, "dry feet in wet snow", "--filter", "category=shoes",
                "--filter", "price<200", "--limit", "3", "--json"), shell::err);
        JsonNode answer = json(shell);
        assertEquals("dry feet in wet snow", answer.at("/query").asText());
        assertFalse(answer.at("/degraded").asBoolean());
        assertTrue(answer.at("/hits").size() > 0);
        for (JsonNode hit : answer.at("/hits")) {
            assertEquals("shoes", hit.at("/metadata/category").asText());
            assertTrue(hit.at("/metadata/price").asDouble() < 200);
            assertTrue(hit.at("/probability").asDouble() > 0 && hit.at("/probability").asDouble() < 1);
            assertEquals("rerank", hit.at("/evidence").get(hit.at("/evidence").size() - 1).at("/stage").asText());
        }
        assertEquals(List.of("bm25", "vector", "fusion", "rerank"),
                answer.at("/stages").findValuesAsText("name"));
        assertEquals("", shell.err());
    }

    @Test
    void aContextIsTheBlockAndNothingElse() throws IOException {
        String[] search = {"search", "--docs", HANDBOOK, "how many days of paid leave do I get", "--format", "context"};
        TestShell shell = shell();
        assertEquals(0, shell.run(search), shell::err);
        assertTrue(shell.out().startsWith("[1] Annual leave and other time off › Annual leave ("), shell.out());
        assertTrue(shell.out().contains("27 days"), shell.out());
        assertTrue(shell.out().contains("\n\n[2] "), shell.out());
        assertTrue(TokenCounter.approximate().count(shell.out()) <= 2_001, shell.out());

        TestShell small = shell();
        assertEquals(0, small.run(args(search, "--context-tokens", "150", "--context-order", "document")), small::err);
        assertTrue(TokenCounter.approximate().count(small.out().strip()) <= 150, small.out());
        assertTrue(small.err().matches("left out of the hits: [0-9]+ for want of room in 150 tokens\n"), small.err());

        Path config = Files.writeString(folder.resolve("context.yaml"), "context: {tokens: 150, order: document}\n");
        TestShell configured = shell();
        assertEquals(0, configured.run(args(search, "--config", config.toString())), configured::err);
        assertEquals(small.out(), configured.out());

        TestShell none = shell();
        assertEquals(0, none.run(args(search, "--context-tokens", "1")), none::err);
        assertEquals("", none.out());
        assertTrue(none.err().contains("for want of room in 1 tokens"), none.err());
    }

    private static String[] args(String[] first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void whereNothingIsFoundThereIsNoContext() {
        TestShell shell = shell();
        assertEquals(1, shell.run("search", "--index", products, "shoe", "--filter", "category=boats", "--format",
                "context"));
        assertEquals("", shell.out());
        assertEquals("nothing found that satisfies --filter\n", shell.err());
    }

    @Test
    void formatJsonIsJson() throws IOException {
        TestShell json = shell();
        assertEquals(0, json.run("search", "--index", products, "dry feet in wet snow", "--format", "json"));
        assertEquals("dry feet in wet snow", json(json).at("/query").asText());
        TestShell text = shell();
        assertEquals(0, text.run("search", "--index", products, "dry feet in wet snow", "--format", "text"));
        assertTrue(text.out().startsWith("  1  "), text.out());
    }

    @Test
    void ofGermanTextsTheEnglishModelsAreNotAsked() throws IOException {
        Path german = Files.createDirectory(folder.resolve("german"));
        Files.writeString(german.resolve("urlaub.md"), """
                # Urlaub
                Alle Beschäftigten haben im Jahr Anspruch auf dreißig Tage bezahlten Urlaub.

                # Reisen
                Für Fahrten mit der Bahn werden die Kosten der zweiten Klasse erstattet.

                # Geräte
                Der Laptop ist am letzten Arbeitstag bei der Hausverwaltung abzugeben.
                """);
        TestShell shell = shell();
        assertEquals(0, shell.run("search", "--docs", german.toString(), "Wer zahlt mir die Fahrt?", "--json"),
                shell::err);
        JsonNode answer = json(shell);
        assertFalse(answer.at("/degraded").asBoolean());
        assertEquals(List.of("bm25", "vector", "rerank"), answer.at("/stages").findValuesAsText("name"));
        assertEquals(List.of("completed", "skipped", "skipped"), answer.at("/stages").findValuesAsText("outcome"));
        assertEquals("the texts are German (de), and rerank4j-minilm-l6-v1 knows only English (en)",
                answer.at("/stages/2/reason").asText());
        assertEquals(1, answer.at("/hits").size(), "by German stems, Fahrten are a Fahrt");
        assertEquals("de", answer.at("/hits/0/metadata/language").asText());
        assertTrue(shell.err().contains("vector was skipped: the texts are German (de)"), shell.err());
        TestShell all = shell();
        all.run("search", "--docs", german.toString(), "Laptop", "--json", "--ignore-language", "--filter",
                "language=de");
        assertEquals(List.of("bm25", "vector", "fusion", "rerank"), json(all).at("/stages").findValuesAsText("name"));
        assertEquals("", all.err());
        TestShell vectors = shell();
        vectors.run("search", "--docs", german.toString(), "Laptop", "--json", "--retriever", "vector");
        assertEquals(List.of("completed", "skipped"), json(vectors).at("/stages").findValuesAsText("outcome"));
    }

    @Test
    void anIndexKeepsItsLanguage() {
        String directory = folder.resolve("french").toString();
        assertEquals(0, shell().run("index", "--index", directory, "--language", "fr", HANDBOOK + "/leave.md"));
        TestShell shell = shell();
        assertEquals(0, shell.run("index", "--index", directory, HANDBOOK + "/pay.md"), shell::err);
        assertTrue(shell.out().contains("; words analysed as French (fr)\n"), shell.out());
        assertEquals(0, shell().run("search", "--index", directory, "leave"));
    }

    @Test
    void hitsMayBeDocuments() throws IOException {
        TestShell shell = shell();
        shell.run("search", "--docs", HANDBOOK, "leave", "--unit", "document", "--json");
        List<String> documents = json(shell).at("/hits").findValuesAsText("document");
        assertEquals(Set.copyOf(documents).size(), documents.size());
        assertTrue(documents.size() > 3, documents::toString);
    }

    @Test
    void nothingFoundIsCodeOneAndSaysWhy() {
        TestShell shell = shell();
        assertEquals(1, shell.run("search", "--index", products, "shoe", "--filter", "category=boats"));
        assertEquals("", shell.out());
        assertEquals("nothing found that satisfies --filter\n", shell.err());
    }

    /** Thresholds come from what the model says: its calibration may change. */
    @Test
    void onlyHitsThatAreProbableEnoughAreShown() throws IOException {
        TestShell all = shell();
        assertEquals(0, all.run("search", "--index", products, "dry feet in wet snow", "--depth", "16", "--limit", "16",
                "--json"), all::err);
        List<JsonNode> hits = new ArrayList<>();
        json(all).at("/hits").forEach(hits::add);
        List<Double> probabilities = hits.stream().map(hit -> hit.at("/probability").asDouble()).sorted().toList();
        double least = probabilities.get(probabilities.size() / 2);
        List<String> expected = hits.stream().filter(hit -> hit.at("/probability").asDouble() >= least)
                .map(hit -> hit.at("/id").asText()).toList();
        assertTrue(!expected.isEmpty() && expected.size() < hits.size(), probabilities::toString);

        TestShell some = shell();
        assertEquals(0,
                some.run("search", "--index", products, "dry feet in wet snow", "--depth", "16", "--limit", "16",
                        "--json", "--min-probability", "" + least),
                some::err);
        assertEquals(expected, json(some).at("/hits").findValuesAsText("id"));
        assertEquals("", some.err());

        Path config = Files.writeString(folder.resolve("relevant.yaml"), "search: {min-probability: 1}\n");
        TestShell one = shell();
        assertEquals(0, one.run("search", "--index", products, "dry feet in wet snow", "--depth", "16", "--limit", "1",
                "--json", "--config", config.toString(), "--min-probability", "" + least), one::err);
        assertEquals(expected.subList(0, 1), json(one).at("/hits").findValuesAsText("id"));
    }

    @Test
    void nothingRelevantIsCodeOneAndSaysHowNearTheBestCame() throws IOException {
        Path config = Files.writeString(folder.resolve("certain.yaml"), "search: {min-probability: 1}\n");
        String message = "nothing relevant found \\(best candidate 0\\.[0-9]+, below --min-probability 1\\.0\\)\n";
        TestShell people = shell();
        assertEquals(1, people.run("search", "--index", products, "who was king of Sweden", "--min-probability", "1"));
        assertEquals("", people.out());
        assertTrue(people.err().matches(message), people.err());
        TestShell programs = shell();
        assertEquals(1, programs.run("search", "--index", products, "who was king of Sweden", "--json", "--config",
                config.toString()));
        assertEquals(0, json(programs).at("/hits").size());
        assertTrue(json(programs).at("/hits").isArray());
        assertEquals(4, json(programs).at("/stages").size());
        assertTrue(programs.err().matches(message), programs.err());
        TestShell filtered = shell();
        assertEquals(1, filtered.run("search", "--index", products, "shoe", "--filter", "category=boats",
                "--min-probability", "0.5"));
        assertEquals("nothing found that satisfies --filter\n", filtered.err());
    }

    @Test
    void aMinimumThatNothingCanBeHeldAgainstIsRefused() {
        TestShell none = shell();
        assertEquals(2,
                none.run("search", "--index", products, "shoe", "--min-probability", "0.5", "--reranker", "none"));
        assertEquals(
                "rerank: --min-probability needs a reranker that gives probabilities, and --reranker is none: take "
                        + "built-in, a folder or a model's name\n",
                none.err());
        TestShell two = shell();
        assertEquals(2, two.run("search", "--index", products, "shoe", "--min-probability", "2"));
        assertEquals("rerank: --min-probability must be within 0 to 1, got 2.0\n", two.err());
        TestShell word = shell();
        assertEquals(2, word.run("search", "--index", products, "shoe", "--min-probability", "high"));
        assertTrue(word.err().contains("--min-probability"), word.err());
    }

    @Test
    void anUnknownFieldNamesTheNearest() {
        TestShell shell = shell();
        assertEquals(2, shell.run("search", "--index", products, "shoe", "--filter", "categry=shoes"));
        assertTrue(shell.err().contains("did you mean category? known are "), shell.err());
    }

    @Test
    void aLanguageThatIsNoneIsRefused() {
        TestShell shell = shell();
        assertEquals(2, shell.run("search", "--docs", HANDBOOK, "q", "--language", "klingon"));
        assertTrue(shell.err().startsWith("rerank: --language must be one of "), shell.err());
    }

    @Test
    void withoutARerankerTheFirstStageAnswers() throws IOException {
        TestShell shell = shell();
        assertEquals(0, shell.run("search", "--index", products, "shoe", "--reranker", "none", "--retriever", "bm25",
                "--json"), shell::err);
        assertEquals(List.of("bm25"), json(shell).at("/stages").findValuesAsText("name"));
        assertTrue(json(shell).at("/hits/0/probability").isNull());
    }

    @Test
    void tooLittleTimeForAnythingIsAFailureInOneSentence() {
        TestShell shell = shell();
        assertEquals(3, shell.run("search", "--index", products, "shoe", "--timeout", "0.001ms"));
        assertTrue(shell.err().startsWith("rerank: no retriever answered"), shell.err());
        assertEquals(1, shell.err().lines().count(), shell.err());
    }

    @Test
    void theConfigurationFileCountsAndOptionsWinOverIt() throws IOException {
        Path config = Files.writeString(folder.resolve("rerank4j.yaml"),
                "search: {limit: 2, retriever: bm25}\nreranker: {model: none}\n");
        TestShell shell = shell();
        shell.run("search", "--index", products, "shoe", "--json", "--config", config.toString());
        assertEquals(2, json(shell).at("/hits").size());
        assertEquals(1, json(shell).at("/stages").size());
        TestShell other = shell();
        other.run("search", "--index", products, "shoe", "--json", "--config", config.toString(), "--limit", "3");
        assertEquals(3, json(other).at("/hits").size());
    }

    @Test
    void anIndexThatIsNoneIsAFailure() throws IOException {
        TestShell file = shell();
        assertEquals(3, file.run("search", "--index", "pom.xml", "shoe"));
        assertTrue(file.err().contains("pom.xml is a file"), file.err());
        TestShell empty = shell();
        Path none = Files.createDirectory(folder.resolve("none"));
        assertEquals(3, empty.run("search", "--index", none.toString(), "shoe"));
        assertTrue(empty.err().contains("no index in " + none), empty.err());
        TestShell language = shell();
        assertEquals(3, language.run("search", "--index", products, "shoe", "--language", "de"));
        assertTrue(language.err().startsWith("rerank: "), language.err());
        assertEquals(1, language.err().lines().count(), language.err());
    }

    @Test
    void anIndexThatSomebodyElseWritesIsAFailureAndCanBeSearched() throws IOException {
        Path directory = folder.resolve("locked");
        assertEquals(0, shell().run("index", "--index", directory.toString(), HANDBOOK + "/leave.md"));
        try (Models models = Models.load(Config.DEFAULTS.with(Config.DEFAULTS.reranker().withModel(ModelName.NONE)),
                new Downloads(shell().shell(), new Diagnostics(System.err, false)));
                LuceneIndex other = LuceneIndex.open(directory, models.encoder(), "en")) {
            other.mark("x", "y");
            TestShell writing = shell();
            assertEquals(3, writing.run("index", "--index", directory.toString(), HANDBOOK), writing::err);
            assertTrue(writing.err().contains("is being written by another"), writing.err());
            assertEquals(0, shell().run("search", "--index", directory.toString(), "leave"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"👟🥾 ❄️", "防水跑鞋", "\ud800 \udfff shoe", "a\0b",
            "title:(shoe OR* ]~ \"", "\u202egnp.exe", "AND"})
    void anyQueryIsText(String query) {
        TestShell shell = shell();
        int code = shell.run("search", "--index", products, query);
        assertEquals(0, code, shell::err);
        assertEquals("", shell.err());
        assertFalse(shell.out().contains("\0") || shell.out()
                .contains("\u202e"), "control characters must not come through");
    }

    @Test
    void aQueryOfTenThousandWordsIsAnsweredAsWellAsItCanBeOrRefused() {
        StringBuilder query = new StringBuilder();
        Set<String> words = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            words.add("word" + i);
            query.append("word").append(i).append(' ');
        }
        TestShell shell = shell();
        int code = shell.run("search", "--index", products, query.toString());
        assertEquals(0, code, shell::err);
        assertTrue(shell.err().startsWith("warning: this answer is not the best there is: "), shell.err());
        assertEquals(1, shell.err().lines().count());
        assertFalse(shell.err().contains("word7"), "queries do not belong into messages");
    }

    @Test
    void withoutAWritableCacheTheIndexIsTemporary() {
        TestShell shell = new TestShell().set("RERANK4J_CACHE", "/proc/nowhere");
        assertEquals(0, shell.run("search", "--docs", HANDBOOK + "/leave.md", "days of leave"), shell::err);
        assertTrue(shell.err().startsWith("warning: the cache folder /proc/nowhere cannot be written to"), shell.err());
    }

    @Test
    void aCachedIndexThatCannotBeReadIsMadeAnew() throws IOException {
        TestShell before = new TestShell().cache(folder.resolve("broken"));
        assertEquals(0, before.run("search", "--docs", HANDBOOK + "/leave.md", "days of leave"), before::err);
        try (var files = Files.walk(folder.resolve("broken"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("segments_")).toList()) {
                Files.write(file, new byte[]{1, 2, 3});
            }
        }
        TestShell after = new TestShell().cache(folder.resolve("broken"));
        assertEquals(0, after.run("search", "--docs", HANDBOOK + "/leave.md", "days of leave"), after::err);
        assertEquals(before.out(), after.out());
    }

    @Test
    void theCrossEncoderAloneReordersLines() {
        TestShell shell = shell()
                .input("Bananas are yellow.\nEveryone has 27 days of paid leave a year.\nThe office closes at six.\n");
        assertEquals(0, shell.run("rerank", "how many days of leave do I get", "--scores"), shell::err);
        List<String> lines = shell.out().lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.getFirst().matches("0\\.[0-9]{3}\tEveryone has 27 days of paid leave a year\\."), shell.out());
    }

    @Test
    void aRerankerFolderWithoutAModelIsAFailure() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("no-model"));
        TestShell shell = shell().input("a");
        assertEquals(3, shell.run("rerank", "q", "--reranker", empty.toString()), shell::err);
        assertEquals(1, shell.err().lines().count(), shell.err());
    }
}
