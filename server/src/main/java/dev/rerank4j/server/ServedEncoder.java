package dev.rerank4j.server;

import dev.rerank4j.Encoder;
import java.util.Objects;
import java.util.function.ToIntFunction;

/**
 * An encoder that is served.
 *
 * @param name what clients call it, and what answers name
 * @param encoder makes the vectors; whoever made it closes it
 * @param maxTokens how many tokens of a text it reads
 * @param tokens counts the tokens of a text, for the bill; called by several threads
 */
public record ServedEncoder(String name, Encoder encoder, int maxTokens, ToIntFunction<String> tokens) {

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public ServedEncoder {
        if (name.isBlank()) {
            throw new IllegalArgumentException("an encoder must have a name");
        }
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(tokens, "tokens");
    }
}
