package dev.rerank4j.cli;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import java.util.List;

/**
 * A document's text, made of its passages: what two of them share is written once, and headings, which belong to no
 * passage, stand again where they change.
 */
final class DocumentText {

    private final StringBuilder text = new StringBuilder();
    private List<String> headings = List.of();
    private int end;

    private DocumentText() {
    }

    /**
     * @param passages of one document, in its order; at least one
     */
    static String of(List<Passage> passages) {
        DocumentText document = new DocumentText();
        String title = passages.getFirst().title();
        if (!title.isBlank()) {
            document.text.append("# ").append(TextLayout.printable(title));
        }
        passages.forEach(document::add);
        return document.text.toString().strip();
    }

    private void add(Passage passage) {
        Location at = passage.location();
        boolean ranged = at.end() - at.start() == passage.text().length();
        int shared = ranged ? Math.clamp((long) end - at.start(), 0, passage.text().length()) : 0;
        if (shared == 0) { // otherwise headings in between stand in the text itself
            if (!text.isEmpty()) {
                text.append(ranged && at.start() == end + 1 && at.headings().equals(headings) ? "\n" : "\n\n");
            }
            addHeadings(at.headings());
        }
        text.append(passage.text(), shared, passage.text().length());
        headings = at.headings();
        end = ranged ? Math.max(end, at.end()) : 0;
    }

    private void addHeadings(List<String> now) {
        int same = 0;
        while (same < Math.min(now.size(), headings.size()) && now.get(same).equals(headings.get(same))) {
            same++;
        }
        for (int level = same; level < now.size(); level++) {
            text.append("#".repeat(Math.min(6, level + 2))).append(' ').append(TextLayout.printable(now.get(level)))
                    .append("\n\n");
        }
    }
}
