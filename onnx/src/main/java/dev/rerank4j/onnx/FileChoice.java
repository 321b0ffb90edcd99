package dev.rerank4j.onnx;

import java.util.Collection;
import java.util.Optional;

/**
 * Which of a model's ONNX files suits a processor.
 *
 * @param file path of the file
 * @param why in one sentence for people
 */
record FileChoice(String file, String why) {

    /** Empty if none of the files is an ONNX model. */
    static Optional<FileChoice> of(Collection<String> files, Processor processor) {
        throw new UnsupportedOperationException("choice");
    }
}
