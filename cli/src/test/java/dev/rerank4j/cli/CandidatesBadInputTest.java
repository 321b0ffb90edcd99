package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code rerank candidates} says of judgments of which nothing good comes, and of places where it cannot write. */
@Timeout(300)
class CandidatesBadInputTest {

    @TempDir
    private static Path cache;

    @TempDir
    private Path folder;

    private JudgedFolder judged;

    @BeforeEach
    void files() throws IOException {
        judged = JudgedFolder.in(folder);
        judged.judgments();
        Files.writeString(folder.resolve("there.jsonl"), "mine");
        Files.writeString(folder.resolve("empty.csv"), "");
        judged.csv("columns.csv", "a,b", List.of("1,2"));
        judged.csv("none.csv", "query,document", List.of());
        judged.csv("one.csv", "query,document", List.of("dust,anchor.md"));
        judged.csv("noclicks.csv", "query,shown,clicked", List.of("dust,anchor.md,"));
        judged.csv("clickedelsewhere.csv", "query,shown,clicked", List.of("dust,anchor.md,rope.md"));
        judged.csv("unknown.csv", "query,document", List.of("dust,ankor.md"));
        judged.csv("nothing.csv", "query,document,grade",
                JudgedFolder.rows().stream().map(row -> row.replace(",2", ",0")).toList());
        List<String> rows = new ArrayList<>(JudgedFolder.rows());
        rows.add(JudgedFolder.query("drum") + ",drum.md,0");
        rows.add(JudgedFolder.query("rope") + "," + judged.file("rope") + ",1");
        judged.csv("contradiction.csv", "query,document,grade", rows);
    }

