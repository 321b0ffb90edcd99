package dev.rerank4j.cli;

import dev.rerank4j.cli.TextLayout.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The few lines of a passage that show best why it was found.
 *
 * @param text one line of printable text, ellipses included
 * @param lines how it is broken
 * @param marks where words of the query stand in it, ascending
 */
record Snippet(String text, List<Span> lines, List<Span> marks) {

    private static final String CUT_BEFORE = "… ";
    private static final String CUT_AFTER = " …";

    /** More than how often and how soon words are shown, less than another line. */
    private static final int GOOD_START = 200;

    /** Finds where words of a query stand in a text: ascending, disjoint [start, end) pairs. */
    @FunctionalInterface
    interface Words {
        List<int[]> in(String text);
    }

    /**
     * The stretch with the most different words of the query, if possible from the start of the passage or a sentence.
     */
    static Snippet of(String passage, Words words, int columns, int maxLines) {
        String text = TextLayout.printable(passage);
        List<Span> marks = words.in(text).stream().map(pair -> new Span(pair[0], pair[1])).toList();
        Set<Integer> sentences = sentences(text);
        Set<Integer> starts = new TreeSet<>(sentences);
        for (Span mark : marks) {
            starts.add(wordBefore(text, mark.start() - columns / 2));
            starts.add(mark.start()); // where long words before it would leave it no room
        }
        Snippet best = from(0, text, marks, columns, maxLines);
        long most = best.value() + 2 * GOOD_START;
        for (int start : starts) {
            Snippet other = from(start, text, marks, columns, maxLines);
            long value = other.value() + (sentences.contains(start) ? GOOD_START : 0);
            if (value > most) {
                most = value;
                best = other;
            }
        }
        return best;
    }

    private static Snippet from(int start, String text, List<Span> marks, int columns, int maxLines) {
        String head = start == 0 ? "" : CUT_BEFORE;
        String shown = head + text.substring(start);
        List<Span> lines = TextLayout.lines(shown, columns);
        int end = shown.length();
        if (lines.size() > maxLines) {
            // The last line is broken again, so that the ellipsis does not make a line of its own.
            int last = lines.get(maxLines - 1).start();
            end = last + TextLayout.lines(shown.substring(last), columns - CUT_AFTER.length()).getFirst().end();
            shown = shown.substring(0, end) + CUT_AFTER;
            lines = new ArrayList<>(lines.subList(0, maxLines));
            lines.set(maxLines - 1, new Span(last, shown.length()));
        }
        List<Span> shifted = new ArrayList<>();
        for (Span mark : marks) {
            int to = mark.end() - start + head.length();
            if (mark.start() >= start && to <= end) {
                shifted.add(new Span(mark.start() - start + head.length(), to));
            }
        }
        return new Snippet(shown, lines, shifted);
    }

    /** How many different words are shown counts most, then that the lines are filled, then how often and how soon. */
    private long value() {
        Set<String> different = new HashSet<>();
        marks.forEach(mark -> different.add(text.substring(mark.start(), mark.end()).toLowerCase(Locale.ROOT)));
        int before = marks.isEmpty() ? 0 : marks.getFirst().start();
        return different.size() * 10_000L + lines.size() * 1000L + Math.min(marks.size(), 99) - Math.min(before, 99);
    }

    private static Set<Integer> sentences(String text) {
        Set<Integer> starts = new HashSet<>();
        for (int i = 2; i < text.length(); i++) {
            if (text.charAt(i - 1) == ' ' && ".!?".indexOf(text.charAt(i - 2)) >= 0) {
                starts.add(i);
            }
        }
        return starts;
    }

    private static int wordBefore(String text, int position) {
        return position <= 0 ? 0 : text.lastIndexOf(' ', position) + 1;
    }

    /** The lines with the query's words marked. */
    List<String> styled(boolean colours) {
        List<String> styled = new ArrayList<>();
        for (Span line : lines) {
            StringBuilder marked = new StringBuilder();
            int done = line.start();
            for (Span mark : marks) {
                int from = Math.max(mark.start(), done);
                int to = Math.min(mark.end(), line.end());
                if (from < to) {
                    marked.append(text, done, from).append(Style.MARKED.on(text.substring(from, to), colours));
                    done = to;
                }
            }
            styled.add(marked.append(text, done, line.end()).toString());
        }
        return styled;
    }
}
