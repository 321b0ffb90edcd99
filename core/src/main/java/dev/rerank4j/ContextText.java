package dev.rerank4j;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What is done to texts on their way into a prompt. */
final class ContextText {

    /** What begins a line for a reader: also form feeds, as between the pages of a PDF. */
    private static final String LINE = "(?:^|(?<=[\\f\\u000B\\u001C-\\u001E]))";
    /** What a reader passes over at its beginning: blanks, invisible characters, marks of quotations, lists, headings. */
    private static final String FRONT = "[\\h\\p{Cf}\\u0000-\\u0008\\u000E-\\u001B\\u001F\\\\>#*_~`\"'|+-]*+";
    private static final Pattern FORGED = Pattern.compile(
            LINE + "(" + FRONT + ")[\\[\\uFF3B\\u3010](\\h*+\\p{Nd}++\\h*+)[\\]\\uFF3D\\u3011]", Pattern.MULTILINE);
    private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cc}\\u2028\\u2029]+");
    private static final int LONGEST_HEADER = 200;

    private ContextText() {
    }

    /**
     * A line of the text that begins like a citation would be taken for one: its brackets become round ones. No
     * character moves.
     */
    static String defused(String text) {
        return FORGED.matcher(text).replaceAll("$1($2)");
    }

    /** A line of a few words, whatever people named their documents. */
    static String header(String mark, String name, String place) {
        String line = mark + (name.isEmpty() ? "" : " " + defused(oneLine(name)))
                + (place.isEmpty() ? "" : " (" + oneLine(place) + ")");
        return line.length() <= LONGEST_HEADER ? line : line.substring(0, whole(line, LONGEST_HEADER - 1)) + "…";
    }

    private static String oneLine(String text) {
        return BREAKS.matcher(text).replaceAll(" ").strip();
    }

    /** The index, or the one before it where a surrogate pair would be cut. */
    private static int whole(String text, int index) {
        return Character.isHighSurrogate(text.charAt(index - 1)) ? index - 1 : index;
    }

    /**
     * The longest beginning that fits, up to the end of a sentence; of a word if that is more than twice as much; of a
     * character if not even a word fits. Empty if nothing does.
     */
    static String beginning(String text, Predicate<String> fits) {
        String words = longest(text, BreakIterator.getWordInstance(Locale.ROOT), fits);
        if (words.isEmpty()) {
            return longest(text, BreakIterator.getCharacterInstance(Locale.ROOT), fits);
        }
        String sentences = longest(text, BreakIterator.getSentenceInstance(Locale.ROOT), fits);
        return sentences.length() * 2 >= words.length() ? sentences : words;
    }

    private static String longest(String text, BreakIterator breaks, Predicate<String> fits) {
        List<Integer> ends = new ArrayList<>();
        breaks.setText(text);
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            ends.add(end);
        }
        int low = 0; // so many breaks fit for certain
        int high = ends.size();
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (fits.test(text.substring(0, ends.get(middle - 1)).stripTrailing())) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low == 0 ? "" : text.substring(0, ends.get(low - 1)).stripTrailing();
    }
}
