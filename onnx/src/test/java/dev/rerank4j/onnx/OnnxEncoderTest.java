package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxEncoderTest {

    @ParameterizedTest
    @EnumSource(names = {"CLS", "MEAN"})
    void givesTheVectorsOfTheReferenceImplementation(Pooling pooling) {
        try (OnnxEncoder encoder = OnnxEncoder.load(spec(pooling, "model.onnx"), EngineOptions.defaults())) {
            JsonArray texts = TestModels.json(TestModels.ENCODER, "vectors.json").getAsJsonArray("texts");
            List<String> all = texts.asList().stream().map(t -> t.getAsJsonObject().get("text").getAsString()).toList();
            float[][] vectors = encoder.passages(all);
            for (int i = 0; i < vectors.length; i++) {
                JsonObject known = texts.get(i).getAsJsonObject();
                JsonArray expected = known.getAsJsonArray(pooling == Pooling.CLS ? "cls" : "mean");
                assertEquals(expected.size(), vectors[i].length);
                int d = 0;
                for (JsonElement number : expected) {
                    assertEquals(number.getAsFloat(), vectors[i][d++], 1e-4, "text " + i);
                }
            }
        }
    }

    @Test
    void theQueryInstructionIsPutBeforeQueriesAlone() {
        EncoderSpec plain = spec(Pooling.MEAN, "model.onnx");
        EncoderSpec instructed = new EncoderSpec(plain.name(), plain.files(), plain.modelFile(), plain.tokenizerFile(),
                plain.maxLength(), plain.head(), "query: ", "", TokenInput.BERT, Optional.empty(), Set.of());
        try (OnnxEncoder encoder = OnnxEncoder.load(instructed, EngineOptions.defaults())) {
            assertEquals(1, dot(encoder.query("the cat"), encoder.passages(List.of("query: the cat"))[0]), 1e-5);
            assertTrue(dot(encoder.query("the cat"), encoder.passages(List.of("the cat"))[0]) < 0.999);
        }
    }

    /** The vector of a token is its id and 1, so that the direction of their mean tells the mean of the ids. */
    @Test
    void instructionsAreLeftOutOfThePoolingWhereTheModelSaysSo(@TempDir Path folder) throws IOException {
        ModelFolders.encoder(folder);
        ModelFolders.model(folder, "onnx/model.onnx", TinyOnnx.encoder("ids", 1, 0)
                .weights("one", new float[]{0, 1}, 2).node("Add", "ids one", "last_hidden_state")
                .output("last_hidden_state", TinyOnnx.FLOAT, -1, -1, 2));
        ModelFolders.write(folder, "modules.json", """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]""");
        ModelFolders.write(folder, "config_sentence_transformers.json", """
                {"prompts": {"query": "the cat: ", "document": "the dog and "}}""");
        for (boolean pooled : new boolean[]{true, false}) {
            ModelFolders.write(folder, "1_Pooling/config.json",
                    "{\"pooling_mode\": \"mean\", \"include_prompt\": " + pooled + "}");
            try (OnnxEncoder encoder = OnnxEncoder.load(folder, EngineOptions.defaults());
                    Tokenizer tokenizer = Tokenizer.load(ModelFiles.folder(folder), "tokenizer.json", false)) {
                assertEquals(mean(tokenizer, "the cat: ", "a dog", pooled), ratio(encoder.query("a dog")), 0.01);
                float[][] passages = encoder.passages(List.of("a cat", "a", "the cat and the dog and the cat"));
                assertEquals(mean(tokenizer, "the dog and ", "a cat", pooled), ratio(passages[0]), 0.01);
                assertEquals(mean(tokenizer, "the dog and ", "a", pooled), ratio(passages[1]), 0.01);
            }
        }
    }

    private static double ratio(float[] vector) {
        return vector[0] / vector[1];
    }

    private static double mean(Tokenizer tokenizer, String instruction, String text, boolean pooled) {
        List<Integer> ids = new ArrayList<>();
        tokenizer.singleTemplate().write(PairTemplate.Sequence.single(tokenizer.ids(instruction + text)),
                (id, type) -> ids.add(id));
        int from = pooled ? 0 : 1 + tokenizer.ids(instruction).length;
        return ids.subList(from, ids.size()).stream().mapToInt(id -> id).average().orElseThrow();
    }

    @Test
    void aCrossEncoderIsNoEncoder() {
        EncoderSpec spec = spec(Pooling.CLS, "model.onnx");
        EncoderSpec wrong = new EncoderSpec("wrong", TestModels.files(TestModels.CROSS_ENCODER), spec.modelFile(),
                spec.tokenizerFile(), 64, spec.head(), "", "", TokenInput.BERT, Optional.empty(), Set.of());
        RerankException e = assertThrows(RerankException.class,
                () -> OnnxEncoder.load(wrong, EngineOptions.defaults()));
        assertEquals(RerankException.Kind.MODEL, e.kind());
    }

    @Test
    void theInt8VectorsOfTheBuiltInEncoderAreNearTheFloatOnes() {
        ModelFiles files = ModelFiles.classPath(getClass().getClassLoader(), "");
        EncoderSpec exact = new EncoderSpec("bge-small-en-v1.5", files, "bge-small-en-v1.5.onnx",
                "bge-small-en-v1.5-tokenizer.json", 512, Head.of(Pooling.CLS), "", "", TokenInput.BERT,
                Optional.empty(), Set.of());
        List<String> texts = TestModels.realTexts().stream().filter(text -> text.length() > 60).limit(120).toList();
        assertEquals(120, texts.size());
        try (OnnxEncoder int8 = OnnxEncoder.builtIn(); OnnxEncoder reference = OnnxEncoder.load(exact,
                EngineOptions.defaults())) {
            float[][] a = int8.passages(texts);
            float[][] b = reference.passages(texts);
            double sum = 0;
            double min = 1;
            for (int i = 0; i < a.length; i++) {
                double cosine = dot(a[i], b[i]);
                sum += cosine;
                min = Math.min(min, cosine);
            }
            System.out.printf("cosine of int8 and float vectors: mean %.4f, min %.4f%n", sum / a.length, min);
            assertTrue(sum / a.length > 0.97, "mean cosine " + sum / a.length);
            assertTrue(min > 0.9, "lowest cosine " + min);
        }
    }

    private static EncoderSpec spec(Pooling pooling, String file) {
        return new EncoderSpec("tiny", TestModels.files(TestModels.ENCODER), file, "tokenizer.json", 64,
                Head.of(pooling), "",
                "", TokenInput.BERT, Optional.empty(), Set.of());
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
