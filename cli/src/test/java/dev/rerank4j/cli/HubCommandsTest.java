package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.onnx.HubAnswer;
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

/** {@code rerank models pull, list, show, verify, remove}, at a hub. */
class HubCommandsTest {

    @TempDir
    private Path folder;

    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        server = HubServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestShell shell() {
        return new TestShell().cache(folder.resolve("cache")).columns(80).set("HOME", folder.toString())
                .set("HF_HOME", folder.resolve("hf").toString()).set("HF_ENDPOINT", server.endpoint().toString());
    }

    /** Runs a command that ends as it should. */
    private String out(int code, String... args) {
        TestShell shell = shell();
        assertEquals(code, shell.run(args), shell::err);
        return shell.out();
    }

    /** Runs a command that fails with one sentence. */
    private String refused(int code, String... args) {
        TestShell shell = shell();
        assertEquals(code, shell.run(args), shell::err);
        assertEquals("", shell.out());
        List<String> lines = shell.err().lines().filter(line -> !line.startsWith("downloading ")).toList();
        assertEquals(1, lines.size(), shell.err());
        assertFalse(shell.err().contains("unexpected failure"), shell.err());
        return lines.getFirst() + "\n";
    }

    private static JsonNode json(String text) throws IOException {
        assertEquals(1, text.lines().count(), text);
        return Json.MAPPER.readTree(text);
    }

    private Path snapshot(String repository, String commit) {
        return folder.resolve("hf/hub/models--" + repository.replace("/", "--") + "/snapshots/" + commit);
    }

    @Test
    void aPullSaysWhatItTookAndHowItIsUsed() {
        HubRepository model = HubModels.reranker("acme/reranker");
        String commit = model.commit("main");
        server.serve(model);
        TestShell shell = shell();
        assertEquals(0, shell.run("models", "pull", "acme/reranker"), shell::err);
        assertEquals("downloading acme/reranker from " + server.endpoint() + " to " + folder.resolve("hf/hub") + "\n",
                shell.err());
        List<String> lines = shell.out().lines().toList();
        assertEquals("acme/reranker", lines.getFirst());
        assertEquals("  for      reranking", lines.get(1));
        assertTrue(lines.get(2).startsWith("  file     onnx/model.onnx, 22.0 MiB; "), shell.out());
        assertTrue(shell.out().contains("  commit   " + commit + "\n"), shell.out());
        assertTrue(shell.out().contains("  where    " + snapshot("acme/reranker", commit) + "\n"), shell.out());
        assertTrue(shell.out().endsWith("  use      rerank search --docs PATH --reranker acme/reranker \"query\"\n"),
                shell.out());
        TestShell again = shell();
        assertEquals(0, again.run("models", "pull", "acme/reranker"), again::err);
        assertEquals("", again.err()); // nothing was downloaded
        assertEquals(shell.out(), again.out());
    }

