package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The section {@code providers} of the configuration file. */
class ProviderTest {

    @Test
    void everySettingCanBeSaidAndReadsBack() {
        Config config = ConfigFile.parse("""
                providers:
                  local: {type: ollama, address: "http://localhost:1", model: qwen3, key-env: K, plaintext-key: true,
                    method: setwise, window: 5, stride: 2, passage-tokens: 99, thinking: 7, instruction: Find it,
                    timeout: 2s, retries: 0, concurrency: 3, price: 0.1, output-price: 0.2, currency: EUR}
                  cohere: {price: 2}
                reranker: {model: local}
                """);
        assertEquals(new Provider("ollama", "http://localhost:1", "qwen3", "K", null, true, Provider.Method.SETWISE, 5,
                2, 99, 7, "Find it", Duration.ofSeconds(2), 0, 3, 0.1, 0.2, "EUR"), config.providers().get("local"));
        assertEquals(config, ConfigFile.parse(ConfigFile.text(config)));
        assertEquals(new ModelName.Remote("local", "local", ProviderType.OLLAMA, "qwen3",
                config.providers().get("local")), config.rerankers().getFirst());
        assertEquals(new ModelName.Remote("local:llama3", "local", ProviderType.OLLAMA, "llama3",
                config.providers().get("local")), ModelName.reranker("local:llama3", config.providers()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "a: {key: s3cret}|unknown key providers.a.key; known are address,",
            "a: {type: choere}|providers.a: type must be one of cohere, jina",
            "a: {type: choere}|got choere; did you mean cohere?",
            "a: {key-env: A, key-file: b}|key-env and key-file exclude each other",
            "a: {address: `https://user:s3cret@acme.example`}|address must be like https://",
            "a: {address: `not an address s3cret`}|address must be like https://",
            "a: {price: -1}|price must be a number >= 0, got -1.0", "a: {output-price: Infinity}|output-price must be",
            "a: {window: 1}|window must be >= 2, got 1", "a: {stride: 0}|stride must be >= 1, got 0",
            "a: {concurrency: 0}|concurrency must be >= 1, got 0", "a: {retries: -1}|retries must be >= 0, got -1",
            "a: {timeout: 0s}|providers.a.timeout: must be longer than zero",
            "a: {method: besides}|must be one of pointwise, listwise, setwise",
            "built-in: {type: tei}|names of providers must be", "a/b: {type: tei}|names of providers must be",
            "`a:b`: {type: tei}|names of providers must be"})
    void aMistakeIsOneSentenceWithoutSecrets(String provider, String message) {
        String told = String.valueOf(assertThrows(IllegalArgumentException.class,
                () -> ConfigFile.parse("providers: {" + provider.replace('`', '"') + "}")).getMessage());
        assertTrue(told.contains(message), told);
        assertFalse(told.contains("s3cret"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cohere", "jina", "voyage", "mixedbread", "pinecone", "nim", "tei", "vllm", "llama-cpp",
            "infinity"})
    void everyRerankApiHasAName(String name) {
        ModelName.Remote named = (ModelName.Remote) ModelName.reranker(name, Map.of());
        assertEquals(name, named.type().word());
        assertEquals(name, named.type().rerank().orElseThrow().id());
        assertEquals("mine", ((ModelName.Remote) ModelName.narrowing(name + ":mine", Map.of())).model());
    }

    @Test
    void aFreeProviderIsNotPaidFor() {
        assertFalse(remote("{type: cohere, address: \"http://localhost:1\"}").billed(), "no key");
        assertTrue(remote("{type: cohere, address: \"http://localhost:1\", key-env: K}").billed());
        assertFalse(remote("{type: cohere, address: \"http://localhost:1\", key-env: K, price: 0}").billed());
        assertTrue(remote("{type: tei, address: \"http://localhost:1\", price: 0.1}").billed());
    }

    @Test
    void callsAreForeseen() {
        assertEquals(1, remote("{type: cohere, address: \"http://localhost:1\"}").calls(1000));
        assertEquals(4, remote("{type: tei, address: \"http://localhost:1\"}").calls(100));
        String ollama = "{type: ollama, address: \"http://localhost:1\", model: m";
        assertEquals(100, remote(ollama + ", method: pointwise}").calls(100));
        assertEquals(1, remote(ollama + "}").calls(20));
        assertEquals(9, remote(ollama + "}").calls(100));
        assertTrue(remote(ollama + ", method: setwise}").calls(100) >= 33);
    }

    private static LoadedReranker.Remote remote(String settings) {
        Config config = ConfigFile.parse("providers: {mine: " + settings + "}\nreranker: {model: mine}");
        LoadedReranker.Remote model = RemoteModel.open((ModelName.Remote) config.rerankers().getFirst(),
                new TestShell().set("K", "a-key").shell());
        model.close();
        return model;
    }
}
