package dev.rerank4j;

/** {@link TokenCounter#approximate}. */
final class ApproximateTokens {

    private enum Kind {
        BLANK, LINE_BREAK, LETTER, DIGIT, OTHER, BEYOND
    }

    private ApproximateTokens() {
    }

    static int count(String text) {
        int tokens = 0;
        Kind last = Kind.BLANK;
        int length = 0; // of the run of this kind
        for (int i = 0; i < text.length(); i++) {
            Kind kind = kind(text.charAt(i));
            length = kind == last ? length + 1 : 1;
            last = kind;
            tokens += switch (kind) {
                case BLANK -> 0;
                case LINE_BREAK -> length == 1 ? 1 : 0;
                case LETTER -> length % 4 == 1 ? 1 : 0;
                case DIGIT -> length % 2;
                case OTHER -> 1;
                case BEYOND -> 1 + length % 2; // two halves, three tokens
            };
        }
        return tokens;
    }

    private static Kind kind(char c) {
        if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
            return Kind.LETTER;
        }
        if (c >= '0' && c <= '9') {
            return Kind.DIGIT;
        }
        if (c == '\n' || c == '\r') {
            return Kind.LINE_BREAK;
        }
        if (Character.isSurrogate(c)) {
            return Kind.BEYOND;
        }
        return Character.isWhitespace(c) ? Kind.BLANK : Kind.OTHER;
    }
}