    @Test
    void withJsonItIsOneObject() throws IOException {
        HubRepository model = HubModels.encoder("BAAI/bge-small-en-v1.5");
        String commit = model.commit("v1.5");
        server.serve(model);
        JsonNode pulled = json(out(0, "models", "pull", "BAAI/bge-small-en-v1.5", "--revision", "v1.5", "--json"));
        assertEquals("BAAI/bge-small-en-v1.5", pulled.get("model").asText());
        assertEquals("v1.5", pulled.get("revision").asText());
        assertEquals(commit, pulled.get("commit").asText());
        assertEquals("onnx/model.onnx", pulled.get("file").asText());
        assertEquals(34_014_426, pulled.get("bytes").asLong());
        assertEquals("encoder", pulled.get("kind").asText());
        assertEquals("mit", pulled.get("licence").asText());
        assertFalse(pulled.get("why").asText().isEmpty());
        assertTrue(Files.isRegularFile(Path.of(pulled.get("folder").asText(), "onnx/model.onnx")));

        JsonNode list = json(out(0, "models", "list", "--json"));
        assertEquals(folder.resolve("hf/hub").toString(), list.get("cache").asText());
        JsonNode listed = list.at("/models/0");
        assertEquals("encoder", listed.get("kind").asText());
        assertEquals(commit, listed.at("/revisions/0/commit").asText());
        assertEquals("v1.5", listed.at("/revisions/0/names/0").asText());
        assertTrue(listed.at("/revisions/0/files").toString().contains("1_Pooling/config.json"), list.toString());

        JsonNode shown = json(out(0, "models", "show", "BAAI/bge-small-en-v1.5@" + commit.substring(0, 12), "--json"));
        assertEquals("bert", shown.get("architecture").asText());
        assertEquals(512, shown.get("maxLength").asInt());
        assertEquals("[\"cls\"]", shown.get("pooling").toString());
        assertEquals("[\"en\"]", shown.get("languages").toString());
        assertEquals("Represent this sentence for searching relevant passages: ", shown.get("queryPrefix").asText());
        assertTrue(shown.get("commercial").asBoolean());
        assertTrue(shown.at("/source/0").asText().startsWith("https://"), shown.toString());
        assertEquals(commit, shown.at("/cached/commit").asText());
        assertTrue(shown.get("problem").isNull(), shown.toString());

        JsonNode verified = json(out(0, "models", "verify", "BAAI/bge-small-en-v1.5", "--json"));
        assertEquals("[]", verified.get("damaged").toString());
        JsonNode removed = json(out(0, "models", "remove", "BAAI/bge-small-en-v1.5", "--json"));
        assertTrue(removed.get("bytes").asLong() > 34_000_000, removed.toString());
        assertEquals("[]", json(out(0, "models", "list", "--json")).get("models").toString());
    }

    @Test
    void theListIsATableAndWhatIsRemovedIsGone() {
        server.serve(commit(HubModels.reranker("acme/reranker")), commit(HubModels.encoder("acme/encoder")),
                commit(HubRepository.small("zeta/unknown")));
        assertTrue(out(0, "models", "list").startsWith("no models in " + folder.resolve("hf/hub") + " yet; "));
        for (String name : List.of("acme/reranker", "acme/encoder", "zeta/unknown")) {
            out(0, "models", "pull", name);
        }
        String all = out(0, "models");
        assertTrue(all.contains("\nencoder   acme/encoder              33."), all);
        assertTrue(all.contains(" MiB  downloaded\n"), all);
        String table = out(0, "models", "list");
        assertTrue(table.startsWith("model          for           size  revisions\nacme/encoder   encoder   33."),
                table);
        assertTrue(table.contains("acme/reranker  reranker  22.7 MiB  "), table);
        assertTrue(table.endsWith("\n\nin " + folder.resolve("hf/hub") + "\n"), table);
        assertTrue(out(0, "models", "remove", "acme/encoder").matches(
                "removed acme/encoder: 33\\.\\d MiB are free again\n"));
        assertFalse(out(0, "models", "list").contains("acme/encoder"));
        assertFalse(Files.exists(folder.resolve("hf/hub/models--acme--encoder")));
        assertEquals("acme/encoder is not in the cache; did you mean acme/reranker?\n",
                refused(1, "models", "remove", "acme/encoder"));
        assertEquals("other/thing is not in the cache; 'rerank models list' shows what is\n",
                refused(1, "models", "remove", "other/thing"));
        assertEquals("acme/rerankr is not in the cache; did you mean acme/reranker?\n",
                refused(1, "models", "verify", "acme/rerankr"));
        assertTrue(refused(2, "models", "remove", "acme/reranker@v1").contains("leave out @v1"));
    }

    private static HubRepository commit(HubRepository repository) {
        repository.commit("main");
        return repository;
    }

