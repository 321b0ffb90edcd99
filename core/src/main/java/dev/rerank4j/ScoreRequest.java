package dev.rerank4j;

import java.util.List;
import java.util.Objects;

/**
 * Pairs of one query with each of some texts.
 *
 * @param query may be empty
 * @param texts may be empty, may hold empty and equal texts; copied
 * @param maxTokens how many tokens a pair may have, special ones included; what is over is cut from the text, never
 *        from the query. The model's own limit counts if it is lower.
 * @param cut which end of a text that is too long is cut off
 * @param deadline when nobody waits any more
 */
public record ScoreRequest(String query, List<String> texts, int maxTokens, Side cut, Deadline deadline) {

    /** An end of a text. */
    public enum Side {
        /** Its first tokens. */
        START,
        /** Its last tokens. */
        END
    }

    /**
     * Checks the limit and copies the texts.
     *
     * @throws IllegalArgumentException if {@code maxTokens < 1}
     */
    public ScoreRequest {
        Objects.requireNonNull(query, "query");
        texts = List.copyOf(texts);
        Checks.atLeastOne("maxTokens", maxTokens);
        Objects.requireNonNull(cut, "cut");
        Objects.requireNonNull(deadline, "deadline");
    }

    /**
     * {@return a request with the model's own limit, cut at the end, without deadline}
     *
     * @param query may be empty
     * @param texts may be empty, may hold empty and equal texts; copied
     */
    public static ScoreRequest of(String query, List<String> texts) {
        return of(query, texts, Deadline.none());
    }

    /**
     * {@return a request with the model's own limit, cut at the end}
     *
     * @param query may be empty
     * @param texts may be empty, may hold empty and equal texts; copied
     * @param deadline when nobody waits any more
     */
    public static ScoreRequest of(String query, List<String> texts, Deadline deadline) {
        return new ScoreRequest(query, texts, Integer.MAX_VALUE, Side.END, deadline);
    }
}
