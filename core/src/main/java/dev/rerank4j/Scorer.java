package dev.rerank4j;

/**
 * A model that scores query–text pairs. Pointwise: the score of a pair does not depend on the other texts of the
 * request. Safe for use by several threads.
 */
public interface Scorer extends AutoCloseable {

    /** {@return the model's name; equal names mean equal scores, so that scores can be cached under it} */
    String name();

    /**
     * Scores every text of the request against its query.
     *
     * @param request the query, the texts, and what may be read of them
     * @return in the order of the texts, of the same number
     * @throws RerankException {@code INVALID_REQUEST} if the query alone fills the model's window or {@code maxTokens};
     *         {@code OVERLOADED} if too much is waiting; {@code TIMEOUT} at the deadline; {@code MODEL} if the model
     *         gives NaN. In each case nothing of the request is left running and the scorer remains usable.
     * @throws IllegalStateException if closed
     */
    Scores score(ScoreRequest request);

    /** Frees the model. Requests that run are finished or fail with {@code UNAVAILABLE}; a second call does nothing. */
    @Override
    void close();
}