    @Test
    void aDamagedFileIsFoundAndFetchedAnew() throws IOException {
        HubRepository model = HubModels.reranker("acme/reranker");
        String commit = model.commit("main");
        server.serve(model);
        out(0, "models", "pull", "acme/reranker");
        Path file = snapshot("acme/reranker", commit).resolve("onnx/model.onnx").toRealPath();
        byte[] bytes = Files.readAllBytes(file);
        bytes[1000] ^= 1;
        file.toFile().setWritable(true);
        Files.write(file, bytes);
        TestShell damaged = shell();
        assertEquals(3, damaged.run("models", "verify", "acme/reranker"), damaged::err);
        assertTrue(damaged.out().startsWith("damaged: "), damaged.out());
        assertEquals("rerank: a file is damaged; 'rerank models remove acme/reranker' and then 'rerank models pull "
                + "acme/reranker' fetches the model anew\n", damaged.err());
        assertEquals(1, json(shellOut(3, "models", "verify", "acme/reranker", "--json")).get("damaged").size());
        out(0, "models", "remove", "acme/reranker");
        out(0, "models", "pull", "acme/reranker");
        assertEquals("acme/reranker: all files are whole, 22.7 MiB\n", out(0, "models", "verify", "acme/reranker"));
    }

    private String shellOut(int code, String... args) {
        TestShell shell = shell();
        assertEquals(code, shell.run(args), shell::err);
        return shell.out();
    }

    @Test
    void whatIsKnownOfAModelIsShownWithoutItsFiles() throws IOException {
        String shown = out(0, "models", "show", "jinaai/jina-reranker-v2-base-multilingual");
        assertTrue(shown.contains("  licence    cc-by-nc-4.0, not for commercial use\n"), shown);
        assertTrue(shown.contains("'rerank models pull jinaai/jina-reranker-v2-base-multilingual"), shown);
        assertTrue(shown.contains("--accept-licence' downloads it"), shown);
        assertEquals(List.of(), server.calls());
        JsonNode json = json(out(0, "models", "show", "BAAI/bge-m3", "--json"));
        assertEquals("encoder", json.get("kind").asText());
        assertTrue(json.get("cached").isNull(), json.toString());
        assertTrue(refused(1, "models", "show", "BAAI/bge-rerank-base")
                .endsWith("nothing else is known of it; did you mean BAAI/bge-reranker-base?\n"));
        String known = out(0, "models", "list", "--known");
        assertTrue(known.contains("BAAI/bge-reranker-base"), known);
        known.lines().forEach(line -> assertTrue(TextLayout.columns(line) <= 100, line));
        JsonNode all = json(out(0, "models", "list", "--known", "--json")).get("models");
        assertTrue(Stream.iterate(0, i -> i < all.size(), i -> i + 1).map(all::get)
                .anyMatch(one -> one.get("licence").asText().equals("cc-by-nc-4.0")
                        && !one.get("commercial").asBoolean() && !one.get("cached").asBoolean()));
    }

    @Test
    void anotherFileCanBeTakenAndIsThenNamed() {
        HubRepository model = HubModels.reranker("acme/reranker");
        model.put("onnx/model_fp16.onnx", "no network");
        model.commit("main");
        server.serve(model);
        String pulled = out(0, "models", "pull", "acme/reranker", "--file", "onnx/model_fp16.onnx");
        assertTrue(pulled.contains("--reranker acme/reranker:onnx/model_fp16.onnx \"query\""), pulled);
        assertEquals(0, server.calls("model.onnx"));
        assertTrue(out(0, "models", "show", "acme/reranker").contains("  file          onnx/model_fp16.onnx, "));
        assertTrue(refused(2, "models", "pull", "acme/reranker", "--file", "nothing.onnx")
                .contains("acme/reranker has no file nothing.onnx"));
    }

