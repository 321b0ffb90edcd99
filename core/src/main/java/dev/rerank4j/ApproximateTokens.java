package dev.rerank4j;

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
