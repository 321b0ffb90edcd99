package dev.rerank4j.onnx;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be known of a sentence encoder besides its weights.
 *
 * @param name the model's name; equal names mean equal vectors
 * @param files where its files lie
 * @param modelFile name of the model's file
 * @param tokenizerFile name of the tokenizer's file
 * @param maxLength how many tokens a text may have, special ones included; the rest is cut off
 * @param pooling how the tokens' vectors become the text's
 * @param queryInstruction what the model was trained to see before a query; may be empty
 * @param sha256 the model file's checksum, lower-case hexadecimal; empty if unknown
 * @param languages two-letter codes of the languages that it was trained for; empty if unknown
 */
public record EncoderSpec(String name, ModelFiles files, String modelFile, String tokenizerFile, int maxLength,
        Pooling pooling, String queryInstruction, Optional<String> sha256, Set<String> languages) {

    /** How the vectors of a text's tokens become one. */
    public enum Pooling {
        /** The first token's. */
        CLS,
        /** The mean over all tokens. */
        MEAN
    }

    /**
     * Checks the length and copies the languages.
     *
     * @throws IllegalArgumentException if {@code maxLength < 1}
     */
    public EncoderSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(modelFile, "modelFile");
        Objects.requireNonNull(tokenizerFile, "tokenizerFile");
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be >= 1, got " + maxLength);
        }
        Objects.requireNonNull(pooling, "pooling");
        Objects.requireNonNull(queryInstruction, "queryInstruction");
        Objects.requireNonNull(sha256, "sha256");
        languages = Set.copyOf(languages);
    }
}