    @Test
    void whatAHubDoesNotGiveIsOneSentence() {
        server.serve(commit(HubModels.reranker("acme/reranker")),
                commit(HubModels.reranker("acme/private").access(HubRepository.Access.PRIVATE)),
                commit(HubModels.reranker("acme/gated").access(HubRepository.Access.GATED)),
                commit(HubModels.reranker("acme/paid").licence("cc-by-nc-4.0")),
                commit(HubModels.reranker("acme/torch").drop("onnx/model.onnx").put("model.safetensors", "weights")));
        assertTrue(refused(2, "models", "pull", "BAAI/bge-rerank-base").endsWith(
                "; did you mean BAAI/bge-reranker-base?\n"));
        assertTrue(refused(2, "models", "pull", "acme/nothing").contains("there is no model acme/nothing at "));
        assertTrue(refused(2, "models", "pull", "acme/reranker@nope").contains("there is no revision nope of "));
        assertTrue(refused(2, "models", "pull", "acme/private").contains("set HF_TOKEN"));
        assertTrue(refused(2, "models", "pull", "acme/gated").contains("accept it at "));
        assertTrue(refused(2, "models", "pull", "acme/torch").contains("python training/export.py acme/torch FOLDER"));
        assertTrue(refused(2, "models", "pull", "acme/paid").contains("--accept-licence"));
        assertTrue(refused(2, "models", "pull", "bge-reranker-base")
                .endsWith("got bge-reranker-base; did you mean BAAI/bge-reranker-base?\n"));
        assertTrue(refused(2, "models", "pull", "acme/reranker@v1", "--revision", "v2")
                .contains("--revision and @v1 exclude each other"));
        assertTrue(refused(2, "models", "pull", "acme/reranker", "--revision", "../x").contains("--revision: "));
        assertEquals("no models in " + folder.resolve("hf/hub") + " yet",
                out(0, "models", "list").split(";")[0]);
        assertTrue(out(0, "models", "pull", "acme/paid", "--accept-licence").contains("acme/paid"));
        out(0, "models", "pull", "acme/paid"); // it is there: nobody asks again
    }

    @Test
    void aTokenLetsInAndIsNeverShown() {
        server.serve(commit(HubModels.reranker("acme/private").access(HubRepository.Access.PRIVATE)));
        TestShell right = shell().set("HF_TOKEN", "hf_the_right_one");
        assertEquals(0, right.run("models", "pull", "acme/private", "--verbose"), right::err);
        out(0, "models", "remove", "acme/private");
        TestShell wrong = shell().set("HF_TOKEN", "hf_a_wrong_one");
        assertEquals(2, wrong.run("models", "pull", "acme/private", "--verbose"), wrong::err);
        assertTrue(wrong.err().contains("does not accept the token: check HF_TOKEN"), wrong.err());
        for (TestShell shell : List.of(right, wrong)) {
            assertFalse((shell.out() + shell.err()).contains("hf_"), shell.err());
        }
    }

    @Test
    void whatTheEnvironmentSaysWronglyIsWrongUsage() {
        for (String command : List.of("pull", "show", "verify", "remove")) {
            TestShell shell = shell().set("HF_ENDPOINT", "nowhere");
            assertEquals(2, shell.run("models", command, "acme/reranker"), shell::err);
            assertTrue(shell.err().startsWith("rerank: HF_ENDPOINT must be an http or https address"), shell.err());
        }
    }

    @Test
    void offlineNothingIsAskedFor() {
        server.serve(commit(HubModels.reranker("acme/reranker")));
        TestShell offline = shell().set("HF_HUB_OFFLINE", "1");
        assertEquals(3, offline.run("models", "pull", "acme/reranker"));
        assertTrue(offline.err().contains("HF_HUB_OFFLINE"), offline.err());
        assertEquals(List.of(), server.calls());
    }

    @Test
    void aCacheThatCannotBeWrittenIsOneSentence() throws IOException {
        server.serve(commit(HubModels.reranker("acme/reranker")));
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        TestShell shell = shell().set("HF_HUB_CACHE", file.toString());
        assertEquals(3, shell.run("models", "pull", "acme/reranker"), shell::err);
        assertTrue(shell.err().lines().toList().getLast().contains("HF_HOME names another place for it"), shell.err());
        assertEquals("not a folder", Files.readString(file));
    }

    @Test
    void aHubThatFailsIsAFailureOfTheWorld() {
        server.serve(commit(HubModels.reranker("acme/reranker")));
        server.next("/api/models/", HubAnswer.status(418));
        assertTrue(refused(3, "models", "pull", "acme/reranker").contains("answers with status 418"));
    }
}
