package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Poolings and layers, by numbers that can be worked out by hand. */
class HeadNetworkTest {

    /** Two rows of four tokens of two numbers; of the second row, one token is padding. */
    private static final FloatBuffer OUTPUT = FloatBuffer.wrap(new float[]{9, 9, 9, 9, 9, 9, 9, 9, //
            1, -8, 2, 4, 6, -2, 100, 100});
    private static final long[] SHAPE = {2, 4, 2};

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"CLS, 1, -8", "LAST, 6, -2", "MEAN, 3, -2", "MAX, 6, 4",
            "MEAN_SQRT_LENGTH, 5.196152, -3.464102", // 9 and -6 by the root of 3
            "WEIGHTED_MEAN, 3.833333, -1"}) // 1 + 2*2 + 3*6 and -8 + 2*4 - 3*2, by 6
    void poolings(Pooling pooling, float first, float second) {
        assertArrayEquals(new float[]{first, second}, apply(Head.of(pooling), 0), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource({"CLS, 2, 4", "LAST, 6, -2", "MEAN, 4, 1", "MAX, 6, 4", "WEIGHTED_MEAN, 4.4, 0.4"})
    void withoutItsInstruction(Pooling pooling, float first, float second) {
        Head head = new Head(List.of(pooling), false, List.of(), OptionalInt.empty());
        assertArrayEquals(new float[]{first, second}, apply(head, 1), 1e-6f);
        assertArrayEquals(apply(Head.of(pooling), 0), apply(Head.of(pooling), 1), "unless the head says so");
    }

    @Test
    void severalPoolingsAreJoined() {
        Head head = new Head(List.of(Pooling.CLS, Pooling.MEAN), true, List.of(), OptionalInt.empty());
        assertArrayEquals(new float[]{1, -8, 3, -2}, apply(head, 0), 1e-6f);
    }

    @Test
    void onlySoManyNumbersAreKept() {
        Head head = new Head(List.of(Pooling.CLS, Pooling.MEAN), true, List.of(), OptionalInt.of(3));
        assertArrayEquals(new float[]{1, -8, 3}, apply(head, 0), 1e-6f);
    }

    @ParameterizedTest
    @CsvSource({"torch.nn.modules.linear.Identity, 3.5, -7", "torch.nn.modules.activation.ReLU, 3.5, 0",
            "torch.nn.modules.activation.Tanh, 0.9981779, -0.9999983",
            "torch.nn.modules.activation.Sigmoid, 0.9706878, 0.0009110512",
            "torch.nn.modules.activation.SiLU, 3.397407, -0.006377358",
            "torch.nn.modules.activation.GELU, 3.499186, -8.958e-12", "mine.Doubled, 0.9981779, -0.9999983"})
    void aDenseLayerMultipliesAddsAndApplies(String function, float first, float second) throws IOException {
        dense("1_Dense", 2, 2, "\"activation_function\": \"" + function + "\"");
        new LittleSafetensors().put("linear.weight", "2, 2", 2, 0.5f, -1, 0).put("linear.bias", "2", 5.5f, -6)
                .write(folder.resolve("1_Dense/model.safetensors"));
        // 2*1 - 0.5*8 + 5.5 and -1 - 6
        assertArrayEquals(new float[]{first, second}, apply(layers("1_Dense/"), 0), 2e-6f);
    }

    @Test
    void aDenseLayerMayHaveNoBiasAnotherSizeAndAddWhatCameIn() throws IOException {
        dense("1_Dense", 2, 3, "\"bias\": false, \"use_residual\": true, "
                + "\"activation_function\": \"torch.nn.modules.linear.Identity\"");
        new LittleSafetensors().put("linear.weight", "3, 2", 1, 0, 0, 1, 1, 1)
                .put("residual.weight", "3, 2", 1, 0, 0, 0, 0, 1)
                .write(folder.resolve("1_Dense/model.safetensors"));
        assertArrayEquals(new float[]{2, -8, -15}, apply(layers("1_Dense/"), 0), 1e-6f);
        dense("1_Dense", 2, 2, "\"bias\": false, \"use_residual\": true, "
                + "\"activation_function\": \"torch.nn.modules.activation.ReLU\"");
        new LittleSafetensors().put("linear.weight", "2, 2", 1, 0, 0, 1)
                .write(folder.resolve("1_Dense/model.safetensors"));
        assertArrayEquals(new float[]{2, -8}, apply(layers("1_Dense/"), 0), 1e-6f);
    }

    @Test
    void normsBringToMeanAndVarianceOrToLength() throws IOException {
        ModelFolders.write(folder, "1_LayerNorm/config.json", "{\"dimension\": 2}");
        new LittleSafetensors().put("norm.weight", "2", 2, 3).put("norm.bias", "2", 0.5f, 0)
                .write(folder.resolve("1_LayerNorm/model.safetensors"));
        Head norm = new Head(List.of(Pooling.CLS), true,
                List.of(new Head.Layer(Head.Kind.LAYER_NORM, "1_LayerNorm/")), OptionalInt.empty());
        assertArrayEquals(new float[]{2.5f, -3}, apply(norm, 0), 1e-5f);
        Head unit = new Head(List.of(Pooling.LAST), true, List.of(new Head.Layer(Head.Kind.NORMALIZE, "2/")),
                OptionalInt.empty());
        assertArrayEquals(new float[]{(float) (6 / Math.sqrt(40)), (float) (-2 / Math.sqrt(40))}, apply(unit, 0),
                1e-6f);
    }

    @Test
    void layersThatCannotBeReadAreNamed() throws IOException {
        dense("1_Dense", 2, 2, "\"activation_function\": \"torch.nn.modules.activation.Mish\"");
        new LittleSafetensors().put("linear.weight", "2, 2", 1, 0, 0, 1).put("linear.bias", "2", 0, 0)
                .write(folder.resolve("1_Dense/model.safetensors"));
        assertRefused("activation_function must be one of", RerankException.Kind.MODEL);
        dense("1_Dense", 2, 2, "\"module_input_name\": \"token_embeddings\"");
        assertRefused("module_input_name sentence_embedding", RerankException.Kind.MODEL);
        dense("1_Dense", 0, 2, "\"bias\": true");
        assertRefused("must be >= 1", RerankException.Kind.MODEL);
        dense("1_Dense", 3, 2, "\"bias\": true");
        assertRefused("must hold linear.weight in shape [2, 3], and has it in [2, 2]", RerankException.Kind.MODEL);
        Files.move(folder.resolve("1_Dense/model.safetensors"), folder.resolve("1_Dense/pytorch_model.bin"));
        assertRefused("which can hold code and is not read", RerankException.Kind.MODEL);
        Files.delete(folder.resolve("1_Dense/pytorch_model.bin"));
        assertRefused("there is no 1_Dense/model.safetensors", RerankException.Kind.UNAVAILABLE);
        Files.delete(folder.resolve("1_Dense/config.json"));
        assertRefused("there is no 1_Dense/config.json", RerankException.Kind.UNAVAILABLE);
    }

    @Test
    void aLayerOfAnotherModelIsNoticed() throws IOException {
        dense("1_Dense", 3, 1, "\"bias\": false");
        new LittleSafetensors().put("linear.weight", "1, 3", 1, 0, 0)
                .write(folder.resolve("1_Dense/model.safetensors"));
        RerankException e = assertThrows(RerankException.class, () -> apply(layers("1_Dense/"), 0));
        assertTrue(e.getMessage().contains("wants 3 numbers and is given 2"), e.getMessage());
    }

    private void assertRefused(String words, RerankException.Kind kind) {
        RerankException e = assertThrows(RerankException.class, () -> apply(layers("1_Dense/"), 0));
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(kind, e.kind());
    }

    private void dense(String name, int in, int out, String more) throws IOException {
        ModelFolders.write(folder, name + "/config.json",
                "{\"in_features\": " + in + ", \"out_features\": " + out + ", " + more + "}");
    }

    private static Head layers(String... folders) {
        return new Head(List.of(Pooling.CLS), true,
                Arrays.stream(folders).map(name -> new Head.Layer(Head.Kind.DENSE, name)).toList(),
                OptionalInt.empty());
    }

    /** To the second row. */
    private float[] apply(Head head, int instruction) {
        return HeadNetwork.load(ModelFiles.folder(folder), head).apply(OUTPUT, SHAPE, 1, 3, instruction);
    }
}
