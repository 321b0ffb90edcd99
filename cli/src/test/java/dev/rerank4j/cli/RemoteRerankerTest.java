package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rerankers of others in the commands, by their names. */
@Timeout(300)
class RemoteRerankerTest {

    private static final String SECRET = "sk-of-nobody-0123456789";

    @TempDir
    private Path folder;
    private ProviderServer provider;

    @BeforeEach
    void start() throws IOException {
        provider = new ProviderServer();
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/leave.txt"), "Days of leave can be carried over until March.");
        Files.writeString(folder.resolve("docs/desk.txt"), "A desk is ordered from the office.");
        Files.writeString(folder.resolve("docs/days.txt"), "The days are long in summer and short in winter.");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), yaml.replace("ADDRESS", provider.address()));
    }

    private TestShell shell() {
        return new TestShell().cache(folder.resolve("cache")).set("OUR_KEY", SECRET);
    }

    private TestShell search(TestShell shell, int code, Object... more) {
        String[] all = new String[5 + more.length];
        System.arraycopy(new String[]{"search", "--docs", folder.resolve("docs").toString(), "--json",
                "days of leave"}, 0, all, 0, 5);
        for (int i = 0; i < more.length; i++) {
            all[5 + i] = more[i].toString();
        }
        assertEquals(code, shell.run(all), shell.err());
        return shell;
    }

    @Test
    void cohereReranksASearch() throws IOException {
        TestShell shell = search(shell(), 0, "--reranker", "cohere", "--config",
                config("providers: {cohere: {address: ADDRESS, key-env: OUR_KEY}}"));
        JsonNode result = Json.MAPPER.readTree(shell.out());
        assertTrue(result.at("/hits/0/document").asText().endsWith("leave.txt"), shell.out());
        assertEquals(1, provider.asked().size(), "all candidates in one call");
        assertEquals("/v2/rerank", provider.asked().getFirst().path());
        assertEquals("Bearer " + SECRET, provider.asked().getFirst().key());
        assertEquals("rerank-v3.5", provider.asked().getFirst().body().path("model").asText());
        assertFalse(shell.out().contains(SECRET) || shell.err().contains(SECRET));
    }

    @Test
    void aServerOfOnesOwnHasAName() throws IOException {
        Path config = config("""
                providers:
                  ours: {type: tei, address: ADDRESS}
                reranker: {model: ours, mix: {type: none}}
                """);
        TestShell shell = search(shell(), 0, "--config", config);
        assertTrue(Json.MAPPER.readTree(shell.out()).at("/hits/0/document").asText().endsWith("leave.txt"));
        assertEquals("/rerank", provider.asked().getFirst().path());
        assertEquals("", provider.asked().getFirst().key());
    }

    @Test
    void aMissingKeyIsToldBeforeAnythingIsIndexed() throws IOException {
        TestShell shell = search(shell(), 2, "--reranker", "cohere:rerank-v4.0-pro");
        assertTrue(shell.err().contains("cohere wants a key, and COHERE_API_KEY is not set"), shell.err());
        assertFalse(Files.exists(folder.resolve("cache")));
        assertTrue(search(shell(), 2, "--reranker", "cohere", "--config",
                config("providers: {cohere: {address: ADDRESS, key-env: NO_SUCH}}")).err()
                .contains("NO_SUCH is not set"));
        assertEquals(0, provider.asked().size());
    }

    @Test
    void aProviderThatIsLateIsNotWaitedFor() throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        provider.answering(asked -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        TestShell shell = search(shell(), 0, "--timeout", "700ms", "--retriever", "bm25", "--reranker", "ours",
                "--config", config("providers: {ours: {type: cohere, address: ADDRESS, key-env: OUR_KEY}}"));
        over.countDown(); // only now it answers
        JsonNode result = Json.MAPPER.readTree(shell.out());
        assertTrue(result.path("degraded").asBoolean(), shell.out());
        assertTrue(result.path("hits").size() > 0, shell.out());
        assertTrue(shell.err().contains("this answer is not the best there is: rerank "), shell.err());
    }

    @Test
    void ofACascadeAProviderReadsTheFewThatOursPutFirst() throws IOException {
        TestShell shell = search(shell(), 0, "--cascade", "built-in=50,cohere:x=2", "--config",
                config("providers: {cohere: {address: ADDRESS, key-env: OUR_KEY}}"));
        assertEquals(1, provider.asked().size());
        assertEquals(2, provider.asked().getFirst().body().path("documents").size());
        assertEquals("x", provider.asked().getFirst().body().path("model").asText());
        assertEquals(3, Json.MAPPER.readTree(shell.out()).path("hits").size());
    }

    @Test
    void whatCannotWorkIsSaid() throws IOException {
        Path config = config("providers: {cohere: {address: ADDRESS, key-env: OUR_KEY}, ours: {address: ADDRESS}}");
        assertTrue(search(shell(), 2, "--reranker", "cohere", "--min-probability", "0.5", "--config", config).err()
                .contains("--min-probability needs a reranker that gives probabilities, and this one gives none"));
        int asked = provider.asked().size();
        assertTrue(search(shell(), 2, "--reranker", "choere", "--config", config).err()
                .contains("did you mean cohere?"));
        assertTrue(search(shell(), 2, "--reranker", "our", "--config", config).err().contains("did you mean ours?"));
        assertTrue(search(shell(), 2, "--reranker", "ours", "--config", config).err()
                .contains("provider ours must say what it is: type: with one of cohere, jina,"));
        assertTrue(search(shell(), 2, "--reranker", "cohere:").err().contains("after cohere: a model's name must"));
        assertTrue(search(shell(), 2, "--reranker", "ollama").err().contains("ollama serves many models: say which"));
        assertEquals(asked, provider.asked().size());
    }

    @Test
    void aKeyOfOneAddressGoesToNoOther() throws IOException {
        search(shell().set("TEI_API_KEY", SECRET), 0, "--reranker", "tei", "--config",
                config("providers: {tei: {address: ADDRESS}}"));
        assertEquals("", provider.asked().getFirst().key());
    }

    @Test
    void aKeyMayLieInAFileAndIsNeverPrinted() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), SECRET + "\n");
        Path config = config("providers: {cohere: {address: ADDRESS, key-file: '" + key + "'}}");
        provider.answering(asked -> 403);
        TestShell shell = search(shell(), 0, "--reranker", "cohere", "--config", config, "--verbose");
        assertEquals("Bearer " + SECRET, provider.asked().getFirst().key());
        assertFalse((shell.out() + shell.err()).contains(SECRET), shell.err());
        Files.writeString(key, "\n");
        assertTrue(search(shell(), 2, "--reranker", "cohere", "--config", config).err().contains(key + " is empty"));
        Files.writeString(key, "two words");
        assertTrue(search(shell(), 2, "--reranker", "cohere", "--config", config).err()
                .contains("the key of provider cohere in " + key + " must be printable ASCII without blanks"));
        Files.delete(key);
        assertTrue(search(shell(), 2, "--reranker", "cohere", "--config", config).err()
                .contains("the key file of provider cohere, " + key + ", cannot be read"));
        TestShell list = shell();
        assertEquals(0, list.run("models", "list", "--providers", "--json", "--config",
                config("providers: {mine: {type: voyage, key-env: OUR_KEY, price: 0.05}}").toString()));
        assertFalse(list.out().contains(SECRET));
        JsonNode mine = Json.MAPPER.readTree(list.out()).at("/providers/0");
        assertEquals("OUR_KEY", mine.path("key").asText());
        assertTrue(mine.path("keySet").asBoolean());
        assertEquals("tokens", mine.path("billed").asText());
    }

    @Test
    void aLanguageModelPutsCandidatesInOrder() throws IOException {
        Path config = config("providers: {local: {type: ollama, address: ADDRESS, model: qwen3, method: listwise, "
                + "window: 20, stride: 10}}");
        TestShell first = search(shell(), 0, "--reranker", "none");
        TestShell shell = search(shell(), 0, "--reranker", "local", "--config", config);
        JsonNode before = Json.MAPPER.readTree(first.out()).path("hits");
        JsonNode hits = Json.MAPPER.readTree(shell.out()).path("hits");
        for (int i = 0; i < 3; i++) {
            assertEquals(before.path(2 - i).path("document"), hits.path(i).path("document"), shell.out());
        }
        assertEquals(1, provider.asked().size());
        assertEquals("qwen3", provider.asked().getFirst().body().path("model").asText());
        TestShell tune = shell();
        assertEquals(2, tune.run("tune", "--data", "../examples/handbook", "--reranker", "local", "--config",
                config.toString(), "--out", "-"));
        assertTrue(tune.err().contains("ask it with method: pointwise"), tune.err());
    }

    @Test
    void linesAreRerankedToo() throws IOException {
        Path config = config("providers: {cohere: {address: ADDRESS, key-env: OUR_KEY}}");
        TestShell shell = shell().input("a desk\ndays of leave\nlong days\n");
        assertEquals(0, shell.run("rerank", "--reranker", "cohere", "--config", config.toString(), "days of leave"),
                shell.err());
        assertEquals("days of leave\nlong days\na desk\n", shell.out());
        TestShell without = shell().terminals(Shell.Stream.IN);
        assertEquals(2, without.run("rerank", "--reranker", "jina", "days of leave"));
        assertTrue(without.err().contains("JINA_API_KEY is not set") && !without.err().contains("type or paste"),
                without.err());
    }

    @Test
    void settingsAreTunedWithAProviderThatSomebodyAllowed() throws IOException {
        Path config = config("providers: {cohere: {address: ADDRESS, key-env: OUR_KEY}}");
        String[] tune = {"tune", "--data", "../examples/handbook", "--reranker", "cohere", "--config",
                config.toString(), "--depth", "5", "--out", "-"};
        TestShell shell = shell();
        assertEquals(2, shell.run(tune), shell.err());
        assertTrue(shell.err().contains("cohere is paid for: this takes up to "), shell.err());
        assertEquals(0, provider.asked().size());
        TestShell allowed = shell();
        assertEquals(0, allowed.run(Stream.concat(Stream.of(tune), Stream.of("--yes")).toArray(String[]::new)),
                allowed.err());
        assertTrue(allowed.out().contains("key-env: OUR_KEY"), allowed.out());
        assertTrue(provider.asked().size() >= 24);
    }

    @Test
    void aFailureNamesTheProviderAndTheSearchIsAnswered() throws IOException {
        provider.answering(asked -> 401);
        TestShell shell = search(shell(), 0, "--reranker", "ours", "--config",
                config("providers: {ours: {type: cohere, address: ADDRESS, key-env: OUR_KEY}}"));
        assertTrue(shell.err().contains("this answer is not the best there is: rerank cohere"), shell.err());
        assertFalse(shell.err().contains(SECRET));
        assertEquals(3, Json.MAPPER.readTree(shell.out()).path("hits").size());
    }
}
