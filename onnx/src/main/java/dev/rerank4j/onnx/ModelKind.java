package dev.rerank4j.onnx;

/** What a model is for. */
public enum ModelKind {
    /** Reads query and text together: for {@link OnnxScorer}. */
    RERANKER,
    /** Makes a vector of a text: for {@link OnnxEncoder}. */
    ENCODER
}
