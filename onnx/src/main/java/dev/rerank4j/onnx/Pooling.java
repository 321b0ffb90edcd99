package dev.rerank4j.onnx;

/** How the vectors of a text's tokens become one, as {@code sentence-transformers} defines it. Padding never counts. */
public enum Pooling {
    /** The first token's. */
    CLS("cls"),
    /** The largest number of each place. */
    MAX("max"),
    /** The mean. */
    MEAN("mean"),
    /** The sum, divided by the square root of how many tokens there are. */
    MEAN_SQRT_LENGTH("mean_sqrt_len_tokens"),
    /** The mean, where the first token counts once, the second twice and so on. */
    WEIGHTED_MEAN("weightedmean"),
    /** The last token's. */
    LAST("lasttoken");

    private final String word;

    Pooling(String word) {
        this.word = word;
    }

    /** What a configuration calls it. */
    String word() {
        return word;
    }
}
