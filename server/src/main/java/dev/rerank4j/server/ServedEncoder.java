package dev.rerank4j.server;

import dev.rerank4j.Encoder;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * An encoder that is served.
 *
 * @param encoder makes the vectors; its name is what clients call it; whoever made it closes it
 * @param maxTokens how many tokens of a text it reads
 * @param tokens counts the tokens of a text, for the bill; called by several threads
 */
public record ServedEncoder(Encoder encoder, int maxTokens, ToIntFunction<String> tokens) {

    /** Holds the components as they are. */
    public ServedEncoder {
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(tokens, "tokens");
    }
}
