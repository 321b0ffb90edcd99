package dev.rerank4j.eval;

/** How wide texts are, about: a picture is drawn before anybody knows the reader's font. */
final class SvgText {

    /** Of all text in plots, in the plot's own units. */
    static final double SIZE = 12.5;

    /** From one line of text to the next. */
    static final double LINE = 16;

    private SvgText() {
    }

    /** Rather more than it will be. */
    static double width(String text) {
        return text.codePoints().mapToDouble(SvgText::share).sum() * SIZE;
    }

    /** The text, cut with an ellipsis where it is wider than the room for it. */
    static String fit(String text, double room) {
        String line = HtmlText.line(text);
        if (width(line) <= room) {
            return line;
        }
        double left = room - width("…");
        int end = 0;
        while (end < line.length()) {
            int point = line.codePointAt(end);
            left -= share(point) * SIZE;
            if (left < 0) {
                break;
            }
            end += Character.charCount(point);
        }
        return line.substring(0, end).stripTrailing() + "…";
    }

    private static double share(int point) {
        if (point >= 0x1100 && point != '…' && (point < 0x2000 || point > 0x22FF)) {
            return 1.05;
        }
        if ("ijlft.,:;|!'()[] ".indexOf(point) >= 0) {
            return 0.36;
        }
        return "mwMW@%…".indexOf(point) >= 0 ? 0.95 : Character.isUpperCase(point) ? 0.72 : 0.6;
    }
}
