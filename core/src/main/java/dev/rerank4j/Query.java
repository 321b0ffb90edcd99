package dev.rerank4j;

import java.util.Objects;

/**
 * What somebody looks for. The text is plain text in every stage, never query syntax.
 *
 * @param text the question, keywords or claim; any characters, not blank
 * @param filter what a hit's metadata must satisfy; {@link Filter#NONE} for everything
 */
public record Query(String text, Filter filter) {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public Query {
        if (text.isBlank()) {
            throw new IllegalArgumentException("query must not be blank");
        }
        Objects.requireNonNull(filter, "filter");
    }

    /**
     * {@return a query without filter}
     *
     * @param text any characters, not blank
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public static Query of(String text) {
        return new Query(text, Filter.NONE);
    }
}
