package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of a hub that are on this machine. */
class HubModelLoadTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final EngineOptions OPTIONS = new EngineOptions(1, 1, 512, 1 << 20);

    @TempDir
    Path folder;

    @Test
    void itsNameSaysRepositoryCommitAndFile() throws IOException {
        ModelFolders.reranker(folder);
        try (OnnxScorer scorer = OnnxScorer.load(model("acme/small", "onnx/model.onnx"), OPTIONS)) {
            assertEquals("acme/small@0123456789ab/onnx/model", scorer.name());
            assertEquals(1, scorer.score(ScoreRequest.of("a", List.of("b"))).size());
        }
        ModelFolders.encoder(folder);
        try (OnnxEncoder encoder = OnnxEncoder.load(model("acme/small", "onnx/model.onnx"), OPTIONS)) {
            assertEquals("acme/small@0123456789ab/onnx/model", encoder.name());
        }
    }

    @Test
    void theFileIsTheOneThatWasChosenAlsoIfAnotherSuitsTheProcessorBetter() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "odd/model_fp16.onnx", TinyOnnx.scorer("logits", 2));
        try (OnnxScorer scorer = OnnxScorer.load(model("acme/small", "odd/model_fp16.onnx"), OPTIONS)) {
            assertEquals("acme/small@0123456789ab/odd/model_fp16", scorer.name());
            int sum = scorer.ids("a", "b").stream().mapToInt(id -> id).sum();
            assertEquals(2 * sum, scorer.score(ScoreRequest.of("a", List.of("b"))).logits()[0]);
        }
    }

    @Test
    void prefixesOfTheListAreUsed() throws IOException {
        ModelFolders.encoder(folder);
        try (OnnxEncoder encoder = OnnxEncoder.load(model("intfloat/e5-small-v2", "onnx/model.onnx"), OPTIONS)) {
            assertEquals("query: ", encoder.spec().queryInstruction());
            assertEquals("passage: ", encoder.spec().textInstruction());
            assertTrue(encoder.name().startsWith("intfloat/e5-small-v2@0123456789ab/onnx/model/prefix-"),
                    encoder.name());
        }
    }

    @Test
    void anEncoderOfTheListIsNoReranker() throws IOException {
        ModelFolders.reranker(folder);
        RerankException e = assertThrows(RerankException.class,
                () -> OnnxScorer.load(model("intfloat/e5-small-v2", "onnx/model.onnx"), OPTIONS));
        assertTrue(e.getMessage().contains("is a sentence encoder"), e.getMessage());
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        ModelFolders.reranker(folder);
        Files.delete(folder.resolve("onnx/model.onnx"));
        RerankException e = assertThrows(RerankException.class,
                () -> OnnxScorer.load(model("acme/small", "onnx/model.onnx"), OPTIONS));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains("there is no onnx/model.onnx"), e.getMessage());
    }

    private HubModel model(String repository, String file) {
        return new HubModel(ModelId.of(repository), COMMIT, folder, file, "the file that was asked for");
    }
}
