package dev.rerank4j.eval;

/** Makes any text fit for markup: texts come from files, and files hold anything. */
final class HtmlText {

    private static final char REPLACEMENT = '\uFFFD';

    private HtmlText() {
    }

    /**
     * The text without what XML forbids: lone surrogates become U+FFFD, so that every encoder takes the text; control
     * characters become spaces; noncharacters are left out.
     */
    static String clean(String text) {
        StringBuilder cleaned = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                cleaned.append(REPLACEMENT);
            } else if (Character.isISOControl(point)) {
                cleaned.append(point == '\n' ? '\n' : ' ');
            } else if ((point & 0xFFFE) != 0xFFFE) {
                cleaned.appendCodePoint(point);
            }
        });
        return cleaned.toString();
    }

    /** The cleaned text on one line, with single spaces. */
    static String line(String text) {
        return clean(text).replaceAll("[\\s\\u00A0\\u2028\\u2029]+", " ").strip();
    }

    /** The line, cut with an ellipsis where it has more characters than may be. */
    static String brief(String text, int most) {
        String line = line(text);
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most)).stripTrailing() + "…";
    }

    /** A name of a system or a query, as a sentence can hold it. */
    static String name(String name) {
        return brief(name, 60);
    }

    /** The text with lone surrogates replaced, and else as it is: what an encoder must not stumble over. */
    static String encodable(String text) {
        StringBuilder whole = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? REPLACEMENT
                        : point)
                .forEach(whole::appendCodePoint);
        return whole.toString();
    }
}
