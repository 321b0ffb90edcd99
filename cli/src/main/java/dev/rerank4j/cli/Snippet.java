package dev.rerank4j.cli;

import dev.rerank4j.cli.TextLayout.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The few lines of a passage that show best why it was found.
 *
 * @param text one line of printable text, ellipses included
 * @param lines how it is broken
 * @param marks where words of the query stand in it, ascending
 */
record Snippet(String text, List<Span> lines, List<Span> marks) {

    private static final String ELLIPSIS = "…";

    /** Finds where words of a query stand in a text: ascending, disjoint [start, end) pairs. */
    @FunctionalInterface
    interface Words {
        List<int[]> in(String text);
    }

    /** The stretch with the most different words of the query, or the beginning if there is none of them. */
    static Snippet of(String passage, Words words, int columns, int maxLines) {
        String text = TextLayout.printable(passage);
        List<Span> marks = new ArrayList<>();
        for (int[] pair : words.in(text)) {
            marks.add(new Span(pair[0], pair[1]));
        }
        List<Span> whole = TextLayout.lines(text, columns);
        if (whole.size() <= maxLines) {
            return new Snippet(text, whole, marks);
        }
        int start = start(text, marks, length(text, columns * maxLines));
        String head = start == 0 ? "" : ELLIPSIS + " ";
        String rest = head + text.substring(start);
        List<Span> lines = TextLayout.lines(rest, columns);
        if (lines.size() > maxLines) {
            // Broken again with room for the second ellipsis, which must not make a line of its own.
            lines = TextLayout.lines(rest, columns - 2).subList(0, maxLines);
            rest = rest.substring(0, lines.getLast().end()) + " " + ELLIPSIS;
            List<Span> ended = new ArrayList<>(lines.subList(0, maxLines - 1));
            ended.add(new Span(lines.getLast().start(), rest.length()));
            lines = ended;
        }
        return new Snippet(rest, lines, shift(marks, start, head.length(), rest.length()));
    }

    /** About how many characters of the text fill so many columns. */
    private static int length(String text, int columns) {
        return (int) ((long) columns * text.length() / Math.max(1, TextLayout.columns(text)));
    }

    private static int start(String text, List<Span> marks, int length) {
        int best = 0;
        int most = 0;
        for (int i = 0; i < marks.size(); i++) {
            int from = marks.get(i).start();
            // A little shorter than the lines: the window starts before its first word, and lines end in blanks.
            int end = from + length * 3 / 4;
            Set<String> different = new HashSet<>();
            int all = 0;
            for (int j = i; j < marks.size() && marks.get(j).end() <= end; j++) {
                different.add(text.substring(marks.get(j).start(), marks.get(j).end()).toLowerCase(Locale.ROOT));
                all++;
            }
            int value = different.size() * 100 + Math.min(all, 99);
            if (value > most) {
                most = value;
                best = from;
            }
        }
        return before(text, best, length / 6, length);
    }

    /** The start of the sentence if it is near, otherwise of a word a little before. */
    private static int before(String text, int position, int near, int length) {
        if (position <= near) {
            return 0;
        }
        // Not so late that the last lines would be empty.
        int latest = Math.max(0, Math.min(position, text.length() - length * 7 / 8));
        for (int i = latest; i > Math.max(1, latest - near); i--) {
            if (text.charAt(i - 1) == ' ' && ".!?:;".indexOf(text.charAt(i - 2)) >= 0) {
                return i;
            }
        }
        int blank = text.indexOf(' ', Math.max(0, latest - near / 2));
        return blank >= 0 && blank < latest ? blank + 1 : latest;
    }

    private static List<Span> shift(List<Span> marks, int start, int added, int end) {
        List<Span> shifted = new ArrayList<>();
        for (Span mark : marks) {
            int from = mark.start() - start + added;
            int to = Math.min(mark.end() - start + added, end - ELLIPSIS.length() - 1);
            if (mark.start() >= start && from < to) {
                shifted.add(new Span(from, to));
            }
        }
        return shifted;
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
