package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files may want and give: inputs by their names, outputs by their names, other kinds of models refused. */
class SignatureTest {

    private static final EngineOptions OPTIONS = new EngineOptions(2, 1, 512, 1 << 20);
    private static final String QUERY = "the cat";
    private static final List<String> TEXTS = List.of("a cat", "the dog and the cat and a dog", "");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"logits", "scores", "score", "output_0"})
    void aLogitIsTakenByItsNameOrAsTheOnlyOutput(String output) throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.scorer(output, 1));
        assertArrayEquals(sums(folder), logits());
    }

    @Test
    void aLogitIsTakenAlsoWhereOtherOutputsStandBeforeIt() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.encoder("last_hidden_state", 1, 2).sums("logits")
                .output("logits", TinyOnnx.FLOAT, -1, 1));
        assertArrayEquals(sums(folder), logits());
    }

    @Test
    void anOutputThatDoesNotSayItsShapeIsTakenByItsName() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64).sums("logits")
                .output("logits", TinyOnnx.FLOAT));
        assertArrayEquals(sums(folder), logits());
    }

    @Test
    void numbersOf32BitsAreGivenWhereTheyAreWanted() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT32).sums("logits")
                .output("logits", TinyOnnx.FLOAT, -1, 1));
        assertArrayEquals(sums(folder), logits());
    }

    @Test
    void logitsOfHalfPrecisionAreRead() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64).sums("sums")
                .weights("scale", new float[]{1 / 64f}, 1).node("Mul", "sums scale", "small")
                .node("Cast", "small", "logits", Map.of("to", TinyOnnx.FLOAT16))
                .output("logits", TinyOnnx.FLOAT16, -1, 1));
        float[] sums = sums(folder);
        float[] logits = logits();
        for (int i = 0; i < sums.length; i++) {
            assertEquals(sums[i] / 64, logits[i], Math.abs(sums[i]) * 1e-5);
        }
    }

    @Test
    void placesAreToldWhereTheyAreWanted() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", """
                {"model_type": "roberta", "pad_token_id": 1, "max_position_embeddings": 66}""");
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64)
                .input("position_ids", TinyOnnx.INT64).node("Mul", "position_ids attention_mask", "shown")
                .node("Cast", "shown", "floats", Map.of("to", TinyOnnx.FLOAT))
                .node("ReduceSum", "floats", "logits", "axes", 1).output("logits", TinyOnnx.FLOAT, -1, 1));
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            float[] logits = scorer.score(ScoreRequest.of(QUERY, TEXTS)).logits();
            for (int i = 0; i < logits.length; i++) {
                int length = scorer.ids(QUERY, TEXTS.get(i)).size();
                assertEquals((length - 1) * length / 2f + 2f * length, logits[i], "from 2 on, " + length + " places");
            }
        }
    }

    @Test
    void paddingIsFilledWithTheModelsOwnId() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"pad_token_id\": 7, \"max_position_embeddings\": 64}");
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64)
                .node("Cast", "input_ids", "floats", Map.of("to", TinyOnnx.FLOAT))
                .node("ReduceSum", "floats", "logits", "axes", 1).output("logits", TinyOnnx.FLOAT, -1, 1));
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            float[] logits = scorer.score(ScoreRequest.of(QUERY, TEXTS)).logits();
            int longest = TEXTS.stream().mapToInt(text -> scorer.ids(QUERY, text).size()).max().orElseThrow();
            for (int i = 0; i < logits.length; i++) {
                List<Integer> ids = scorer.ids(QUERY, TEXTS.get(i));
                assertEquals(ids.stream().mapToInt(id -> id).sum() + 7 * (longest - ids.size()), logits[i]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void typesAreToldUnlessTheTokenizerGivesNone(boolean typed) throws IOException {
        ModelFolders.reranker(folder);
        if (!typed) {
            ModelFolders.write(folder, "tokenizer_config.json", """
                    {"model_input_names": ["input_ids", "attention_mask"]}""");
        }
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64)
                .input("token_type_ids", TinyOnnx.INT64)
                .node("Cast", "token_type_ids", "floats", Map.of("to", TinyOnnx.FLOAT))
                .node("ReduceSum", "floats", "logits", "axes", 1).output("logits", TinyOnnx.FLOAT, -1, 1));
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            int second = scorer.ids("", TEXTS.get(1)).size() - 2;
            assertEquals(typed ? second : 0, scorer.score(ScoreRequest.of(QUERY, TEXTS)).logits()[1]);
        }
    }

    @Test
    void anInputThatNobodyKnowsIsNamed() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx",
                TinyOnnx.scorer("logits", 1).input("task_id", TinyOnnx.INT64));
        assertRefused(() -> OnnxScorer.load(folder), "wants an input task_id");
        ModelFolders.encoder(folder);
        ModelFolders.model(folder, "onnx/model.onnx",
                TinyOnnx.encoder("last_hidden_state", 1).input("pixel_values", TinyOnnx.FLOAT));
        assertRefused(() -> OnnxEncoder.load(folder, OPTIONS), "wants an input pixel_values");
    }

    @Test
    void anEncoderGivenAsRerankerIsNamed() throws IOException {
        ModelFolders.encoder(folder);
        assertRefused(() -> OnnxScorer.load(folder), "is a sentence encoder");
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64).sums("sentence_embedding")
                .output("sentence_embedding", TinyOnnx.FLOAT, -1, 1));
        assertRefused(() -> OnnxScorer.load(folder), "is a sentence encoder");
    }

    @Test
    void aRerankerGivenAsEncoderIsNamed() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"max_position_embeddings\": 64}");
        assertRefused(() -> OnnxEncoder.load(folder, OPTIONS), "is a cross-encoder");
    }

    @Test
    void aLanguageModelIsNeither() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.encoder("logits", 1, 2, 3));
        assertRefused(() -> OnnxScorer.load(folder), "is a language model");
        assertRefused(() -> OnnxEncoder.load(folder, OPTIONS), "is a language model");
    }

    @Test
    void outputsOfNoUseAreListed() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.write(folder, "config.json", "{\"max_position_embeddings\": 64}");
        ModelFolders.model(folder, "onnx/model.onnx", new TinyOnnx().ids(TinyOnnx.INT64)
                .sums("pooler_output").output("pooler_output", TinyOnnx.FLOAT, -1, 1));
        assertRefused(() -> OnnxScorer.load(folder), "gives pooler_output: a reranker must give logits");
        assertRefused(() -> OnnxEncoder.load(folder, OPTIONS), "gives pooler_output: an encoder must give");
    }

    @Test
    void threeNumbersAPairAreRefusedAtOnce() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.scorer("logits", 1, 2, 3));
        assertRefused(() -> OnnxScorer.load(folder), "gives 3 numbers a pair");
    }

    @Test
    void twoClassesAreTheirDifference() throws IOException {
        ModelFolders.reranker(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.scorer("logits", 1, 3));
        float[] logits = logits();
        float[] sums = sums(folder);
        for (int i = 0; i < sums.length; i++) {
            assertEquals(2 * sums[i], logits[i]);
        }
    }

    @Test
    void vectorsAreTakenByTheirNames() throws IOException {
        ModelFolders.encoder(folder);
        for (String name : List.of("last_hidden_state", "token_embeddings", "output_0")) {
            ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.encoder(name, 3, 4));
            try (OnnxEncoder encoder = OnnxEncoder.load(folder, OPTIONS)) {
                assertArrayEquals(new float[]{0.6f, 0.8f}, encoder.query("the cat"), 1e-6f, name);
            }
        }
    }

    @Test
    void aFileThatGivesAVectorForTheTextIsTakenAsItIs() throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.scorer("sentence_embedding", 3, 4));
        try (OnnxEncoder encoder = OnnxEncoder.load(folder, OPTIONS)) {
            assertEquals(2, encoder.dimension());
            assertArrayEquals(new float[]{0.6f, 0.8f}, encoder.query("the cat"), 1e-6f);
        }
    }

    private float[] logits() {
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            return scorer.score(ScoreRequest.of(QUERY, TEXTS)).logits();
        }
    }

    private static float[] sums(Path folder) {
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            float[] sums = new float[TEXTS.size()];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = scorer.ids(QUERY, TEXTS.get(i)).stream().mapToInt(id -> id).sum();
            }
            return sums;
        }
    }

    private static void assertRefused(Executable work, String words) {
        RerankException e = assertThrows(RerankException.class, work);
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(RerankException.Kind.MODEL, e.kind());
    }
}
