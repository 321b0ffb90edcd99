package dev.rerank4j.examples.support;

import dev.rerank4j.TokenCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What somebody pasted, made short enough to be read by the model beside a ticket. A model has a window; a stack trace
 * of eighty lines fills it alone, and says little: what was said around it and the exceptions with their messages tell
 * nearly all.
 *
 * <p>Frames are left out: with them the model was less sure of the right ticket.
 *
 * @param text what to search for; not blank
 * @param leftOut how many lines are missing, wholly or in part
 */
record ErrorReport(String text, int leftOut) {

    private static final Pattern FRAME = Pattern
            .compile("\\s*(at [\\w.$/@<>-]+\\(.*|\\.\\.\\. \\d+ (more|common frames).*)");
    private static final int LONGEST_LINE = 300;
    private static final int END = 40;

    /**
     * Shortens a text.
     *
     * @param most how many tokens may stay
     * @throws IllegalArgumentException if there is nothing but blanks
     */
    static ErrorReport of(String pasted, TokenCounter counter, int most) {
        List<String> lines = pasted.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("describe an error, got nothing but blanks");
        }
        List<String> kept = new ArrayList<>(lines);
        kept.removeIf(line -> FRAME.matcher(line).matches());
        if (kept.isEmpty()) {
            kept.addAll(lines); // better than nothing
        }
        if (kept.size() > 2 * END) { // a log: what began it and what came of it
            kept.subList(END, kept.size() - END).clear();
        }
        kept.replaceAll(ErrorReport::cut);
        // From the middle, because it begins with what failed and ends with why.
        while (kept.size() > 1 && !fits(kept, counter, most)) {
            kept.remove(kept.size() / 2);
        }
        String text = String.join("\n", kept);
        while (counter.count(text) > most) {
            text = text.substring(0, text.length() * 3 / 4);
        }
        long whole = lines.stream().filter(kept::contains).count();
        return new ErrorReport(text, (int) (lines.size() - Math.min(whole, lines.size())));
    }

    private static boolean fits(List<String> lines, TokenCounter counter, int most) {
        return counter.count(String.join("\n", lines)) <= most;
    }

    private static String cut(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE);
    }
}
