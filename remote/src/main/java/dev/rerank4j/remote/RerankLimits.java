package dev.rerank4j.remote;

/**
 * How much an API takes at once. What is more goes out in several calls, or is cut. Tokens are estimated, see
 * {@link RemoteScorer}.
 *
 * @param texts how many texts a call may have
 * @param pairTokens how many tokens of a query and a text together are read; what is over is cut from the text
 * @param callTokens how many tokens a call may have, the query counted once for each text
 */
public record RerankLimits(int texts, int pairTokens, int callTokens) {

    /** A limit that is none. */
    public static final int NONE = Integer.MAX_VALUE;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public RerankLimits {
        if (texts < 1) {
            throw new IllegalArgumentException("texts must be >= 1, got " + texts);
        }
        if (pairTokens < 1) {
            throw new IllegalArgumentException("pair tokens must be >= 1, got " + pairTokens);
        }
        if (callTokens < 1) {
            throw new IllegalArgumentException("call tokens must be >= 1, got " + callTokens);
        }
    }
}