    private TestShell run(int code, String line) {
        TestShell shell = new TestShell().cache(cache);
        assertEquals(code, shell.run(("candidates --out DIR/out.jsonl " + line).replace("DIR", folder.toString())
                .split(" ")), shell::err);
        return shell;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--docs DIR/docs --judgments DIR/empty.csv|empty.csv:1: the first line must name the columns: query, and",
            "--docs DIR/docs --judgments DIR/columns.csv|columns.csv:1: the first line must name the columns: query, and",
            "--docs DIR/docs --judgments DIR/none.csv|none.csv has no judgments",
            "--docs DIR/docs --judgments DIR/one.csv|fine-tuning needs at least 20 judged queries, got 1: judge more",
            "--docs DIR/docs --judgments DIR/judgments.csv --queries 19|needs at least 20 judged queries, got 19",
            "--docs DIR/docs --judgments DIR/unknown.csv|none of the 1 judgments could be resolved: DIR/unknown.csv:2: "
                    + "there is no document, passage or file ankor.md; did you mean anchor.md?",
            "--docs DIR/docs --judgments DIR/nothing.csv --model none|none has a grade above 0",
            "--docs DIR/docs --judgments DIR/contradiction.csv|contradiction.csv:26: grade 0 contradicts line 5, which "
                    + "gives DIR/docs/drum.md grade 2 for the same query, and 1 more like this; a model cannot learn both",
            "--docs DIR/docs --clicks DIR/empty.csv|empty.csv:1: the first line must name the columns query, shown and",
            "--docs DIR/docs --clicks DIR/judgments.csv|the first line must name the columns query, shown and clicked",
            "--docs DIR/docs --clicks DIR/noclicks.csv|noclicks.csv has no clicks",
            "--docs DIR/docs --clicks DIR/clickedelsewhere.csv|:2: clicked must be among shown, rope.md is not",
            "--docs DIR/docs|--docs needs one of --judgments CSV",
            "--docs DIR/docs --clicks DIR/noclicks.csv --generate 5|--docs needs one of --judgments CSV",
            "--data DIR/docs --clicks DIR/noclicks.csv|go with --docs",
            "--docs DIR/docs --judgments DIR/judgments.csv --depth 1|--depth must be >= 2, got 1",
            "--docs DIR/docs --judgments DIR/judgments.csv --retriever postgres|--retriever must be bm25, vector or "
                    + "hybrid, got postgres",
            "--docs DIR/docs --judgments DIR/judgments.csv --model ollama:qwen3|--reranker must be built-in, none, a "
                    + "folder or a model's name, got ollama:qwen3: a provider's scores are no logits"})
    void isRefusedInOneSentenceAndNothingIsWritten(String line, String message) throws IOException {
        TestShell shell = run(ExitCode.USAGE, line);
        List<String> said = shell.err().lines().filter(each -> !each.startsWith("indexing")).toList();
        assertEquals(1, said.size(), shell.err());
        assertTrue(said.getFirst().startsWith("rerank: "), shell.err());
        assertTrue(said.getFirst().contains(message.replace("DIR", folder.toString())), shell.err());
        assertEquals("", shell.out());
        assertNothingWritten();
    }

    private void assertNothingWritten() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("there.jsonl")),
                    files.filter(file -> file.toString().contains(".jsonl")).toList());
        }
        assertEquals("mine", Files.readString(folder.resolve("there.jsonl")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"DIR/there.jsonl|there.jsonl is there already; --force overwrites it",
            "DIR/nowhere/a.jsonl|--out must name a file in a folder that exists",
            "DIR/docs|--out must name a file in a folder that exists"})
    void aPlaceWhereItCannotStandIsToldBeforeAnythingIsComputed(String out, String message) throws IOException {
        TestShell shell = new TestShell().cache(cache);
        assertEquals(ExitCode.USAGE, shell.run("candidates", "--docs", judged.docs(), "--judgments",
                folder.resolve("judgments.csv").toString(), "--out", out.replace("DIR", folder.toString())));
        assertTrue(shell.err().startsWith("rerank: ") && shell.err().contains(message), shell.err());
        assertEquals(1, shell.err().lines().count(), shell.err());
        assertNothingWritten();
    }

    @Test
    void whereToWriteMustBeSaid() {
        TestShell shell = new TestShell().cache(cache);
        assertEquals(ExitCode.USAGE, shell.run("candidates", "--docs", judged.docs()));
        assertTrue(shell.err().contains("Missing required option: '--out=FILE'"), shell.err());
    }

    @Test
    void whereEveryCandidateIsRelevantThereIsNothingToTellApart() throws IOException {
        List<String> rows = new ArrayList<>();
        JudgedFolder.THINGS.forEach(thing -> JudgedFolder.THINGS.forEach(
                other -> rows.add(JudgedFolder.query(thing) + "," + other + ".md,1")));
        judged.csv("all.csv", "query,document,grade", rows);
        TestShell shell = run(ExitCode.USAGE, "--docs DIR/docs --judgments DIR/all.csv --model none");
        assertTrue(
                shell.err().contains("every candidate of every query is judged relevant, so there is nothing to tell "
                        + "apart"),
                shell.err());
        assertNothingWritten();
    }

    @Test
    void whereEveryJudgmentIsRelevantTheOtherCandidatesTeach() {
        TestShell shell = run(0, "--docs DIR/docs --judgments DIR/judgments.csv --model none --depth 5");
        assertFalse(shell.err().contains("warning"), shell.err());
    }

    @Test
    void whatIsUnknownOrTeachesNothingIsAWarningWhereTheRestIsEnough() throws IOException {
        List<String> rows = new ArrayList<>(JudgedFolder.rows());
        rows.set(3, rows.get(3).replace(",2", ",0"));
        rows.add("dust,ankor.md,1");
        judged.csv("mixed.csv", "query,document,grade", rows);
        TestShell shell = run(0, "--docs DIR/docs --judgments DIR/mixed.csv --model none --depth 5");
        assertTrue(shell.err().contains("mixed.csv:26: there is no document, passage or file ankor.md; did you mean "
                + "anchor.md?"), shell.err());
        assertTrue(shell.err().contains("warning: 1 of 24 queries teach nothing"), shell.err());
    }

    @Test
    void documentsThatACollectionDoesNotHaveAreNamed() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data/qrels")).getParent();
        List<String> corpus = new ArrayList<>();
        List<String> queries = new ArrayList<>();
        List<String> qrels = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        for (String thing : JudgedFolder.THINGS) {
            corpus.add("{\"_id\": \"" + thing + "\", \"text\": \"Dust on the " + thing + " is brushed off.\"}");
            queries.add("{\"_id\": \"q-" + thing + "\", \"text\": \"" + JudgedFolder.query(thing) + "\"}");
            qrels.add("q-" + thing + "\t" + thing + "\t1");
        }
        qrels.add("q-drum\tgone\t1");
        Files.write(data.resolve("corpus.jsonl"), corpus);
        Files.write(data.resolve("queries.jsonl"), queries);
        Files.write(data.resolve("qrels/test.tsv"), qrels);
        TestShell shell = run(0, "--data DIR/data --model none --depth 5");
        assertTrue(shell.err().contains("judged documents that are not there, which count for nothing: 1 (gone)"),
                shell.err());
        Files.write(data.resolve("qrels/test.tsv"), List.of("q-drum\tdrum\t0"), StandardOpenOption.APPEND);
        shell = run(ExitCode.USAGE, "--data DIR/data --model none --depth 5 --force");
        assertTrue(shell.err().contains("test.tsv:27: a judgment must not contradict an earlier one"), shell.err());
    }

    @Test
    void textsInALanguageThatTheModelDoesNotKnowAreAWarning() throws IOException {
        for (String thing : JudgedFolder.THINGS) {
            Files.writeString(judged.file(thing),
                    "Im langen Saal des Museums steht hinter Glas ein sehr altes Stück, das "
                            + "wir " + thing
                            + " nennen. Der Staub wird in jedem Frühjahr mit einem weichen Pinsel entfernt, und "
                            + "niemand darf es jemals mit Wasser reinigen.\n");
        }
        List<String> rows = JudgedFolder.THINGS.stream()
                .map(thing -> "wie wird der Staub entfernt vom " + thing + "," + thing + ".md").toList();
        judged.csv("deutsch.csv", "query,document", rows);
        TestShell shell = run(0, "--docs DIR/docs --judgments DIR/deutsch.csv --depth 5");
        List<String> warnings = shell.err().lines().filter(line -> line.startsWith("warning: ")).toList();
        assertEquals(2, warnings.size(), shell.err());
        assertTrue(warnings.stream()
                .anyMatch(line -> line.matches("warning: the texts are German.*, and rerank4j-.* knows "
                        + "only English.*: fine-tuning does not teach it another")),
                shell.err());
        assertTrue(warnings.stream().anyMatch(line -> line.contains("it was not asked for candidates")), shell.err());
    }

    @Test
    void aFullDiskIsSaidAndNothingIsLeft() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(mounted("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk.toString()),
                "mounting is not allowed here");
        try {
            TestShell shell = new TestShell().cache(cache);
            assertEquals(ExitCode.FAILED, shell.run("candidates", "--docs", judged.docs(), "--judgments",
                    folder.resolve("judgments.csv").toString(), "--model", "none", "--out",
                    disk.resolve("out.jsonl").toString()), shell::err);
            assertTrue(
                    shell.err().contains("out.jsonl cannot be written (io: No space left on device): nothing is left "
                            + "of it, but scores are kept, and running this again goes on from there"),
                    shell.err());
            try (Stream<Path> left = Files.list(disk)) {
                assertEquals(List.of(), left.toList());
            }
        } finally {
            assertTrue(mounted("umount", disk.toString()) || mounted("umount", "-l", disk.toString()));
        }
    }

    private static boolean mounted(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start().waitFor() == 0;
    }
}
