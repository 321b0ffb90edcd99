package dev.rerank4j.onnx;

import dev.rerank4j.Encoder;
import java.util.List;

/** Sketch of the public surface; see the issue. */
public final class OnnxEncoder implements Encoder {

    /** The built-in encoder (bge-small-en-v1.5, int8), from the jar on the class path. */
    public static OnnxEncoder builtIn() {
        throw new UnsupportedOperationException();
    }

    /** Index of each token's first character (UTF-16 unit), ascending. */
    public int[] tokenStarts(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int dimension() {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[] query(String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public float[][] passages(List<String> texts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
