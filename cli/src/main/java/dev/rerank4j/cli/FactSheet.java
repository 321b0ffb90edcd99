package dev.rerank4j.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known of one thing: a name, and beneath it a line for each fact that there is. */
final class FactSheet {

    private static final String INDENT = "  ";

    private final String title;
    private final Map<String, List<String>> facts = new LinkedHashMap<>();

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

    void print(PrintStream out, int width, boolean colours) {
        out.println(Style.BOLD.on(TextLayout.printable(title), colours));
        int names = facts.keySet().stream().mapToInt(TextLayout::columns).max().orElse(0);
        int before = 2 * INDENT.length() + names;
        facts.forEach((name, texts) -> {
            String start = INDENT + Style.DIM.on(TextLayout.pad(name, names), colours) + INDENT;
            for (String text : texts) {
                String printable = TextLayout.printable(text);
                for (TextLayout.Span line : TextLayout.lines(printable, Math.max(20, width - before))) {
                    out.println(start + printable.substring(line.start(), line.end()));
                    start = " ".repeat(before);
                }
            }
        });
    }
}
