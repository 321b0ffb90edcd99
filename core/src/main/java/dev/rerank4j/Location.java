package dev.rerank4j;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Where a passage stands in its document, so that a person can go and look.
 *
 * @param file the file the document was read from, as its owner named it; empty if it came from none
 * @param headings the headings above the passage, outermost first, without the document's own title; empty if none
 * @param page the page, from 1; empty where the format has no pages
 * @param start index of the passage's first character (UTF-16 unit) in the document's text, inclusive
 * @param end index after its last character, exclusive; at least {@code start}
 */
public record Location(String file, List<String> headings, OptionalInt page, int start, int end) {

    /** The location of a passage that is its whole document and came from no file. */
    public static final Location NONE = new Location("", List.of(), OptionalInt.empty(), 0, 0);

    /**
     * Checks the ranges and copies the headings.
     *
     * @throws IllegalArgumentException if {@code start < 0}, {@code end < start} or {@code page < 1}
     */
    public Location {
        Objects.requireNonNull(file, "file");
        headings = List.copyOf(headings);
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("character range must be 0 <= start <= end, got " + start + ".." + end);
        }
        if (page.isPresent() && page.getAsInt() < 1) {
            throw new IllegalArgumentException("page must be >= 1, got " + page.getAsInt());
        }
    }
}
