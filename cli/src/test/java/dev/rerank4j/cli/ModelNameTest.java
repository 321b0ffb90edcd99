package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.onnx.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

    private static ModelName reranker(String text) {
        return ModelName.reranker(text, Map.of());
    }

    @Test
    void wordsFoldersAndNamesOfAHubAreToldApart() {
        assertEquals(new ModelName.BuiltIn(), reranker("built-in"));
        assertEquals(new ModelName.None(), reranker("none"));
        assertEquals(new ModelName.BuiltIn(), ModelName.encoder("built-in"));
        assertEquals(new ModelName.Hub(new ModelId("acme/tiny", "v2"), Optional.empty()),
                ModelName.encoder("acme/tiny@v2"));
        assertEquals(new ModelName.Hub(new ModelId("acme/tiny", "main"), Optional.of("onnx/model_int8.onnx")),
                reranker("acme/tiny:onnx/model_int8.onnx"));
    }

    @Test
    void aFolderThatIsThereWinsOverANameOfAHub(@TempDir Path folder) throws IOException {
        Path relative = Path.of("").toAbsolutePath().relativize(folder);
        Files.createDirectory(folder.resolve("none"));
        assertEquals(new ModelName.Folder(folder.resolve("none")),
                ModelName.encoder(folder.resolve("none").toString()));
        assertEquals(new ModelName.Folder(relative), reranker(relative.toString()));
        assertEquals(new ModelName.Folder(Path.of("src/test")), reranker("src/test"));
        assertEquals(new ModelName.Hub(ModelId.of("src/tset"), Optional.empty()), reranker("src/tset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b/c", "../a/b", "/nowhere", "a\0b", "a/b@", "a/b@..", "https://x.example/a/b",
            "-/-", "a b/c", "none ", "a/b:", "a/b@v1: ", ":x.onnx"})
    void whatCanBeNoneOfTheseIsRefused(String text) {
        assertTrue(assertThrows(UsageException.class, () -> reranker(text)).getMessage()
                .contains("--reranker must be built-in, none, a provider such as cohere or ollama:qwen3, a folder"));
        assertTrue(assertThrows(UsageException.class, () -> ModelName.encoder(text)).getMessage()
                .contains("--encoder must be built-in, a folder"));
    }

    @ParameterizedTest
    @CsvSource({"bge-reranker-base, BAAI/bge-reranker-base", "BAAI/bge-rerank-base, BAAI/bge-reranker-base",
            "baai/BGE-M3, BAAI/bge-m3", "acme/all-MiniLM-L6-v2, sentence-transformers/all-MiniLM-L6-v2"})
    void theKnownNameThatWasPerhapsMeantIsTold(String text, String meant) {
        assertEquals("; did you mean " + meant + "?", ModelName.meant(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAAI/bge-m3", "x", "completely/different-thing-of-theirs"})
    void nothingIsGuessedWhereNothingIsNear(String text) {
        assertEquals("", ModelName.meant(text));
    }
}
