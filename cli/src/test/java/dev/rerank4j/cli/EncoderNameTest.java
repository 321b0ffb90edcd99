package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.onnx.OnnxEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderNameTest {

    private static final String OTHER = "acme/other@0123456789ab/model";

    @ParameterizedTest
    @CsvSource({"acme/enc@5c38ec7c405e/onnx/model, " + OTHER + ", --encoder acme/enc",
            "acme/enc@5c38ec7c405e/onnx/model, bge-small-en-v1.5-q, --encoder acme/enc",
            "acme/enc@5c38ec7c405e/onnx/model, acme/enc@0123456789ab/onnx/model, --encoder acme/enc@5c38ec7c405e",
            "acme/enc@5c38ec7c405e/onnx/model, acme/enc@5c38ec7c405e/onnx/model_int8, "
                    + "--encoder acme/enc:onnx/model.onnx",
            "bge-small-en-v1.5-q, " + OTHER + ", --encoder built-in",
            "mine/model, " + OTHER + ", name that encoder with --encoder",
            "no name@5c38ec7c405e/x, " + OTHER + ", name that encoder with --encoder"})
    void howTheEncoderOfAnIndexIsNamed(String index, String loaded, String option) {
        assertEquals(option, EncoderName.option(index, loaded));
    }

    @Test
    void theBuiltInOneIsCalledAsIndexesKeepIt() {
        try (OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            assertEquals(EncoderName.BUILT_IN, encoder.name());
        }
    }
}
