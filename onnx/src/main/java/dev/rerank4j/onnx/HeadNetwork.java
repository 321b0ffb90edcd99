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
            int size = (int) shape[2];
            float[] tokens = new float[length * size];
            output.get((int) (row * shape[1]) * size, tokens);
            vector = pool(tokens, size, length, head.instructionPooled() ? 0 : instruction);
            for (Layer layer : layers) {
                vector = layer.apply(vector);
            }
        }
        OptionalInt kept = head.dimensions();
        return kept.isPresent() && kept.getAsInt() < vector.length
                ? Arrays.copyOf(vector, kept.getAsInt())
                : vector;
    }

    /** @param tokens a vector of {@code size} numbers for each of {@code length} tokens */
    private float[] pool(float[] tokens, int size, int length, int from) {
        float[] joined = new float[size * head.pooling().size()];
        int start = 0;
        for (Pooling pooling : head.pooling()) {
            System.arraycopy(pool(pooling, tokens, size, length, from), 0, joined, start, size);
            start += size;
        }
        return joined;
    }

    private static float[] pool(Pooling pooling, float[] tokens, int size, int length, int from) {
        return switch (pooling) {
            case CLS -> token(tokens, size, Math.min(from, length - 1));
            case LAST -> token(tokens, size, length - 1);
            case MAX -> largest(tokens, size, length, from);
            case MEAN, MEAN_SQRT_LENGTH, WEIGHTED_MEAN -> mean(pooling, tokens, size, length, from);
        };
    }

    private static float[] token(float[] tokens, int size, int token) {
        return Arrays.copyOfRange(tokens, token * size, (token + 1) * size);
    }

    private static float[] largest(float[] tokens, int size, int length, int from) {
        float[] largest = new float[size];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (int token = from; token < length; token++) {
            for (int i = 0; i < size; i++) {
                largest[i] = Math.max(largest[i], tokens[token * size + i]);
            }
        }
        return largest;
    }

    private static float[] mean(Pooling pooling, float[] tokens, int size, int length, int from) {
        double[] sum = new double[size];
        double weights = 0;
        for (int token = from; token < length; token++) {
            double weight = pooling == Pooling.WEIGHTED_MEAN ? token + 1.0 : 1.0;
            weights += weight;
            for (int i = 0; i < size; i++) {
                sum[i] += weight * tokens[token * size + i];
            }
        }
        double divisor = Math.max(pooling == Pooling.MEAN_SQRT_LENGTH ? Math.sqrt(weights) : weights, 1e-9);
        float[] mean = new float[size];
        for (int i = 0; i < size; i++) {
            mean[i] = (float) (sum[i] / divisor);
        }
        return mean;
    }
}
