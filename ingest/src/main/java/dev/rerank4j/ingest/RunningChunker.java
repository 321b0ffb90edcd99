package dev.rerank4j.ingest;

import dev.rerank4j.Passage;
import java.util.List;

/** Cuts the whole of a document, whatever its sections. */
record RunningChunker(Cutter cutter) implements Chunker {

    @Override
    public List<Passage> chunk(SectionedDocument document) {
        Cutter.Work work = cutter.on(document);
        if (!document.sections().isEmpty()) {
            work.cut(document.sections().getFirst().start(), document.sections().getLast().end());
        }
        return work.passages();
    }
}
