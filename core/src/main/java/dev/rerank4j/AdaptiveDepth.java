package dev.rerank4j;

import java.util.Objects;

/**
 * When {@link Reranker#adaptive} may stop reading candidates: as soon as the best of the unread would have to be rated
 * {@code margin} standard deviations above the average of those read to come among the best {@code head}.
 *
 * @param first how many candidates are read in any case, if there are so many; at least 2, as spread cannot be told
 *        from one
 * @param block how many are read between two looks; at least 1
 * @param margin in standard deviations of the model's scores; infinite to read all
 * @param head how many of the best must be settled; at least 1
 * @param unit whether {@code head} counts passages or documents
 */
public record AdaptiveDepth(int first, int block, double margin, int head, SearchRequest.Unit unit) {

    /**
     * The best ten passages, 16 candidates at least, eight at a time, half a standard deviation. Measured in {@code
     * docs/quality.md}: the same order at the top for less than half of the pairs.
     */
    public static final AdaptiveDepth DEFAULT = new AdaptiveDepth(16, 8, 0.5, 10, SearchRequest.Unit.PASSAGE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code first < 2}, {@code block < 1}, {@code head < 1}, or {@code margin} is
     *         NaN
     */
    public AdaptiveDepth {
        if (first < 2) {
            throw new IllegalArgumentException("first must be >= 2, got " + first);
        }
        Checks.atLeastOne("block", block);
        Checks.atLeastOne("head", head);
        if (Double.isNaN(margin)) {
            throw new IllegalArgumentException("margin must be a number, got NaN");
        }
        Objects.requireNonNull(unit, "unit");
    }

    /**
     * {@return the same with other units at the top}
     *
     * @param head how many of the best must be settled; at least 1
     * @param unit whether {@code head} counts passages or documents
     * @throws IllegalArgumentException if {@code head < 1}
     */
    public AdaptiveDepth settling(int head, SearchRequest.Unit unit) {
        return new AdaptiveDepth(first, block, margin, head, unit);
    }
}
