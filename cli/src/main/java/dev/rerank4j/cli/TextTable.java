package dev.rerank4j.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows under a head, in columns as wide as their widest cell. Where a line is full, the last column is broken at blanks,
 * and then the first one gets narrower: its cells that do not fit stand in a line of their own, whole, to be copied.
 */
final class TextTable {

    private static final String GAP = "  ";

    /** What the last column keeps. */
    private static final int LEAST_COLUMNS = 20;

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> numbers = new HashSet<>();

    TextTable(String... head) {
        this.head = List.of(head);
    }

    /** Columns whose cells stand at the right. */
    TextTable numbers(Integer... columns) {
        numbers.addAll(Arrays.asList(columns));
        return this;
    }

    /** A row: as many cells as the head has. */
    TextTable row(String... cells) {
        rows.add(Arrays.stream(cells).map(TextLayout::printable).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * @param width of a line; cells of the last column are broken at blanks to keep to it
     */
    void print(PrintStream out, int width, boolean colours) {
        int[] widths = new int[head.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = TextLayout.columns(head.get(i));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], TextLayout.columns(row.get(i)));
            }
        }
        int last = widths.length - 1;
        int others = Arrays.stream(widths, 1, last).map(columns -> columns + GAP.length()).sum() + GAP.length();
        widths[0] = Math.clamp(width - others - Math.min(widths[last], LEAST_COLUMNS),
                TextLayout.columns(head.getFirst()), widths[0]);
        int before = widths[0] + others;
        int room = Math.max(LEAST_COLUMNS, width - before);
        out.println(Style.DIM.on(line(head, widths) + head.getLast(), colours));
        for (List<String> row : rows) {
            String text = row.getLast();
            List<TextLayout.Span> lines = TextLayout.lines(text, room);
            List<String> cells = new ArrayList<>(row);
            if (TextLayout.columns(row.getFirst()) > widths[0]) {
                out.println(row.getFirst());
                cells.set(0, "");
            }
            String start = line(cells, widths);
            for (TextLayout.Span span : lines) {
                out.println(start + text.substring(span.start(), span.end()));
                start = " ".repeat(before);
            }
            if (lines.isEmpty()) {
                out.println(start.stripTrailing());
            }
        }
    }

    /** All cells but the last. */
    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length - 1; i++) {
            line.append(numbers.contains(i)
                    ? TextLayout.padLeft(cells.get(i), widths[i])
                    : TextLayout.pad(cells.get(i), widths[i])).append(GAP);
        }
        return line.toString();
    }
}
