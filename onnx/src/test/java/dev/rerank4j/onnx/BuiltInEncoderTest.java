package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Encoder;
import dev.rerank4j.EncoderContract;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BuiltInEncoderTest extends EncoderContract {

    private static OnnxEncoder encoder;

    @BeforeAll
    static void load() {
        encoder = OnnxEncoder.builtIn();
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void itKnowsEnglish() {
        assertEquals(Set.of("en"), encoder.spec().languages());
    }

    @Override
    protected Encoder encoder() {
        return encoder;
    }

    @Override
    protected Encoder freshEncoder() {
        return OnnxEncoder.builtIn();
    }

    @Override
    protected String queryInstruction() {
        return "Represent this sentence for searching relevant passages: ";
    }

    @Override
    protected double tolerance() {
        return 1e-5;
    }
}
