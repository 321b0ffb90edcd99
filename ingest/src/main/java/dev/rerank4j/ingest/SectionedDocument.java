package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import java.util.List;

/**
 * A document as it was read, with its structure.
 *
 * @param file name of the file it was read from, as its owner named it; empty if none
 * @param sections in order, disjoint; headings themselves are not part of any
 */
public record SectionedDocument(Document document, String file, List<Section> sections) {
}
