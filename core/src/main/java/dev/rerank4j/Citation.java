package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A numbered passage of a {@link Context}: what an answer's {@code [2]} stands for.
 *
 * @param number from 1, in the order of the block
 * @param documentId the document it was taken from; not blank
 * @param title the document's title; may be empty
 * @param location where it stands in the document: from the first to the last of the passages that became it, with the
 *     page of the first; {@link Location#NONE} if that is not known
 * @param text as it stands in the block: the document's but for {@linkplain Context defused} lines; may be empty
 * @param cut whether the text was too long for the budget and lost its end
 * @param hits the hits that became it, in the order of the ranking; at least one
 */
public record Citation(int number, String documentId, String title, Location location, String text, boolean cut,
        List<Hit> hits) {

    /**
     * Makes a citation.
     *
     * @throws IllegalArgumentException if {@code number < 1} or there are no hits
     */
    public Citation {
        Checks.atLeastOne("number", number);
        Objects.requireNonNull(documentId, "documentId");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(text, "text");
        hits = List.copyOf(hits);
        if (hits.isEmpty()) {
            throw new IllegalArgumentException("citation " + number + " must have a hit");
        }
    }

    /** {@return the number as it stands in the block and in answers, such as {@code [2]}} */
    public String mark() {
        return "[" + number + "]";
    }

    /**
     * {@return the line above the text: mark, title and headings, file and pages; always one line, of at most 200
     * characters}
     */
    public String header() {
        List<String> names = new ArrayList<>(List.of(title));
        names.addAll(location.headings());
        names.removeIf(String::isBlank);
        List<String> places = new ArrayList<>(List.of(location.file(), pages()));
        places.removeIf(String::isBlank);
        return ContextText.header(mark(), String.join(" › ", names), String.join(", ", places));
    }

    private String pages() {
        if (location.page().isEmpty()) {
            return "";
        }
        int first = location.page().getAsInt();
        int last = hits.stream().mapToInt(hit -> hit.passage().location().page().orElse(first)).max().orElse(first);
        return last <= first ? "page " + first : "pages " + first + "–" + last;
    }
}
