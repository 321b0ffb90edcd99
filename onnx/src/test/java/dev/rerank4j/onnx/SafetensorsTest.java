package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

    private static final String FILE = "model.safetensors";

    @TempDir
    Path folder;

    @Test
    void numbersOfEachTypeAreRead() throws IOException {
        new LittleSafetensors().put("a", "2, 2", 1, -2.5f, 3e-20f, Float.MAX_VALUE)
                .put("b", "F16", "3", 1, -0.5f, 65504)
                .put("c", "BF16", "1, 2", 1.5f, -3e30f).put("none", "0").write(folder.resolve(FILE));
        Safetensors file = read();
        assertArrayEquals(new float[]{1, -2.5f, 3e-20f, Float.MAX_VALUE}, file.get("a", 2, 2));
        assertArrayEquals(new float[]{1, -0.5f, 65504}, file.get("b", 3));
        assertEquals(-3e30f, file.get("c", 1, 2)[1], 2e28f);
        assertEquals(0, file.get("none", 0).length);
    }

    @Test
    void whatIsNotThereOrOfAnotherShapeIsNamed() throws IOException {
        new LittleSafetensors().put("a", "2, 2", 1, 2, 3, 4).write(folder.resolve(FILE));
        assertRefused(() -> read().get("a", 4), "must hold a in shape [4], and has it in [2, 2]");
        assertRefused(() -> read().get("b", 4), "must hold b in shape [4], and does not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 12]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [4, 12]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 0]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [65536, 65536], \"data_offsets\": [0, 0]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2147483647, 2, 2147483647, 2], \"data_offsets\": [0, 8]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [9223372036854775800, 9223372036854775807]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2]}}", "{\"a\": {\"shape\": [2], \"data_offsets\": [0, 8]}}",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": 2, \"data_offsets\": [0, 8]}}", "{\"a\": 1}", "[]", "{", "{}x",
            "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0]}}"})
    void aHeaderThatDoesNotFitIsRefused(String header) throws IOException {
        Files.write(folder.resolve(FILE), LittleSafetensors.file(header, new byte[8]));
        assertRefused(this::read, "is damaged");
    }

    @Test
    void otherTypesAreNamed() throws IOException {
        Files.write(folder.resolve(FILE), LittleSafetensors
                .file("{\"a\": {\"dtype\": \"I8\", \"shape\": [8], \"data_offsets\": [0, 8]}}", new byte[8]));
        assertRefused(this::read, "holds a as I8");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1000, Long.MAX_VALUE, 1L << 40})
    void aLengthOfTheHeaderThatCannotBeIsRefused(long length) throws IOException {
        byte[] bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
        Files.write(folder.resolve(FILE), bytes);
        assertRefused(this::read, "is damaged");
        Files.write(folder.resolve(FILE), new byte[3]);
        assertRefused(this::read, "is damaged");
    }

    @Test
    void noDamageLeadsToAnythingElse() throws IOException {
        new LittleSafetensors().put("a", "2, 2", 1, 2, 3, 4).put("b", "F16", "2", 1, 2).write(folder.resolve(FILE));
        byte[] whole = Files.readAllBytes(folder.resolve(FILE));
        for (long seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            for (int i = 0; i < 2 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            }
            Files.write(folder.resolve(FILE), bytes);
            try {
                read();
            } catch (RerankException e) {
                assertEquals(RerankException.Kind.MODEL, e.kind(), "seed " + seed);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private Safetensors read() {
        return Safetensors.read(ModelFiles.folder(folder), FILE);
    }

    private static void assertRefused(org.junit.jupiter.api.function.Executable work, String words) {
        RerankException e = assertThrows(RerankException.class, work);
        assertTrue(e.getMessage().contains(words), e.getMessage());
        assertEquals(RerankException.Kind.MODEL, e.kind());
    }
}
