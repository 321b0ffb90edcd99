package dev.rerank4j.ingest;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A stretch of a document's text under one heading and on one page.
 *
 * @param headings the headings above it, outermost first, without the document's title; copied
 * @param page from 1; empty where the format has no pages
 * @param start index of its first character (UTF-16 unit) in the document's text, inclusive
 * @param end index after its last character, exclusive; at least {@code start}
 */
public record Section(List<String> headings, OptionalInt page, int start, int end) {

    /**
     * Checks the ranges and copies the headings.
     *
     * @throws IllegalArgumentException if {@code start < 0}, {@code end < start} or {@code page < 1}
     */
    public Section {
        headings = List.copyOf(headings);
        Objects.requireNonNull(page, "page");
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("character range must be 0 <= start <= end, got " + start + ".." + end);
        }
        if (page.isPresent() && page.getAsInt() < 1) {
            throw new IllegalArgumentException("page must be >= 1, got " + page.getAsInt());
        }
    }
}
