package dev.rerank4j.cli;

import dev.rerank4j.onnx.ModelId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of an encoder of a hub, as indexes keep it: {@code acme/encoder@5c38ec7c405e/onnx/model}.
 *
 * @param repository {@code owner/name}
 * @param commit its beginning
 * @param stem of the file
 */
record EncoderName(String repository, String commit, String stem) {

    /** What the built-in encoder is called in indexes. */
    static final String BUILT_IN = "bge-small-en-v1.5-q";

    private static final Pattern NAME = Pattern.compile("([^@]+)@([0-9a-f]{7,40})/(.+)");
    private static final EncoderName NONE = new EncoderName("", "", "");

    private static EncoderName of(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches() && ModelId.isId(parts.group(1))
                ? new EncoderName(parts.group(1), parts.group(2), parts.group(3))
                : NONE;
    }

    /** How to get the encoder of an index where another one is loaded, for people; both by the names they go by. */
    static String option(String index, String loaded) {
        EncoderName wanted = of(index);
        EncoderName given = of(loaded);
        if (wanted.equals(NONE)) {
            return index.equals(BUILT_IN) ? "--encoder " + ModelName.BUILT_IN : "name that encoder with --encoder";
        }
        if (!wanted.repository.equals(given.repository)) {
            return "--encoder " + wanted.repository;
        }
        return "--encoder " + wanted.repository + (wanted.commit.equals(given.commit)
                ? ":" + wanted.stem + ".onnx"
                : "@" + wanted.commit);
    }
}
