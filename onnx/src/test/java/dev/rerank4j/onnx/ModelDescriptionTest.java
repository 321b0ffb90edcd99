package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDescriptionTest {

    @TempDir
    private Path folder;

    private static ModelDescription of(String name, Path folder, String file) {
        return ModelDescription.of(new HubModel(ModelId.of(name), "0123456789abcdef0123456789abcdef01234567", folder,
                file, "the only one"));
    }

    private static Path golden(String path) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ModelDescriptionTest.class.getResource("/golden/" + path)).toURI());
    }

    @ParameterizedTest
    @CsvSource({"xlm-roberta, onnx/model.onnx, xlm-roberta, SIGMOID", "deberta-v3, model.onnx, deberta-v2, SIGMOID",
            "modernbert, onnx/model.onnx, modernbert, SIGMOID"})
    void aRerankerIsDescribedByItsFiles(String model, String file, String architecture,
            ModelSpec.Activation activation) throws URISyntaxException {
        ModelDescription read = of("acme/" + model, golden("rerankers/" + model), file);
        assertEquals(ModelKind.RERANKER, read.kind());
        assertEquals(Optional.of(architecture), read.architecture());
        assertEquals(Optional.of(activation), read.activation());
        assertTrue(read.maxLength() > 8, () -> "" + read.maxLength());
        assertEquals(Set.of(), read.languages());
        assertEquals("", read.textPrefix());
    }

    @Test
    void anEncoderIsDescribedByItsFiles() throws URISyntaxException {
        ModelDescription read = of("acme/encoder", golden("encoders/xlm-roberta-mean"), "onnx/model.onnx");
        assertEquals(ModelKind.ENCODER, read.kind());
        assertEquals(Optional.of("xlm-roberta"), read.architecture());
        assertEquals(Optional.empty(), read.activation());
        assertEquals(List.of(Pooling.MEAN), read.pooling());
        assertEquals("query: ", read.queryPrefix());
        assertEquals("passage: ", read.textPrefix());
    }

    @Test
    void whatTheFilesDoNotSayIsTheLists() throws URISyntaxException {
        ModelDescription read = of("BAAI/bge-reranker-base", golden("rerankers/xlm-roberta"), "onnx/model.onnx");
        assertEquals(Set.of("en", "zh"), read.languages());
    }

    @Test
    void whatIsNeitherIsRefusedWithTheReason() throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Files.writeString(folder.resolve("config.json"),
                """
                        {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "max_position_embeddings": 512,
                         "id2label": {"0": "contradiction", "1": "entailment", "2": "neutral"}}""");
        RerankException refused = assertThrows(RerankException.class, () -> of("acme/nli", folder, "model.onnx"));
        assertEquals(RerankException.Kind.MODEL, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("it cannot rerank"), refused.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        RerankException refused = assertThrows(RerankException.class, () -> of("acme/empty", folder, "model.onnx"));
        assertEquals(RerankException.Kind.UNAVAILABLE, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("config.json"), refused.getMessage());
    }
}
