package dev.rerank4j.ingest;

import dev.rerank4j.Passage;
import java.util.List;

/** Cuts documents into passages. */
public interface Chunker {

    List<Passage> chunk(SectionedDocument document);

    /** Every section, cut where it is longer than size tokens. */
    static Chunker structured(Tokens tokens, int size, int overlap) {
        throw new UnsupportedOperationException();
    }
}
