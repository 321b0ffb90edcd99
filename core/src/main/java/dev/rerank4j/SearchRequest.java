package dev.rerank4j;

import java.time.Duration;
import java.util.Objects;

/**
 * One search.
 *
 * @param query what is looked for
 * @param unit whether hits are passages or documents
 * @param limit how many hits are wanted; at least 1
 * @param depth how many candidates are retrieved and reranked; at least {@code limit}. Deeper finds more and takes
 *        longer, in proportion.
 * @param timeout how long the caller waits; longer than zero
 */
public record SearchRequest(Query query, Unit unit, int limit, int depth, Duration timeout) {

    /** What a hit is. */
    public enum Unit {
        /** Passages; several of one document may stand in the result. */
        PASSAGE,
        /**
         * Documents: after reranking, the best passage stands for its document. There may be fewer hits than
         * {@code limit} where many candidates belong to few documents: raise {@code depth}.
         */
        DOCUMENT
    }

    /** How many hits {@link #of} asks for. */
    public static final int DEFAULT_LIMIT = 10;

    /** How many candidates {@link #of} has reranked. */
    public static final int DEFAULT_DEPTH = 50;

    /** How long {@link #of} waits. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code limit < 1}, {@code depth < limit} or {@code timeout <= 0}
     */
    public SearchRequest {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(unit, "unit");
        Checks.atLeastOne("limit", limit);
        if (depth < limit) {
            throw new IllegalArgumentException("depth must be >= limit (" + limit + "), got " + depth);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
        }
    }

    /**
     * {@return a request for the ten best passages of the best fifty candidates, within thirty seconds}
     *
     * @param query any characters, not blank
     * @throws IllegalArgumentException if {@code query} is blank
     */
    public static SearchRequest of(String query) {
        return new SearchRequest(Query.of(query), Unit.PASSAGE, DEFAULT_LIMIT, DEFAULT_DEPTH, DEFAULT_TIMEOUT);
    }
}
