package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import java.util.List;
import java.util.Objects;

/**
 * A document as it was read, with its structure: what {@linkplain Chunker chunkers} cut.
 *
 * @param document its text holds the headings too, and for Markdown every other character of the file
 * @param file name of the file it was read from, as its owner named it; empty if none
 * @param sections in order, disjoint; empty if there is nothing to read. Headings are not part of any, unless nothing
 *     stands below them; the first {@linkplain Section#start() start} and the last end bound what is worth reading
 */
public record SectionedDocument(Document document, String file, List<Section> sections) {

    /**
     * Checks the sections and copies their list.
     *
     * @throws IllegalArgumentException if the sections are not in order, overlap or reach beyond the document's text
     */
    public SectionedDocument {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(file, "file");
        sections = List.copyOf(sections);
        int end = 0;
        for (Section section : sections) {
            if (section.start() < end) {
                throw new IllegalArgumentException("sections must be in order and disjoint, got one that starts at "
                        + section.start() + " after one that ends at " + end);
            }
            end = section.end();
        }
        if (end > document.text().length()) {
            throw new IllegalArgumentException("sections must end within the text of " + document.text().length()
                    + " characters, got " + end);
        }
    }

    /**
     * {@return a document without structure: one section, its whole text; none if that is blank}
     *
     * @param document its whole text is the section
     * @param file name of the file it was read from; empty if none
     */
    public static SectionedDocument plain(Document document, String file) {
        Outline outline = new Outline();
        return new SectionedDocument(document, file, outline.sections(document.text(), 0, ""));
    }

    /** The section around a character, or the next one after it. There must be one. */
    Section sectionAt(int index) {
        int low = 0;
        int high = sections.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sections.get(middle).end() > index) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return sections.get(low);
    }
}
