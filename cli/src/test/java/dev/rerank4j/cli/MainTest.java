package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    @TempDir
    private Path folder;

    private TestShell shell() {
        return new TestShell().cache(folder.resolve("cache")).set("HF_HOME", folder.resolve("hf").toString());
    }

    @Test
    void aloneItShowsTheThreeCommandsToStartWith() {
        TestShell shell = shell();
        assertEquals(0, shell.run());
        assertTrue(shell.out().contains("rerank search --docs PATH") && shell.out().contains("rerank index --index DIR")
                && shell.out().contains("rerank rerank") && shell.out().contains("rerank serve"), shell.out());
    }

    @Test
    void itKnowsItsVersion() {
        TestShell shell = shell();
        assertEquals(0, shell.run("--version"));
        assertTrue(shell.out().startsWith("rerank4j "), shell.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "index", "rerank", "serve", "mcp", "models", "models pull", "models list",
            "models show",
            "models verify", "models remove"})
    void helpTeachesByExamplesThatFitATerminal(String command) {
        TestShell shell = shell();
        assertEquals(0, shell.run((command + " --help").split(" ")));
        assertTrue(shell.out().contains("Examples:\n  rerank " + command), shell.out());
        shell.out().lines().forEach(line -> assertTrue(TextLayout.columns(line) <= 80, line));
        assertFalse(shell.out().contains("\u001b"));
    }

    @Test
    void completionIsAScript() {
        TestShell shell = shell();
        assertEquals(0, shell.run("completion"));
        assertTrue(shell.out().contains("complete -F _complete_rerank"), shell.out());
        assertTrue(shell.out().contains("_picocli_rerank_models_pull"), shell.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "search|Missing required parameter: 'QUERY'",
            "search q|say what to search: --docs PATH for files and folders, or --index DIR for an index",
            "search q --docs pom.xml --index .|--docs and --index exclude each other",
            "search q --docs no-such-folder|--docs must name files or folders that exist, there is no no-such-folder",
            "search q --index no-such-index|--index must be a folder made by 'rerank index --index DIR PATH'",
            "search q --docs . --limit 0|--limit must be >= 1, got 0",
            "search q --docs . --limit 20 --depth 10|--depth must be >= limit (20), got 10",
            "search q --docs . --limit ten|Invalid value for option '--limit': 'ten' is not an int",
            "search q --docs . --unit chapter|option '--unit': must be one of passage, document, got \"chapter\"",
            "search q --docs . --retriever x|must be one of bm25, vector, hybrid, opensearch, elasticsearch, postgres, got \"x\"",
            "search q --docs . --color x|must be one of auto, always, never, got \"x\"",
            "search q --docs . --format x|must be one of text, json, context, got \"x\"",
            "search q --docs . --format context --json|--json and --format context exclude each other",
            "search q --docs . --context-tokens 5|say how a context is made: add --format context",
            "search q --docs . --json --context-order ends|say how a context is made: add --format context",
            "search q --docs . --format context --context-tokens 0|--context-tokens must be >= 1, got 0",
            "search q --docs . --format context --context-order x|must be one of best, document, ends, got \"x\"",
            "search q --docs . --format context --explain|--explain has no place in --format context",
            "search q --docs . --timeout 5|must be a number with one of the units ms, s, m, h, such as 200ms, got \"5\"",
            "search q --docs . --reranker nowhere|--reranker must be built-in, none, a provider such as cohere",
            "search q --docs . --model bge-reranker-bse|got bge-reranker-bse; did you mean BAAI/bge-reranker-base?",
            "search q --docs . --cascade built-in=9|--cascade must have two models or more, got one: that is a model",
            "search q --docs . --cascade built-in,nowhere|--cascade must be MODEL=DEPTH,MODEL=DEPTH, such as built-in=200",
            "search q --docs . --cascade built-in=9,x=ten|such as built-in=200,BAAI/bge-reranker-base=50, got x=ten",
            "search q --docs . --cascade =9,built-in=5|--cascade must have a model in each place",
            "search q --docs . --cascade built-in=9,none=5|a folder or a model's name, got none",
            "search q --docs . --cascade built-in=9,built-in=5|--cascade must have different models, got built-in twice",
            "search q --docs . --cascade built-in=5,..=9|--cascade must have depths >= 1 that do not grow, got 5, 9",
            "search q --docs . --cascade built-in=5,..=0|--cascade must have depths >= 1 that do not grow, got 5, 0",
            "search q --docs . --cascade built-in=9,nowhere=5|a model of --cascade must be built-in, a provider such as cohere",
            "search q --docs . --cascade built-in=9,BAAI/bge-reranker-bse=5 --reranker built-in|exclude each other",
            "rerank q --cascade built-in=9,..=5 --model built-in|--reranker and --cascade exclude each other",
            "rerank q --cascade built-in=9,nowhere=5|a model of --cascade must be built-in, a provider such as cohere",
            "serve --cascade built-in=9|--cascade must have two models or more, got one: that is a model",
            "mcp --docs . --cascade built-in=9|--cascade must have two models or more, got one: that is a model",
            "search q --docs . --encoder none|--encoder must be built-in, a folder with an ONNX model",
            "search q --docs . --encoder BGE-M3|got BGE-M3; did you mean BAAI/bge-m3?",
            "search q --docs . --encoder ../x/y|or a model's name such as BAAI/bge-base-en-v1.5, got ../x/y",
            "rerank q --reranker none|--reranker none leaves nothing to rerank with",
            "search q --docs . --config no.yaml|the configuration file no.yaml cannot be read",
            "search q --docs . --limt 5|did you mean --limit?",
            "index x|say where to: --index DIR for a folder",
            "index --index d|Missing required parameter: 'PATH'",
            "index --index d nowhere|rerank index must name files or folders that exist, there is no nowhere",
            "rerank|Missing required parameter: 'QUERY'",
            "rerank q --limit 0|--limit must be >= 1, got 0",
            "serch|did you mean search?"})
    void wrongUsageIsOneSentenceOnStderr(String line, String message) {
        TestShell shell = shell();
        assertEquals(2, shell.run(line.split(" ")), shell::err);
        assertTrue(shell.err().contains(message), shell.err());
        assertTrue(shell.err().startsWith("rerank: "), shell.err());
        assertEquals(1, shell.err().lines().count(), shell.err());
        assertEquals("", shell.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "\t\n", "\u3000"})
    void anEmptyQueryIsRefused(String query) {
        for (String[] line : new String[][]{{"search", query, "--docs", "."}, {"rerank", query}}) {
            TestShell shell = shell().input("x");
            assertEquals(2, shell.run(line), () -> Arrays.toString(line));
            assertTrue(shell.err().contains("the query must not be empty"), shell.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--reranker", "--model", "--encoder"})
    void anEmptyNameOfAModelIsRefused(String option) {
        TestShell shell = shell();
        boolean alone = option.equals("--model");
        assertEquals(2, alone
                ? shell.run("rerank", "q", option, "")
                : shell.run("search", "q", "--docs", ".", option, ""), shell::err);
        assertTrue(shell.err().contains("must be built-in"), shell.err());
        assertTrue(shell.err().contains("got nothing"), shell.err());
    }

    @Test
    void verboseShowsWhereItHappened() {
        TestShell shell = shell();
        assertEquals(2, shell.run("search", "q", "--docs", "nowhere", "--verbose"));
        assertTrue(shell.err().contains("search:\n  limit: 10\n"), shell.err());
        assertTrue(shell.err().contains("\tat dev.rerank4j.cli."), shell.err());
    }

    @Test
    void aBrokenLineOfInputIsTheCallersMistake() {
        TestShell shell = shell().input("{\"text\":\"a\"}\n{");
        assertEquals(2, shell.run("rerank", "q"));
        assertTrue(shell.err().startsWith("rerank: line 2 of the input"), shell.err());
    }

    @Test
    void everyKindOfFailureHasItsCode() {
        for (RerankException.Kind kind : RerankException.Kind.values()) {
            assertEquals(kind == RerankException.Kind.INVALID_REQUEST ? 2 : 3, ExitCode.of(kind), kind.name());
        }
    }

    @Test
    void modelsListsWhatIsBuiltInAndCached() throws Exception {
        Path index = Files.createDirectories(folder.resolve("cache/indexes/0123"));
        Files.writeString(index.resolve(DocsIndex.PATHS), "/home/me/notes\n");
        Files.write(index.resolve("data"), new byte[2048]);
        TestShell shell = shell();
        assertEquals(0, shell.run("models"));
        assertTrue(shell.out().contains("reranker  rerank4j-minilm-l6-v1     22.0 MiB  built in  Apache-2.0\n"),
                shell.out());
        assertTrue(shell.out().contains("encoder   bge-small-en-v1.5 (int8)"), shell.out());
        assertTrue(shell.out().contains("/home/me/notes"), shell.out());
        TestShell json = shell();
        json.run("models", "--json");
        assertEquals(2048 + 15, Json.MAPPER.readTree(json.out()).at("/indexes/0/bytes").asInt());
        assertEquals("built in", Json.MAPPER.readTree(json.out()).at("/models/1/where").asText());
    }
}
