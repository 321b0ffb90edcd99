package dev.rerank4j.onnx;

/** What a processor can do that decides about int8. */
record Processor(String name, boolean fastInt8) {

    static Processor here() {
        throw new UnsupportedOperationException("choice");
    }
}
