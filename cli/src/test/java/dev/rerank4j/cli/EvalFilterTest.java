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
import org.junit.jupiter.params.provider.ValueSource;

/** Judged queries that are asked within a filter: ten cups that differ in their colour alone. */
class EvalFilterTest {

    private static final int CUPS = 10;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(folder.resolve("data/qrels"));
        StringBuilder corpus = new StringBuilder();
        StringBuilder qrels = new StringBuilder();
        for (int cup = 0; cup < CUPS; cup++) {
            corpus.append("{\"_id\": \"cup").append(cup).append("\", \"text\": \"A cup for tea.\", \"colour\": \"c")
                    .append(cup).append("\"}\n");
            qrels.append("q").append(cup).append("\tcup").append(cup).append("\t1\n");
        }
        Files.writeString(folder.resolve("data/corpus.jsonl"), corpus);
        Files.writeString(folder.resolve("data/qrels/test.tsv"), qrels);
        queries(", \"filter\": \"colour=c%d\"");
    }

    private void queries(String filter) throws IOException {
        StringBuilder queries = new StringBuilder();
        for (int cup = 0; cup < CUPS; cup++) {
            queries.append("{\"_id\": \"q").append(cup).append("\", \"text\": \"tea cup\"")
                    .append(String.format(filter, cup)).append("}\n");
        }
        Files.writeString(folder.resolve("data/queries.jsonl"), queries);
    }

    private TestShell run(int code, String command, String... more) {
        TestShell shell = new TestShell().cache(folder.resolve("cache"));
        String[] args = new String[3 + more.length];
        args[0] = command;
        args[1] = "--data";
        args[2] = folder.resolve("data").toString();
        System.arraycopy(more, 0, args, 3, more.length);
        assertEquals(code, shell.run(args), shell::err);
        return shell;
    }

    private double best(String system) throws IOException {
        String out = run(0, "eval", "--systems", "bm25,vector,hybrid,hybrid+rerank", "--metric", "mrr@10",
                "--timing-queries", "2", "--json", "-").out();
        return Json.MAPPER.readTree(out).at("/systems/" + system + "/mrr@10/mean").asDouble();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bm25", "vector", "hybrid", "hybrid+rerank"})
    void everySystemFindsWithinTheFilter(String system) throws IOException {
        assertEquals(1, best(system), 1e-9);
        queries("");
        assertTrue(best(system) < 0.5, "nothing tells the cups apart but the filter");
    }

    @Test
    void whatIsTunedIsAskedWithinTheFilterToo() throws IOException {
        String within = run(0, "tune", "--depth", "5", "--out", "-").out();
        assertTrue(within.matches("(?s).*\ntoday +1\\.000 .*"), within);
        queries("");
        String without = run(0, "tune", "--depth", "5", "--out", "-").out();
        assertTrue(without.matches("(?s).*\ntoday +0\\.[0-9]{3} .*"), without);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "colour|must be a field, one of",
            "color=c1|names a field that no document of the index has, color; did you mean colour?",
            "colour<blue|compares with numbers and dates"})
    void aFilterThatCannotBeUsedIsNamedWithItsQuery(String filter, String message) throws IOException {
        queries("");
        String broken = Files.readString(folder.resolve("data/queries.jsonl")).replace("{\"_id\": \"q3\",",
                "{\"_id\": \"q3\", \"filter\": [\"colour=c3\", \"" + filter + "\"],");
        Files.writeString(folder.resolve("data/queries.jsonl"), broken);
        for (String command : new String[]{"eval", "tune"}) {
            String said = run(ExitCode.USAGE, command, command.equals("tune") ? "--out" : "--json", "-").err();
            assertTrue(said.contains("query q3 has a filter that cannot be used: --filter "), said);
            assertTrue(said.contains(message), said);
            assertEquals(1, said.lines().count(), said);
        }
    }
}
