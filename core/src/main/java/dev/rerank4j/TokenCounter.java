package dev.rerank4j;

/**
 * Counts the tokens of a text as a language model would: what budgets of prompts are given in. Safe for use by several
 * threads.
 */
@FunctionalInterface
public interface TokenCounter {

    /**
     * {@return how many tokens the text has, without those that a model puts around it; 0 of an empty text}
     *
     * @param text may be empty
     */
    int count(String text);

    /**
     * {@return a counter that needs no model and on most texts counts more than one, so that a budget holds} Each run
     * of letters without accents counts a token for every four begun, each run of digits one for every two begun, each
     * run of line breaks one; every other character that is not blank counts one, and three where it lies outside of
     * Unicode's first plane. Against the vocabularies of GPT-4 and GPT-4o (cl100k, o200k) that is a third more on
     * English prose, a tenth to a half on documentation, tables and code, a quarter to a half on German; on Chinese a
     * tenth less for the older of the two and a quarter more for the newer.
     */
    static TokenCounter approximate() {
        return ApproximateTokens::count;
    }
}
