package dev.rerank4j.onnx;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.nio.file.Path;

/** Sketch of the public surface; see the issue. */
public final class OnnxScorer implements Scorer {

    /** The built-in cross-encoder, from the model jar on the class path. */
    public static OnnxScorer builtIn() {
        throw new UnsupportedOperationException();
    }

    /** A folder with model.onnx and/or model_int8.onnx, tokenizer.json, config.json, golden.json. */
    public static OnnxScorer load(Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** How many tokens a pair may have. */
    public int maxLength() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Scores score(ScoreRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
