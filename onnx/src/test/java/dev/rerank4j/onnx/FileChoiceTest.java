package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileChoiceTest {

    private static final Processor VNNI = new Processor(false, Optional.of("AVX-512 VNNI"));
    private static final Processor OLD = new Processor(false, Optional.empty());
    private static final Processor ARM = new Processor(true, Optional.of("ARM dot product"));

    /** What cross-encoder/ms-marco-MiniLM-L6-v2 and many others of sentence-transformers hold. */
    private static final List<String> ALL = List.of("config.json", "model.safetensors", "onnx/model.onnx",
            "onnx/model_O1.onnx", "onnx/model_O2.onnx", "onnx/model_O3.onnx", "onnx/model_O4.onnx",
            "onnx/model_qint8_arm64.onnx", "onnx/model_qint8_avx512.onnx", "onnx/model_qint8_avx512_vnni.onnx",
            "onnx/model_quint8_avx2.onnx", "openvino/openvino_model.xml");

    /** What transformers.js writes. */
    private static final List<String> WEB = List.of("onnx/model.onnx", "onnx/model_bnb4.onnx", "onnx/model_fp16.onnx",
            "onnx/model_int8.onnx", "onnx/model_q4.onnx", "onnx/model_q4f16.onnx", "onnx/model_quantized.onnx",
            "onnx/model_uint8.onnx");

    @Test
    void eightBitsWhereTheProcessorComputesThemRight() {
        assertEquals("onnx/model_qint8_avx512_vnni.onnx", choice(ALL, VNNI).file());
        assertEquals("onnx/model_qint8_arm64.onnx", choice(ALL, ARM).file());
        assertEquals("onnx/model.onnx", choice(ALL, OLD).file());
        assertEquals("onnx/model_int8.onnx", choice(WEB, VNNI).file());
        assertEquals("onnx/model.onnx", choice(WEB, OLD).file());
    }

    @Test
    void whySaysWhatOfTheProcessorDecided() {
        assertTrue(choice(ALL, VNNI).why().contains("AVX-512 VNNI"), choice(ALL, VNNI).why());
        assertTrue(choice(ALL, OLD).why().contains("not known to compute int8"), choice(ALL, OLD).why());
        assertTrue(choice(List.of("model.onnx"), VNNI).why().contains("there is no int8 file"));
    }

    @ParameterizedTest
    @CsvSource({
            "model.onnx onnx/model.onnx, onnx/model.onnx", // where sentence-transformers looks first
            "model_O3.onnx model_O2.onnx model_O4.onnx, model_O2.onnx", // O3 approximates, O4 is half precision
            "onnx/model_fp16.onnx model.onnx, model.onnx",
            "onnx/bge-small.onnx, onnx/bge-small.onnx",
            "onnx/bge-small.onnx onnx/model.onnx, onnx/model.onnx",
            "onnx/model.ONNX, onnx/model.ONNX",
            "onnx/model_fp32.onnx onnx/model_bf16.onnx, onnx/model_fp32.onnx"})
    void floatsByPlaceAndName(String files, String expected) {
        assertEquals(expected, choice(Arrays.asList(files.split(" ")), OLD).file());
    }

    @ParameterizedTest
    @CsvSource({"model.safetensors config.json", "onnx/model_fp16.onnx onnx/model_q4f16.onnx onnx/model_O4.onnx",
            "onnx/fp32/model.onnx", "model.onnx_data onnx/model.onnx.data", "decoder/model.onnx",
            "onnx/model_bnb4.onnx onnx/model_q8f16.onnx"})
    void nothingForACpu(String files) {
        assertEquals(Optional.empty(), FileChoice.of(Arrays.asList(files.split(" ")), VNNI));
    }

    @Test
    void eightBitsAloneAreNoChoiceForAProcessorThatSaturates() {
        List<String> files = List.of("onnx/model_quantized.onnx", "onnx/model_fp16.onnx");
        assertEquals(Optional.empty(), FileChoice.of(files, OLD));
        assertEquals("no ONNX file that this CPU computes exactly and fast, only onnx/model_fp16.onnx (half precision),"
                + " onnx/model_quantized.onnx (int8)", FileChoice.whyNone(files, OLD));
        assertEquals("no ONNX file in the root or in onnx/", FileChoice.whyNone(List.of("pytorch_model.bin"), OLD));
    }

    private static FileChoice choice(List<String> files, Processor processor) {
        return FileChoice.of(files, processor).orElseThrow();
    }
}
