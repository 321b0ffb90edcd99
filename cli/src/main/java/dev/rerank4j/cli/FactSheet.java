package dev.rerank4j.cli;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of one thing: a name, and beneath it a line for each fact that there is. */
final class FactSheet {

    private static final String INDENT = "  ";
    private static final int LEAST_COLUMNS = 20;

    private final String title;
    private final Map<String, List<String>> facts = new LinkedHashMap<>();
    private final Set<String> exact = new HashSet<>();

    FactSheet(String title) {
        this.title = title;
    }

    /** A fact; nothing if there is no text. */
    FactSheet fact(String name, String text) {
        return fact(name, text.isBlank() ? List.of() : List.of(text));
    }

    /** A fact of several lines; nothing if there are none. */
    FactSheet fact(String name, List<String> texts) {
        if (!texts.isEmpty()) {
            facts.put(name, texts);
        }
        return this;
    }

    /** What people copy: addresses, paths, commands. They are not broken, however long. */
    FactSheet exact(String name, List<String> texts) {
        exact.add(name);
        return fact(name, texts);
    }

    void print(PrintStream out, int width, boolean colours) {
        out.println(Style.BOLD.on(TextLayout.printable(title), colours));
        int names = facts.keySet().stream().mapToInt(TextLayout::columns).max().orElse(0);
        int before = 2 * INDENT.length() + names;
        facts.forEach((name, texts) -> {
            String start = INDENT + Style.DIM.on(TextLayout.pad(name, names), colours) + INDENT;
            for (String text : texts) {
                String printable = TextLayout.printable(text);
                int room = exact.contains(name) ? Integer.MAX_VALUE : Math.max(LEAST_COLUMNS, width - before);
                for (TextLayout.Span line : TextLayout.lines(printable, room)) {
                    out.println(start + printable.substring(line.start(), line.end()));
                    start = " ".repeat(before);
                }
            }
        });
    }
}
