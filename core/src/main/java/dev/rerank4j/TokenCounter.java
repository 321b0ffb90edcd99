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

/** {@link TokenCounter#approximate}. */
final class ApproximateTokens {

    private enum Run {
        NONE, LETTERS, DIGITS
    }

    private ApproximateTokens() {
    }

    static int count(String text) {
        int tokens = 0;
        Run run = Run.NONE;
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            Run now = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
                    ? Run.LETTERS
                    : c >= '0' && c <= '9' ? Run.DIGITS : Run.NONE;
            length = now == run ? length + 1 : 1;
            run = now;
            boolean begins = switch (now) {
                case LETTERS -> length % 4 == 1;
                case DIGITS -> length % 2 == 1;
                case NONE -> !Character.isWhitespace(c); // of a surrogate pair both halves
            };
            tokens += begins ? 1 : 0;
        }
        return tokens;
    }
}
