package dev.rerank4j.onnx;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What follows the network of an ONNX file that gives a vector for each token: they are pooled into one, and layers turn
 * that into the text's vector or the pair's score.
 *
 * @param pooling how the tokens' vectors become one; if several, the results are joined in this order; if none, the file
 *        gives one vector a text by itself
 * @param instructionPooled whether the tokens of an instruction count as those of the text do
 * @param layers in order; may be empty
 * @param dimensions how many of the resulting numbers are kept, the first ones; all if empty
 */
public record Head(List<Pooling> pooling, boolean instructionPooled, List<Layer> layers, OptionalInt dimensions) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if {@code dimensions} is there and below 1
     */
    public Head {
        if (dimensions.isPresent() && dimensions.getAsInt() < 1) {
            throw new IllegalArgumentException("dimensions must be >= 1, got " + dimensions.getAsInt());
        }
        pooling = List.copyOf(pooling);
        layers = List.copyOf(layers);
    }

    /**
     * {@return a head that pools and does nothing else}
     *
     * @param pooling how
     */
    public static Head of(Pooling pooling) {
        return new Head(List.of(pooling), true, List.of(), OptionalInt.empty());
    }

    /** What a layer does. */
    public enum Kind {
        /** Multiplies by a matrix, adds a vector, applies a function. */
        DENSE,
        /** Brings the numbers to mean 0 and variance 1, then scales and shifts each. */
        LAYER_NORM,
        /** Divides by the length. */
        NORMALIZE
    }

    /**
     * A layer.
     *
     * @param kind what it does
     * @param folder of its {@code config.json} and {@code model.safetensors}, below the model's; may be missing for {@link
     *        Kind#NORMALIZE}
     */
    public record Layer(Kind kind, String folder) {

        /** Holds the components as they are. */
        public Layer {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(folder, "folder");
        }
    }
}
