package dev.rerank4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Fits text into columns of a terminal, where a Chinese character or an emoji takes two and an accent none. */
final class TextLayout {

    /** A stretch of a text: [start, end). */
    record Span(int start, int end) {
    }

    private TextLayout() {
    }

    /**
     * One line of harmless text: every run of white space becomes one blank, control and direction-changing characters
     * vanish, so that a document cannot move the cursor of the person who reads it.
     */
    static String printable(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c) || c == '\u00a0' || Character.isISOControl(c)) {
                blank = true;
            } else if (!changesDirection(c)) {
                if (blank && !line.isEmpty()) {
                    line.append(' ');
                }
                blank = false;
                line.append(c);
            }
        }
        return line.toString();
    }

    /** The same lines without control and direction-changing characters. */
    static String harmless(String text) {
        StringBuilder lines = new StringBuilder(text.length());
        text.chars().filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) && !changesDirection((char) c))
                .forEach(c -> lines.append((char) c));
        return lines.toString();
    }

    private static boolean changesDirection(char c) {
        return c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
    }

    /** How many columns the text takes. */
    static int columns(CharSequence text) {
        return text.codePoints().map(TextLayout::columns).sum();
    }

    private static int columns(int codePoint) {
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }

    /** The text, or as much of it as fits with an ellipsis at its end. */
    static String fit(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        return text.substring(0, within(text, 0, columns - 1)).stripTrailing() + "…";
    }

    /** The text and blanks up to a number of columns. */
    static String pad(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - columns(text)));
    }

    /** Blanks up to a number of columns and the text. */
    static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - columns(text))) + text;
    }

    /**
     * Breaks a {@link #printable} text at blanks; within a word only where the word alone is wider than a line.
     *
     * @return lines without the blanks they were broken at; none for an empty text
     */
    static List<Span> lines(String text, int columns) {
        List<Span> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = within(text, start, columns);
            if (end < text.length() && text.charAt(end) != ' ') {
                int blank = text.lastIndexOf(' ', end - 1);
                if (blank > start) {
                    end = blank;
                }
            }
            lines.add(new Span(start, end));
            start = end < text.length() && text.charAt(end) == ' ' ? end + 1 : end;
        }
        return lines;
    }

    /** The end of the longest stretch from {@code start} that fits, at least one character long. */
    private static int within(String text, int start, int columns) {
        int used = 0;
        int i = start;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            used += columns(codePoint);
            if (used > columns && i > start) {
                break;
            }
            i += Character.charCount(codePoint);
        }
        return i;
    }
}
