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
     * {@return a counter that needs no model and counts rather too many than too few} Each run of letters without
     * accents counts a token for every four begun, each run of digits one for every two begun, every other character
     * that is not blank counts one, and two where it lies outside of Unicode's first plane. On English that is a fifth
     * to a half more than a model's own tokenizer counts.
     */
    static TokenCounter approximate() {
        return ApproximateTokens::count;
    }
}
