package dev.rerank4j.ingest;

import dev.rerank4j.Passage;
import java.util.List;

/** Cuts each section by itself, or several small ones together. */
record StructureChunker(Cutter cutter) implements Chunker {

    @Override
    public List<Passage> chunk(SectionedDocument document) {
        Cutter.Work work = cutter.on(document);
        List<Section> sections = document.sections();
        for (int first = 0; first < sections.size();) {
            int last = first;
            while (last + 1 < sections.size() && belongTogether(document, work, first, last)) {
                last++;
            }
            work.cut(sections.get(first).start(), sections.get(last).end());
            first = last + 1;
        }
        return work.passages();
    }

    /** Whether the section after {@code last} goes into one passage with those from {@code first} on. */
    private boolean belongTogether(SectionedDocument document, Cutter.Work work, int first, int last) {
        Section begin = document.sections().get(first);
        Section end = document.sections().get(last);
        Section next = document.sections().get(last + 1);
        int small = cutter.size() / 4;
        return next.headings().equals(begin.headings())
                && Blanks.isBlank(document.document().text(), end.end(), next.start())
                && (work.tokensBetween(begin.start(), end.end()) <= small
                        || work.tokensBetween(next.start(), next.end()) <= small)
                && work.tokensBetween(begin.start(), next.end()) <= work.room(begin);
    }
}
