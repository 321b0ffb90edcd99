package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rerank tune} with the real models on an example of the repository. */
class TuneTest {

    private static final String HANDBOOK = "../examples/handbook";

    @TempDir
    private static Path cache;

    @TempDir
    private Path folder;

    private static TestShell shell() {
        return new TestShell().cache(cache);
    }

    @Test
    void whatItWritesASearchReadsAndNothingIsOverwritten() throws IOException {
        Path file = folder.resolve("tuned.yaml");
        TestShell tune = shell();
        assertEquals(0, tune.run("tune", "--data", HANDBOOK, "--queries", "12", "--depth", "5,10", "--out",
                file.toString()), tune::err);
        assertTrue(tune.out().startsWith("handbook, 12 queries, "), tune.out());
        assertTrue(tune.out().contains("today"), tune.out());
        assertTrue(tune.out().contains("best without reranking"), tune.out());
        assertTrue(tune.out().matches("(?s).*(Recommended: |keep them).*"), tune.out());
        assertTrue(Files.readString(file).startsWith("# Made by 'rerank tune' on handbook, 12 queries: ndcg@10 "));
        Config written = ConfigFile.read(file);
        assertEquals(Config.DEFAULTS.search().unit(), written.search().unit());
        assertEquals(Config.DEFAULTS.index(), written.index());

        TestShell search = shell();
        assertEquals(0, search.run("search", "--docs", HANDBOOK + "/docs", "how many days of leave", "--config",
                file.toString()), search::err);
        assertTrue(search.out().contains("leave.md"), search.out());

        TestShell again = shell();
        assertEquals(2, again.run("tune", "--data", HANDBOOK, "--out", file.toString()));
        assertTrue(again.err().contains("is there already; --force overwrites it"), again.err());
    }

    @Test
    void aBudgetThatNothingFitsSaysWhatTheFastestNeeds() {
        TestShell tune = shell();
        assertEquals(2, tune.run("tune", "--data", HANDBOOK, "--queries", "10", "--depth", "5", "--budget", "0.001ms",
                "--out", "-"));
        assertTrue(tune.err().lines().toList().getLast().matches(
                "rerank: --budget is less than any search takes here: the fastest, (bm25|vector), needs about "
                        + "[0-9.]+ ms"),
                tune.err());
    }

    @Test
    void chunkSizesAreTriedInIndexesOfTheirOwnAndPrintedConfigurationsParse() {
        TestShell tune = shell();
        assertEquals(0, tune.run("tune", "--data", HANDBOOK, "--queries", "10", "--depth", "5", "--chunk-sizes", "64",
                "--reranker", "none", "--budget", "1h", "--out", "-"), tune::err);
        String yaml = tune.out().substring(tune.out().indexOf("# Made by"));
        Config config = ConfigFile.parse(yaml);
        assertFalse(TuneGrid.reranks(config));
        assertTrue(tune.out().contains(" configurations, 5 folds"), tune.out());
        assertTrue(List.of(64, 0).contains(config.index().chunk().size() == null
                ? 0
                : config.index().chunk().size()), yaml);
    }
}
