package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
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
 * @param head what makes the text's vector of the vectors of its tokens; it is then brought to length 1
 * @param queryInstruction what the model was trained to see before a query; may be empty
 * @param textInstruction what the model was trained to see before a text; may be empty
 * @param input how it wants its tokens
 * @param sha256 the model file's checksum, lower-case hexadecimal; empty if unknown
 * @param languages two-letter codes of the languages that it was trained for; empty if unknown
 */
public record EncoderSpec(String name, ModelFiles files, String modelFile, String tokenizerFile, int maxLength,
        Head head, String queryInstruction, String textInstruction, TokenInput input, Optional<String> sha256,
        Set<String> languages) {

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
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(queryInstruction, "queryInstruction");
        Objects.requireNonNull(textInstruction, "textInstruction");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(sha256, "sha256");
        languages = Set.copyOf(languages);
    }

    /**
     * Reads what lies beside an encoder, as {@code sentence-transformers} or Hugging Face's {@code transformers} write it:
     * <ul>
     * <li>{@code config.json}, {@code tokenizer.json}, and {@code tokenizer_config.json} and {@code
     * sentence_bert_config.json} if they are there: positions, padding, the longest input;
     * <li>{@code modules.json} and the folders it names: pooling and layers. Without it, the mean over the tokens is
     * taken;
     * <li>{@code config_sentence_transformers.json}, if there is one: the prompts {@code query}, and {@code document},
     * {@code passage} or {@code corpus}.
     * </ul>
     * The ONNX file is the one that suits this processor; it may lie in the folder {@code onnx}.
     *
     * @param name what to call the model; the file's name is put behind it
     * @param files where its files lie
     * @return what the files say; the model itself has not been read
     * @throws RerankException {@code UNAVAILABLE} if a file is missing, {@code MODEL} if one does not say what it must, or
     *         says that the model is no encoder
     */
    public static EncoderSpec read(String name, ModelFiles files) {
        return ModelFolder.of(name, files).encoder();
    }
}
