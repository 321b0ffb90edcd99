package dev.rerank4j.ingest;

/** What a reader sees nothing of: white space of any kind, and control characters such as NUL. */
final class Blanks {

    private Blanks() {
    }

    static boolean isBlank(char c) {
        return c == ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c);
    }

    static boolean isBlank(CharSequence text, int start, int end) {
        return skip(text, start, end) == end;
    }

    /** Index of the first character from {@code start} on that is not blank; {@code end} if there is none. */
    static int skip(CharSequence text, int start, int end) {
        int index = start;
        while (index < end && isBlank(text.charAt(index))) {
            index++;
        }
        return index;
    }

    /** Index after the last character before {@code end} that is not blank; {@code start} if there is none. */
    static int skipBack(CharSequence text, int start, int end) {
        int index = end;
        while (index > start && isBlank(text.charAt(index - 1))) {
            index--;
        }
        return index;
    }
}
