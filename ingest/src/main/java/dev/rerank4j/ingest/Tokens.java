package dev.rerank4j.ingest;

/**
 * Where a model's tokens stand in a text: what chunkers count with. Usually the tokenizer of the reranker or of the
 * encoder, without its special tokens. Must be safe for use by several threads if the chunker built on it is.
 */
@FunctionalInterface
public interface Tokens {

    /**
     * {@return index of each token's first character (UTF-16 unit), ascending; the length is the number of tokens}
     * Several tokens may start at one character, as the bytes of an emoji do in some vocabularies. Empty for a text
     * without tokens.
     *
     * <p>The text may hold anything, lone surrogates and NUL included, and is at most about 64,000 characters long or a
     * {@linkplain dev.rerank4j.Passage#content() passage's content}.
     *
     * @param text to be tokenized without special tokens
     */
    int[] starts(String text);
}
