package dev.rerank4j;

import java.util.Objects;

/**
 * How a {@link Context} is made.
 *
 * @param tokens the most tokens the block may have; at least 1
 * @param counter what they are counted with
 * @param order in which order passages stand in the block
 * @param nearDuplicate from which resemblance on a passage is left out because a better one says the same, above 0 to
 *     1; 1 leaves out equal ones alone. The resemblance of two passages is that of Broder, "On the resemblance and
 *     containment of documents", 1997: how many different runs of three words they share, of all that either has.
 *     Words are runs of letters and digits in title, headings and text, case does not count; fewer than three are one
 *     run. A passage with a number in it that the better one has not, or without one that it has, is never left out:
 *     15 mg and 50 mg are not the same
 */
public record ContextOptions(int tokens, TokenCounter counter, Order order, double nearDuplicate) {

    /** An order of the passages in a block. */
    public enum Order {
        /** As in the ranking. */
        BEST_FIRST,
        /** By document, that with the best passage first, and within a document as it goes. */
        DOCUMENT,
        /**
         * The best at the beginning and the second best at the end, the worst in the middle, which language models read
         * least (Liu et al., "Lost in the Middle: How Language Models Use Long Contexts", TACL 2024): for long prompts.
         */
        ENDS
    }

    /**
     * 2,000 tokens by {@link TokenCounter#approximate}, best first, near-duplicates from a resemblance of 0.9 on. Two
     * texts of 50 words that differ in one word resemble each other by 0.88, of 100 words by 0.94: where one word
     * decides, as among the clauses of contracts, take 1.
     */
    public static final ContextOptions DEFAULT = new ContextOptions(2_000, TokenCounter.approximate(),
            Order.BEST_FIRST, 0.9);

    /**
     * Makes options.
     *
     * @throws IllegalArgumentException if {@code tokens < 1} or {@code nearDuplicate} is not above 0 and at most 1
     */
    public ContextOptions {
        Checks.atLeastOne("tokens", tokens);
        Objects.requireNonNull(counter, "counter");
        Objects.requireNonNull(order, "order");
        if (!(nearDuplicate > 0 && nearDuplicate <= 1)) {
            throw new IllegalArgumentException("nearDuplicate must be > 0 and <= 1, got " + nearDuplicate);
        }
    }

    /**
     * {@return the same with another budget}
     *
     * @param tokens at least 1
     * @param counter what they are counted with
     * @throws IllegalArgumentException if {@code tokens < 1}
     */
    public ContextOptions within(int tokens, TokenCounter counter) {
        return new ContextOptions(tokens, counter, order, nearDuplicate);
    }

    /**
     * {@return the same in another order}
     *
     * @param order of the passages in the block
     */
    public ContextOptions in(Order order) {
        return new ContextOptions(tokens, counter, order, nearDuplicate);
    }

    /**
     * {@return the same with another threshold}
     *
     * @param resemblance above 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public ContextOptions nearDuplicatesFrom(double resemblance) {
        return new ContextOptions(tokens, counter, order, resemblance);
    }
}
