package dev.rerank4j.ingest;

import dev.rerank4j.Document;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import java.util.List;

/** {@link Chunker#cut}: a passage as a document, and its passages as pieces of the passage. */
final class PassageCut {

    private PassageCut() {
    }

    static List<Passage> of(Chunker chunker, Passage passage) {
        Location at = passage.location();
        Document document = new Document(passage.id(), passage.title(), passage.text(), passage.metadata());
        Section all = new Section(at.headings(), at.page(), 0, passage.text().length());
        List<Passage> pieces = chunker.chunk(new SectionedDocument(document, at.file(), List.of(all)));
        if (pieces.isEmpty() || pieces.size() == 1 && sameFront(passage, pieces.getFirst())) {
            return List.of(passage);
        }
        return pieces.stream().map(piece -> inDocument(passage, piece)).toList();
    }

    /** Whether title and headings were not cut: then a single piece is the passage but for blanks. */
    private static boolean sameFront(Passage passage, Passage piece) {
        return piece.title().equals(passage.title())
                && piece.location().headings().equals(passage.location().headings());
    }

    private static Passage inDocument(Passage passage, Passage piece) {
        Location in = piece.location();
        int start = passage.location().start();
        Location at = new Location(in.file(), in.headings(), in.page(), start + in.start(), start + in.end());
        return new Passage(piece.id(), passage.documentId(), piece.title(), piece.text(), at, passage.metadata());
    }
}
