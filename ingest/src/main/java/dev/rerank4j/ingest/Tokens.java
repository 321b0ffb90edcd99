package dev.rerank4j.ingest;

/** Where a model's tokens stand in a text. */
@FunctionalInterface
public interface Tokens {

    /** Index of each token's first character (UTF-16 unit), ascending; the length is the number of tokens. */
    int[] starts(String text);
}
