package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.onnx.HubRepository;
import dev.rerank4j.onnx.HubServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of a hub where the commands take one: downloaded when they are first used. */
class HubUseTest {

    private static final String RERANKER = "acme/reranker";
    private static final String ENCODER = "acme/encoder";

    @TempDir
    private Path folder;

    private HubServer server;
    private HubRepository encoder;
    private Path docs;

    @BeforeEach
    void start() throws IOException {
        HubRepository reranker = HubModels.golden(RERANKER, "rerankers/xlm-roberta");
        reranker.commit("main");
        encoder = HubModels.golden(ENCODER, "encoders/xlm-roberta-mean");
        encoder.commit("main");
        server = HubServer.start(reranker, encoder);
        docs = Files.createDirectory(folder.resolve("docs"));
        Files.writeString(docs.resolve("leave.md"), "# Leave\n\nThere are 25 days of paid leave in a year.\n");
        Files.writeString(docs.resolve("desks.md"), "# Desks\n\nEverybody has a desk of her own, and a lamp.\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestShell shell() {
        return new TestShell().cache(folder.resolve("cache")).set("HOME", folder.toString())
                .set("HF_HOME", folder.resolve("hf").toString()).set("HF_ENDPOINT", server.endpoint().toString());
    }

    private TestShell ok(TestShell shell, String... args) {
        assertEquals(0, shell.run(args), shell::err);
        return shell;
    }

    private String refused(TestShell shell, int code, String... args) {
        assertEquals(code, shell.run(args), shell::err);
        assertEquals("", shell.out());
        List<String> lines = shell.err().lines().filter(line -> !line.startsWith("downloading ")).toList();
        assertEquals(1, lines.size(), shell.err());
        assertFalse(shell.err().contains("unexpected failure"), shell.err());
        return lines.getFirst();
    }

    static Stream<String> rerankers() throws IOException {
        try (Stream<Path> folders = Files.list(HubModels.GOLDEN.resolve("rerankers"))) {
            return folders.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rerankers")
    void everyArchitectureScoresByItsNameAsItsReferenceDoes(String architecture) throws IOException {
        HubRepository model = HubModels.golden("acme/" + architecture, "rerankers/" + architecture);
        model.commit("main");
        server.serve(model);
        JsonNode pairs = Json.MAPPER.readTree(HubModels.GOLDEN.resolve("pairs.json").toFile());
        JsonNode expected = Json.MAPPER
                .readTree(HubModels.GOLDEN.resolve("rerankers/" + architecture + "/expected.json").toFile());
        for (int pair : List.of(0, 2, 5)) {
            String text = Json.MAPPER.createObjectNode().put("text", pairs.at("/" + pair + "/1").asText()).toString();
            JsonNode scored = Json.MAPPER
                    .readTree(ok(shell().input(text), "rerank", pairs.at("/" + pair + "/0").asText(),
                            "--model", "acme/" + architecture).out());
            assertEquals(expected.at("/logits/" + pair).asDouble(), scored.get("score").asDouble(), 1e-4,
                    () -> architecture + ", pair " + pair);
        }
        assertEquals(1, server.calls("/api/models/acme/" + architecture));
    }

    @Test
    void whatASearchNeedsIsDownloadedOnceAndThenNobodyIsAsked() {
        String[] search = {"search", "--docs", docs.toString(), "--reranker", RERANKER, "--encoder", ENCODER,
                "--json", "paid leave"};
        TestShell first = ok(shell(), search);
        assertEquals(List.of(ENCODER, RERANKER), first.err().lines().filter(line -> line.startsWith("downloading "))
                .map(line -> line.split(" ")[1]).sorted().toList());
        server.forget();
        TestShell second = ok(shell(), search);
        assertEquals("", second.err());
        assertEquals(List.of(), server.calls());
        TestShell offline = ok(shell().set("HF_HUB_OFFLINE", "1").set("HF_ENDPOINT", "http://127.0.0.1:9"), search);
        assertEquals(evidence(first), evidence(second));
        assertEquals(evidence(first), evidence(offline));
        assertTrue(evidence(first).contains("\"cross-encoder\""), first.out());
    }

    private static String evidence(TestShell shell) {
        try {
            return Json.MAPPER.readTree(shell.out()).get("hits").toString();
        } catch (IOException e) {
            throw new AssertionError(shell.out(), e);
        }
    }

    @Test
    void theConfigurationFileNamesThemToo() throws IOException {
        Path file = Files.writeString(folder.resolve("rerank4j.yaml"), "index:\n  encoder: " + ENCODER
                + "\nreranker:\n  model: " + RERANKER + "@main\n");
        ok(shell(), "search", "--docs", docs.toString(), "--config", file.toString(), "paid leave");
        assertEquals(1, server.calls("/api/models/" + RERANKER));
        assertEquals(1, server.calls("/api/models/" + ENCODER));
    }

    @Test
    void anIndexIsSearchedWithTheEncoderThatMadeItAndOtherwiseNamesBoth() {
        String index = folder.resolve("index").toString();
        ok(shell(), "index", "--index", index, "--encoder", ENCODER, "--reranker", "none", docs.toString());
        ok(shell(), "search", "--index", index, "--encoder", ENCODER, "--reranker", "none", "leave");
        String other = refused(shell(), 3, "search", "--index", index, "--reranker", "none", "leave");
        assertTrue(other.matches(".*index .* was made with encoder acme/encoder@[0-9a-f]{12}/onnx/model, and not with "
                + EncoderName.BUILT_IN + ": --encoder acme/encoder, or make it again in another folder"), other);

        String old = encoder.put("config_sentence_transformers.json", "{\"prompts\": {\"query\": \"Q \"}}")
                .commit("main");
        ok(shell(), "models", "pull", ENCODER);
        String moved = refused(shell(), 3, "index", "--index", index, "--encoder", ENCODER, docs.toString());
        assertTrue(moved.contains("and not with acme/encoder@" + old.substring(0, 12) + "/"), moved);
        String option = moved.replaceFirst(".*: --encoder (\\S+), or.*", "$1");
        assertTrue(option.matches("acme/encoder@[0-9a-f]{12}"), moved);
        ok(shell(), "search", "--index", index, "--encoder", option, "--reranker", "none", "leave");
    }

    @Test
    void anIndexOfTheBuiltInEncoderSaysSo() {
        String index = folder.resolve("index").toString();
        ok(shell(), "index", "--index", index, "--reranker", "none", docs.toString());
        assertTrue(refused(shell(), 3, "search", "--index", index, "--encoder", ENCODER, "leave")
                .contains(": --encoder built-in, or make it again"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"search", "index", "eval", "tune", "serve"})
    void whatCannotBeHadIsOneSentence(String command) {
        String index = folder.resolve("new").toString();
        List<String> line = switch (command) {
            case "search" -> List.of("search", "leave", "--docs", docs.toString());
            case "index" -> List.of("index", "--index", index, docs.toString());
            case "serve" -> List.of("serve", "--port", "0");
            default -> List.of(command, "--docs", docs.toString(), "--generate", "3");
        };
        assertTrue(with(line, shell().set("HF_HUB_OFFLINE", "1"), 3, "--reranker", RERANKER, "--encoder", ENCODER)
                .contains("HF_HUB_OFFLINE"));
        assertTrue(with(line, shell(), 2, "--encoder", ENCODER, "--reranker", "acme/nothing")
                .contains("there is no model acme/nothing at "));
        assertTrue(with(line, shell(), 2, "--reranker", RERANKER, "--encoder", ENCODER + "@v7")
                .contains("there is no revision v7 of "));
        assertTrue(with(line, shell(), 3, "--encoder", ENCODER, "--model", ENCODER).contains("is a sentence encoder"));
        assertTrue(
                with(line, shell(), 3, "--reranker", RERANKER, "--encoder", RERANKER).contains("is a cross-encoder"));
    }

    private String with(List<String> line, TestShell shell, int code, String... more) {
        String[] args = Stream.concat(line.stream(), Stream.of(more)).toArray(String[]::new);
        assertEquals(code, shell.run(args), shell::err);
        assertFalse(shell.err().contains("\tat "), shell.err());
        return shell.err().lines().filter(text -> text.startsWith("rerank: ")).findFirst().orElseThrow(
                () -> new AssertionError(shell.err()));
    }

    @Test
    void aLicenceIsAcceptedByAPullAndThenNoMore() throws IOException {
        HubRepository model = HubModels.golden("acme/paid", "rerankers/bert").licence("cc-by-nc-4.0");
        model.commit("main");
        server.serve(model);
        String[] rerank = {"rerank", "a query", "--reranker", "acme/paid"};
        assertTrue(refused(shell().input("a text"), 2, rerank).contains(
                "rerank models pull acme/paid --accept-licence"));
        ok(shell(), "models", "pull", "acme/paid", "--accept-licence");
        assertEquals("a text\n", ok(shell().input("a text"), rerank).out());
    }

    @Test
    void evaluationsKeepScoresByCommit() throws IOException {
        String[] eval = {"eval", "--docs", docs.toString(), "--generate", "2", "--reranker", RERANKER, "--encoder",
                ENCODER, "--systems",
                "bm25,bm25+rerank", "--depth", "10", "--timing-queries", "0"};
        ok(shell(), eval);
        try (Stream<Path> scores = Files.list(folder.resolve("cache/scores"))) {
            assertEquals(1, scores.filter(file -> file.getFileName().toString().matches(
                    "acme-reranker-[0-9a-f]{40}-onnx-model.onnx-.*\\.scores")).count());
        }
    }
}
