package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What has to be known of a cross-encoder besides its weights. How query and text are put together is not said here: it
 * is asked of the tokenizer ({@link PairTemplate}).
 *
 * @param name the model's name; equal names mean equal scores
 * @param files where its files lie
 * @param modelFiles paths of the model's files, the one to use first; the others stand in if it is off
 * @param maxLength how many tokens a pair may have, special ones included
 * @param activation what a logit means
 * @param calibration what makes a probability of it, if it means one
 * @param input how it wants its tokens
 * @param head what makes the score of the vectors of the tokens; empty if the model's file does that itself
 * @param queryInstruction what the model was trained to see before a query; may be empty
 * @param sha256 by file name, the lower-case hexadecimal checksum; a file without one is not checked
 * @param golden known scores; empty if there are none to check against
 * @param languages two-letter codes of the languages that it was trained for; empty if unknown
 */
public record ModelSpec(String name, ModelFiles files, List<String> modelFiles, int maxLength, Activation activation,
        Calibration calibration, TokenInput input, Optional<Head> head, String queryInstruction,
        Map<String, String> sha256, List<GoldenScore> golden, Set<String> languages) {

    static final String FLOAT = "model.onnx";
    static final String INT8 = "model_int8.onnx";

    /** What a logit means. */
    public enum Activation {
        /** How probable it is that the text answers the query: the {@link Calibration} says how much. */
        SIGMOID,
        /** Logits order texts and say no more. */
        NONE
    }

    /**
     * Checks that there is a model file and a length, and copies the collections.
     *
     * @throws IllegalArgumentException if {@code maxLength < 1} or there is no model file
     */
    public ModelSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(files, "files");
        modelFiles = List.copyOf(modelFiles);
        if (modelFiles.isEmpty()) {
            throw new IllegalArgumentException("a model must have at least one model file");
        }
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength must be >= 1, got " + maxLength);
        }
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(calibration, "calibration");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(queryInstruction, "queryInstruction");
        sha256 = Map.copyOf(sha256);
        golden = List.copyOf(golden);
        languages = Set.copyOf(languages);
    }

    /**
     * Reads what lies beside a model, as Hugging Face's {@code transformers}, {@code sentence-transformers} or this
     * project's training write it:
     * <ul>
     * <li>{@code config.json}: positions, padding, classes, activation;
     * <li>{@code tokenizer.json}, and {@code tokenizer_config.json} if there is one: the longest input;
     * <li>{@code modules.json} and what it names, if there is one: the layers after the network;
     * <li>{@code golden.json}, if there is one: longest input, languages, checksums and known scores;
     * <li>{@code calibration.json}, if there is one: {@code slope} and {@code intercept}.
     * </ul>
     * The ONNX files may lie in the folder or in its folder {@code onnx}. Of those whose scores {@code golden.json} says,
     * int8 comes first. Without it, an int8 file comes first where this processor is known to compute it exactly and fast.
     *
     * @param name what to call the model; equal names mean equal scores
     * @param files where its files lie
     * @return what the files say; the model itself has not been read
     * @throws RerankException {@code UNAVAILABLE} if a file is missing, {@code MODEL} if one does not say what it must, or
     *         says that the model is no reranker
     */
    public static ModelSpec read(String name, ModelFiles files) {
        return ModelFolder.of(name, files).reranker();
    }

    /**
     * {@return the same model with other files}
     *
     * @param files names of the model's files, the one to use first
     * @throws IllegalArgumentException if there is none
     */
    public ModelSpec withModelFiles(List<String> files) {
        return new ModelSpec(name, this.files, files, maxLength, activation, calibration, input, head, queryInstruction,
                sha256, golden, languages);
    }

    /** What the logits mean; nothing if they only order. */
    float[] probabilities(float[] logits) {
        return switch (activation) {
            case NONE -> new float[0];
            case SIGMOID -> {
                float[] probabilities = new float[logits.length];
                for (int i = 0; i < logits.length; i++) {
                    probabilities[i] = (float) calibration.probability(logits[i]);
                }
                yield probabilities;
            }
        };
    }
}
