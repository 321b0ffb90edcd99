package dev.rerank4j.ingest;

import java.util.List;
import java.util.OptionalInt;

/**
 * A stretch of a document's text under one heading and on one page.
 *
 * @param headings the headings above it, outermost first, without the document's title
 * @param page from 1; empty where the format has no pages
 * @param start index of its first character in the document's text
 * @param end index after its last character
 */
public record Section(List<String> headings, OptionalInt page, int start, int end) {
}
