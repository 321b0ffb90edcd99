package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A folder as fine-tuning writes it is a model wherever a command takes one, and is measured beside the built-in one.
 * Its weights here are the built-in ones, and in another folder those of a little model, of no meaning.
 */
@Timeout(300)
class FineTunedModelTest {

    private static final String HANDBOOK = "../examples/handbook";
    private static final Path LITTLE = Path.of("../onnx/src/test/resources/golden/rerankers/bert");

    @TempDir
    private static Path cache;

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private static Path model;

    @BeforeAll
    static void tune() throws IOException {
        model = HubModels.fineTuned(made.resolve("my-model"));
    }

    @BeforeEach
    void little() throws IOException {
        little(folder.resolve("little"));
    }

    private static void little(Path to) throws IOException {
        Files.createDirectories(to.resolve("onnx"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx")) {
            Files.copy(LITTLE.resolve(file), to.resolve(file));
        }
    }

    private static TestShell run(int code, String... line) {
        TestShell shell = new TestShell().cache(cache).columns(140);
        assertEquals(code, shell.run(line), shell::err);
        return shell;
    }

    private static TestShell eval(String systems, String... more) {
        return run(0, Stream.concat(Stream.of("eval", "--data", HANDBOOK, "--queries", "8", "--depth", "10",
                "--timing-queries", "0", "--systems", systems), Stream.of(more)).toArray(String[]::new));
    }

    private static JsonNode first(String... more) throws IOException {
        return Json.MAPPER.readTree(run(0, Stream.concat(Stream.of("search", "--docs", HANDBOOK + "/docs",
                "how many days of paid leave do I get", "--json", "--limit", "1"), Stream.of(more))
                .toArray(String[]::new)).out()).at("/hits/0");
    }

    @Test
    void itRanksAndItsProbabilitiesAreThoseOfItsCalibration() throws IOException {
        JsonNode builtIn = first();
        Path calibrated = HubModels.fineTuned(folder.resolve("calibrated"));
        Files.writeString(calibrated.resolve("calibration.json"), "{\"slope\": 0.5, \"intercept\": -2}");
        JsonNode own = first("--model", calibrated.toString());
        assertEquals(builtIn.get("id"), own.get("id"));
        assertEquals(builtIn.get("evidence"), own.get("evidence"), "the weights are the same");
        double logit = 0;
        for (JsonNode evidence : own.get("evidence")) {
            logit = evidence.get("stage").textValue().equals("cross-encoder")
                    ? evidence.get("score").doubleValue()
                    : logit;
        }
        assertEquals(1 / (1 + Math.exp(2 - 0.5 * logit)), own.get("probability").doubleValue(), 1e-4);
        assertNotEquals(builtIn.get("probability"), own.get("probability"));
        TestShell rerank = new TestShell().cache(cache).input("leave is 25 days\npay is on the 25th\n");
        assertEquals(0, rerank.run("rerank", "how much leave", "--model", calibrated.toString()), rerank::err);
        assertTrue(rerank.out().contains("leave is 25 days"), rerank.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "rerank", "serve", "mcp", "index", "eval", "tune", "candidates"})
    void everyCommandWithARerankerTakesItAsModel(String command) {
        assertTrue(run(0, command, "--help").out().lines().anyMatch(line -> line.contains("--model, --reranker=MODEL")
                || line.contains("--reranker, --model=MODEL")), command);
    }

    @Test
    void itStandsBesideTheBuiltInOneByItsLastNameAndASentenceSaysWhetherItGains() throws IOException {
        Path json = folder.resolve("report.json");
        Path runs = folder.resolve("runs");
        TestShell shell = eval("hybrid+rerank:built-in,hybrid+rerank:" + folder.resolve("little"), "--run",
                runs.toString(), "--json", json.toString());
        JsonNode comparison = Json.MAPPER.readTree(json.toFile()).at("/comparisons/0");
        assertEquals("hybrid+rerank:built-in", comparison.get("a").textValue());
        assertEquals("hybrid+rerank:little", comparison.get("b").textValue());
        assertTrue(comparison.get("low").doubleValue() <= comparison.get("delta").doubleValue());
        assertTrue(comparison.get("p").doubleValue() > 0);
        assertTrue(shell.out().contains("hybrid+rerank:little − hybrid+rerank:built-in"), shell.out());
        assertTrue(shell.out().matches("(?s).*(A gain|A loss|No gain can be shown|No gain): .*"), shell.out());
        assertTrue(Files.exists(runs.resolve("hybrid+rerank:little.run")), "one file for each");
    }

    @Test
    void theSameWeightsGainNothing() {
        TestShell shell = eval("hybrid,hybrid+rerank:built-in,hybrid+rerank:" + model);
        assertTrue(shell.out().replaceAll("\\s+", " ").endsWith("No gain: hybrid+rerank:my-model and "
                + "hybrid+rerank:built-in have the same ndcg@10 on every query. "), shell.out());
    }

    @Test
    void modelsOfTheSameLastNameAreCalledByTheirPaths() throws IOException {
        Path twin = folder.resolve("twin/little");
        little(twin);
        Path runs = folder.resolve("runs");
        TestShell shell = eval("bm25+rerank:" + folder.resolve("little") + ",bm25+rerank:" + twin, "--run",
                runs.toString());
        assertTrue(shell.out().contains("bm25+rerank:" + folder.resolve("little") + " "), shell.out());
        assertTrue(shell.out().contains("bm25+rerank:" + twin + " "), shell.out());
        try (Stream<Path> files = Files.list(runs)) {
            assertEquals(2, files.filter(file -> file.toString().endsWith("little.run")).count());
        }
    }

    @Test
    void whatWasTrainedAnewInTheSamePlaceIsScoredAnew() throws IOException {
        JsonNode before = systems("hybrid+model:" + folder.resolve("little"));
        Files.copy(Path.of("../onnx/src/test/resources/golden/rerankers/electra/onnx/model.onnx"),
                folder.resolve("little/onnx/model.onnx"), StandardCopyOption.REPLACE_EXISTING);
        JsonNode after = systems("hybrid+model:" + folder.resolve("little"));
        assertNotEquals(before, after, "scores of the old weights are not the new model's");
    }

    private static JsonNode systems(String systems) throws IOException {
        return Json.MAPPER.readTree(eval(systems, "--json", "-").out()).get("systems");
    }

    @Test
    void whatIsNoModelIsToldAsOneOfTheSystems() {
        TestShell shell = new TestShell().cache(cache);
        assertEquals(ExitCode.USAGE, shell.run("eval", "--data", HANDBOOK, "--systems", "hybrid+rerank:./nowhere"));
        assertTrue(shell.err().startsWith("rerank: --systems: a model must be built-in"), shell.err());
        assertTrue(shell.err().contains("got ./nowhere"), shell.err());
        assertEquals(1, shell.err().lines().count(), shell.err());
    }

    @Test
    void weightsThatAreNotThoseThatWereWrittenAreRefused() throws IOException {
        Path broken = HubModels.fineTuned(folder.resolve("broken"));
        ObjectNode golden = (ObjectNode) Json.MAPPER.readTree(broken.resolve("golden.json").toFile());
        ((ObjectNode) golden.at("/files/onnx~1model_int8.onnx")).put("sha256", "0".repeat(64));
        Files.writeString(broken.resolve("golden.json"), golden.toString());
        TestShell shell = run(ExitCode.FAILED, "search", "--docs", HANDBOOK + "/docs", "leave", "--model",
                broken.toString());
        assertTrue(shell.err().contains("model_int8.onnx"), shell.err());
        assertTrue(shell.err().lines().toList().getLast().startsWith("rerank: "), shell.err());
    }
}
