package dev.rerank4j.langchain4j;

import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;

/**
 * The one class that knows the module {@code onnx}: who brings another scorer may leave that module and the built-in
 * model out, and everything else here still loads.
 */
final class BuiltIn {

    private BuiltIn() {
    }

    static Scorer scorer() {
        try {
            return OnnxScorer.builtIn();
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    static Encoder encoder() {
        try {
            return OnnxEncoder.builtIn();
        } catch (NoClassDefFoundError e) {
            throw missing(e);
        }
    }

    private static RerankException missing(NoClassDefFoundError e) {
        return new RerankException(RerankException.Kind.UNAVAILABLE,
                "the built-in model is not on the class path: add rerank4j-onnx and rerank4j-model", e);
    }
}
