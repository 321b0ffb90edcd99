package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** A {@link Head} with its numbers. Immutable. */
final class HeadNetwork {

    /** Turns a vector into one. */
    @FunctionalInterface
    interface Layer {
        float[] apply(float[] vector);
    }

    private final Head head;
    private final List<Layer> layers;

    private HeadNetwork(Head head, List<Layer> layers) {
        this.head = head;
        this.layers = layers;
    }

    /** @throws RerankException {@code UNAVAILABLE} if a layer's file is missing, {@code MODEL} if one is damaged */
    static HeadNetwork load(ModelFiles files, Head head) {
        List<Layer> layers = new ArrayList<>();
        for (Head.Layer layer : head.layers()) {
            layers.add(switch (layer.kind()) {
                case DENSE -> DenseLayer.load(files, layer.folder());
                case LAYER_NORM -> layerNorm(files, layer.folder());
                case NORMALIZE -> HeadNetwork::normalize;
            });
        }
        return new HeadNetwork(head, layers);
    }

    private static Layer layerNorm(ModelFiles files, String folder) {
        int size = JsonFile.read(files, folder + "config.json").integer("dimension").orElse(0);
        Safetensors weights = DenseLayer.weights(files, folder);
        float[] scale = weights.get("norm.weight", size);
        float[] shift = weights.get("norm.bias", size);
        return vector -> {
            DenseLayer.requireSize(folder, size, vector);
            double mean = 0;
            for (float value : vector) {
                mean += value;
            }
            mean /= size;
            double variance = 0;
            for (float value : vector) {
                variance += (value - mean) * (value - mean);
            }
            double root = Math.sqrt(variance / size + 1e-5); // PyTorch's constant
            float[] normed = new float[size];
            for (int i = 0; i < size; i++) {
                normed[i] = (float) ((vector[i] - mean) / root) * scale[i] + shift[i];
            }
            return normed;
        };
    }

    /** To length 1; a vector of nothing but zeros stays as it is. */
    private static float[] normalize(float[] vector) {
        double norm = 0;
        for (float value : vector) {
            norm += (double) value * value;
        }
        norm = Math.max(Math.sqrt(norm), 1e-12); // PyTorch's constant
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }

    boolean instructionPooled() {
        return head.instructionPooled();
    }

    /**
     * What the head makes of one row.
     *
     * @param output of the file
     * @param shape of the output: rows, tokens, numbers; or rows, numbers, where the file has done all of it
     * @param row which row
     * @param length how many of its tokens are no padding
     * @param instruction how many of them belong to the instruction; they count unless the head says otherwise
     */
    float[] apply(FloatBuffer output, long[] shape, int row, int length, int instruction) {
        float[] vector;
        if (shape.length == 2) {
            vector = new float[(int) shape[1]];
            output.get(row * vector.length, vector);
        } else {
            vector = pool(new Tokens(output, (int) shape[1], (int) shape[2], row), length,
                    head.instructionPooled() ? 0 : instruction);
            for (Layer layer : layers) {
                vector = layer.apply(vector);
            }
        }
        OptionalInt kept = head.dimensions();
        return kept.isPresent() && kept.getAsInt() < vector.length
                ? Arrays.copyOf(vector, kept.getAsInt())
                : vector;
    }

    /** The vectors of a row's tokens. */
    private record Tokens(FloatBuffer output, int width, int size, int row) {
        float get(int token, int place) {
            return output.get((row * width + token) * size + place);
        }
    }

    private float[] pool(Tokens tokens, int length, int from) {
        int size = tokens.size();
        float[] joined = new float[size * head.pooling().size()];
        int start = 0;
        for (Pooling pooling : head.pooling()) {
            for (int place = 0; place < size; place++) {
                joined[start + place] = pool(pooling, tokens, length, from, place);
            }
            start += size;
        }
        return joined;
    }

    private static float pool(Pooling pooling, Tokens tokens, int length, int from, int place) {
        double sum = 0;
        double weights = 0;
        switch (pooling) {
            case CLS :
                return tokens.get(Math.min(from, length - 1), place);
            case LAST :
                return tokens.get(length - 1, place);
            case MAX :
                float largest = Float.NEGATIVE_INFINITY;
                for (int token = from; token < length; token++) {
                    largest = Math.max(largest, tokens.get(token, place));
                }
                return largest;
            case MEAN, MEAN_SQRT_LENGTH :
                for (int token = from; token < length; token++) {
                    sum += tokens.get(token, place);
                }
                weights = Math.max(length - from, 1e-9);
                return (float) (sum / (pooling == Pooling.MEAN ? weights : Math.sqrt(weights)));
            case WEIGHTED_MEAN :
                for (int token = from; token < length; token++) {
                    sum += (token + 1.0) * tokens.get(token, place);
                    weights += token + 1.0;
                }
                return (float) (sum / Math.max(weights, 1e-9));
        }
        throw new AssertionError(pooling);
    }
}
