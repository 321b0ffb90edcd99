package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One sentence that says what is wrong, before anything is computed. */
class EvalBadInputTest {

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data/qrels")).getParent();
        Files.writeString(data.resolve("corpus.jsonl"), "{\"_id\": \"a\", \"text\": \"apples\"}\n");
        Files.writeString(data.resolve("queries.jsonl"), "{\"_id\": \"1\", \"text\": \"apples\"}\n");
        Files.writeString(data.resolve("qrels/test.tsv"), "1\ta\t1\n");
        Files.createDirectories(folder.resolve("empty"));
        Files.writeString(folder.resolve("file.txt"), "text");
        Files.writeString(folder.resolve("nocolumns.csv"), "a,b\n1,2\n");
        Files.writeString(folder.resolve("nograde.csv"), "query,document,grade\napples,a,good\n");
        Path filtered = Files.createDirectories(folder.resolve("filtered/qrels")).getParent();
        Files.writeString(filtered.resolve("corpus.jsonl"),
                "{\"_id\":\"a\",\"text\":\"Apples.\",\"kind\":\"fruit\"}\n");
        Files.writeString(filtered.resolve("queries.jsonl"),
                "{\"_id\":\"1\",\"text\":\"apples\",\"filter\":\"colour=red\"}\n");
        Files.writeString(filtered.resolve("qrels/test.tsv"), "query-id\tcorpus-id\tscore\n1\ta\t1\n");
        Files.writeString(folder.resolve("none.csv"), "query,document\n");
        Files.writeString(folder.resolve("good.run"), "1 Q0 a 1 0.5 mine\n");
        Files.writeString(folder.resolve("nan.run"), "1 Q0 a 1 NaN mine\n");
        Files.writeString(folder.resolve("short.run"), "1 Q0 a 1\n");
        Files.writeString(folder.resolve("broken.tsv"), "1\ta\tgood\n1\ta\tbad\n");
    }

    private String refused(int code, String command) {
        TestShell shell = new TestShell().cache(folder.resolve("cache"));
        assertEquals(code, shell.run(command.replace("DIR", folder.toString()).split(" ")), shell::err);
        assertEquals("", shell.out());
        assertEquals(1, shell.err().lines().count(), shell::err);
        assertTrue(shell.err().startsWith("rerank: "), shell.err());
        return shell.err();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "eval|say what to measure on",
            "eval --data DIR/data --docs DIR/data|exclude each other",
            "eval --data DIR/nowhere|there is no folder",
            "eval --data DIR/empty|has no documents",
            "eval --data DIR/filtered|query 1 has a filter that cannot be used: --filter names a field that no document of "
                    + "the index has, colour",
            "eval --data DIR/data --metric ndgc@10|--metric: metric must be one of",
            "eval --data DIR/data --metric p|needs a cut-off",
            "eval --data DIR/data --systems bm52|--systems must be some of",
            "eval --data DIR/data --depth 0|--depth must be >= 1, got 0",
            "eval --data DIR/data --queries 0|--queries must be >= 1, got 0",
            "eval --data DIR/data --document-rule worst|document rule must be one of best, first, decayed",
            "eval --data DIR/data --reranker none|--reranker none leaves nothing to rerank with",
            "eval --data DIR/data --json DIR/nowhere/a.json|--json must name a file in a folder that exists",
            "eval --data DIR/data --html DIR/empty|is a folder",
            "eval --data DIR/data --run DIR/file.txt|--run must be a folder",
            "eval --data DIR/data --index DIR/nowhere|--index must be a folder made by",
            "eval --data DIR/data --judgments DIR/none.csv|go with --docs",
            "eval --docs DIR/data|--docs needs one of --judgments",
            "eval --docs DIR/nowhere --generate 5|there is no",
            "eval --docs DIR/data --generate 0|--generate must be 1 to",
            "eval --docs DIR/data --generate 5 --llm ftp://example.org --llm-model m|--llm: ",
            "eval --docs DIR/data --judgments DIR/nocolumns.csv|nocolumns.csv:1: the first line must name the columns",
            "eval --docs DIR/data --judgments DIR/nograde.csv|nograde.csv:2: a grade must be a whole number, got good",
            "eval --docs DIR/data --judgments DIR/none.csv|has no judgments",
            "eval --docs DIR/data --topics DIR/data/queries.jsonl|--topics FILE --qrels FILE",
            "eval compare DIR/good.run|Missing required option: '--qrels=FILE'",
            "eval compare DIR/nan.run --qrels DIR/data/qrels/test.tsv|nan.run:1: a score must be a number",
            "eval compare DIR/short.run --qrels DIR/data/qrels/test.tsv|short.run:1: a line of a run must have six",
            "eval compare DIR/good.run --qrels DIR/broken.tsv|broken.tsv:2: a grade must be a whole number, got bad",
            "eval compare DIR/good.run DIR/good.run --qrels DIR/data/qrels/test.tsv|must be different files",
            "tune --data DIR/data --out DIR/file.txt|--force overwrites it",
            "tune --data DIR/data --out DIR/nowhere/a.yaml|--out must name a file in a folder that exists",
            "tune --data DIR/data --chunk-sizes 4 --out -|--chunk-sizes must be >= 16, got 4",
            "tune --data DIR/data --chunk-sizes 128 --index DIR/empty --out -|exclude each other",
            "tune --data DIR/data --budget soon --out -|must be a number with one of the units"})
    void isRefusedInOneSentence(String command, String message) {
        String said = refused(ExitCode.USAGE, command);
        assertTrue(said.contains(message), said);
    }

    @Test
    void aFileThatIsNotThereIsAFailure() {
        assertTrue(refused(ExitCode.FAILED, "eval compare DIR/nowhere.run --qrels DIR/data/qrels/test.tsv")
                .contains("there is no file"));
    }

    @Test
    void anEmptyRunIsComparedAndSaidToBeEmpty() throws IOException {
        Files.writeString(folder.resolve("empty.run"), "");
        TestShell shell = new TestShell();
        assertEquals(0, shell.run("eval", "compare", folder.resolve("good.run").toString(),
                folder.resolve("empty.run").toString(), "--qrels", folder.resolve("data/qrels/test.tsv").toString()),
                shell::err);
        assertTrue(shell.err().contains("empty.run is empty: a run without any query"), shell.err());
        assertTrue(shell.err().contains("the systems answered different queries"), shell.err());
    }

    @Test
    void tuningOnTooFewQueriesIsRefused() {
        TestShell shell = new TestShell().cache(folder.resolve("cache"));
        assertEquals(2, shell.run("tune", "--data", folder.resolve("data").toString(), "--out", "-"));
        assertTrue(shell.err().contains("tuning needs at least 10 judged queries, data has 1"), shell.err());
    }
}
