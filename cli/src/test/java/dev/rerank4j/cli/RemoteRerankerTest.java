package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void aFailureNamesTheProviderAndTheSearchIsAnswered() throws IOException {
        provider.answering(asked -> 401);
        TestShell shell = search(shell(), 0, "--reranker", "ours", "--config",
                config("providers: {ours: {type: cohere, address: ADDRESS, key-env: OUR_KEY}}"));
        assertTrue(shell.err().contains("this answer is not the best there is: rerank cohere"), shell.err());
        assertFalse(shell.err().contains(SECRET));
        assertEquals(3, Json.MAPPER.readTree(shell.out()).path("hits").size());
    }
}
