package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.nio.FloatBuffer;
import java.util.Optional;

/**
 * Makes a pair's logit of what a model gives for it.
 *
 * @param model its name, for messages
 * @param head the layers that follow its file; empty if the file gives the logit
 */
record LogitReader(String model, Optional<HeadNetwork> head) {

    /**
     * @param output of the file
     * @param shape of the output
     * @param row which row
     * @param length how many of its tokens are no padding
     * @throws RerankException {@code MODEL} if it is not one number or two, or no number
     */
    float read(FloatBuffer output, long[] shape, int row, int length) {
        float[] numbers;
        if (head.isPresent()) {
            numbers = head.get().apply(output, shape, row, length, 0);
        } else {
            numbers = new float[shape.length == 1 ? 1 : Math.toIntExact(shape[1])];
            output.get(row * numbers.length, numbers);
        }
        float logit = switch (numbers.length) {
            case 1 -> numbers[0];
            case 2 -> numbers[1] - numbers[0]; // log-odds of class 1, so that the sigmoid is its softmax
            default ->
                throw new RerankException(RerankException.Kind.MODEL, "model " + model + " gives " + numbers.length
                        + " numbers a pair: a cross-encoder gives one logit or two classes");
        };
        if (!Float.isFinite(logit)) {
            throw new RerankException(RerankException.Kind.MODEL, "model " + model + " gave a score that is no number");
        }
        return logit;
    }
}
