package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is known of each API before it is called. */
class RerankApiTest {

    @Test
    void eachIsFoundByItsId() {
        assertEquals(List.of("cohere", "jina", "voyage", "mixedbread", "pinecone", "nim", "tei", "vllm", "llama-cpp",
                "infinity"), RerankApi.ids());
        for (RerankApi api : RerankApi.values()) {
            assertEquals(Optional.of(api), RerankApi.of(api.id()));
        }
        assertEquals(Optional.empty(), RerankApi.of("Cohere"));
        assertEquals(Optional.empty(), RerankApi.of(""));
    }

    /** A key is sent to the default address, so it is this machine or encrypted. */
    @ParameterizedTest
    @EnumSource(RerankApi.class)
    void aKeyMayGoToItsAddress(RerankApi api) {
        RemoteOptions options = RemoteOptions.at(api.address()).withKey(ApiKey.of("k3y"));
        RemoteScorer.of(api, "", options).close();
        assertTrue(api.keyVariable().endsWith("_API_KEY"), api.keyVariable());
        assertThrows(IllegalArgumentException.class, () -> RemoteOptions.at(java.net.URI.create(
                "http://rerank.example.com")).withKey(ApiKey.of("k3y")));
    }

    @ParameterizedTest
    @EnumSource(RerankApi.class)
    void whatIsPaidForHasAModelAndAnEncryptedAddress(RerankApi api) {
        boolean paid = api.billed() != BilledUnit.NONE;
        assertEquals(paid, api.address().getScheme().equals("https"));
        assertTrue(!paid || !api.defaultModel().isEmpty());
    }

    /** The page is what people read. */
    @ParameterizedTest
    @EnumSource(RerankApi.class)
    void theTableOfTheDocumentationSaysTheSame(RerankApi api) throws IOException {
        String row = Files.readAllLines(Path.of("../docs/remote.md")).stream().filter(line -> line.startsWith("| `"
                + api.id() + "` ")).findFirst().orElseThrow();
        for (String cell : List.of("`" + api.address() + "`", "`" + api.keyVariable() + "`",
                api.defaultModel().isEmpty() ? "" : "`" + api.defaultModel() + "`", number(api.limits().texts()),
                number(api.limits().pairTokens()), number(api.limits().callTokens()),
                api.billed() == BilledUnit.NONE ? "none" : api.billed().name().toLowerCase().replace('_', ' '))) {
            assertTrue(row.contains(cell), () -> row + " lacks " + cell);
        }
    }

    private static String number(int limit) {
        return limit == RerankLimits.NONE ? "" : "%,d".formatted(limit);
    }
}
