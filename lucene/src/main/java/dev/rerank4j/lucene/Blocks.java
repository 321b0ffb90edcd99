package dev.rerank4j.lucene;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.util.BytesRef;

/** Makes documents ready to be written: checked, encoded, in the shape in which they will be read back. */
final class Blocks {

    private final Vectors vectors;

    Blocks(Vectors vectors) {
        this.vectors = vectors;
    }

    /**
     * Passages by document.
     *
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws RerankException if an id or field name cannot be kept as it is
     */
    static List<List<Passage>> grouped(List<Passage> passages) {
        List<List<Passage>> documents = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String current = "";
        for (Passage passage : passages) {
            checkNames(passage);
            if (documents.isEmpty() || !passage.documentId().equals(current)) {
                current = passage.documentId();
                if (!seen.add(current)) {
                    throw new IllegalArgumentException("passages of document " + current
                            + " must stand next to each other, got others between them");
                }
                documents.add(new ArrayList<>());
            }
            documents.getLast().add(passage);
        }
        return documents;
    }

    /** Asks the encoder for all of them. */
    List<CommitWriter.Block> of(List<List<Passage>> documents) {
        List<List<byte[]>> encoded = new ArrayList<>();
        List<List<Passage>> stored = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        for (List<Passage> document : documents) {
            List<byte[]> bytes = document.stream().map(PassageCodec::encode).toList();
            List<Passage> readBack = bytes.stream().map(Blocks::readBack).toList();
            encoded.add(bytes);
            stored.add(readBack);
            readBack.forEach(passage -> contents.add(passage.content()));
        }
        List<float[]> all = vectors.passages(contents);
        List<CommitWriter.Block> blocks = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < stored.size(); i++) {
            List<Passage> document = stored.get(i);
            List<float[]> own = all.subList(from, from + document.size());
            from += document.size();
            blocks.add(new CommitWriter.Block(document, Layout.block(document, encoded.get(i), own)));
        }
        return blocks;
    }

    /** What is indexed is what will be read back: lone surrogates are replaced by then. */
    private static Passage readBack(byte[] encoded) {
        try {
            return PassageCodec.decode(new BytesRef(encoded));
        } catch (CorruptIndexException e) {
            throw new UncheckedIOException("a passage just encoded must be readable", e);
        }
    }

    private static void checkNames(Passage passage) {
        WellFormed.name("passage id", passage.id());
        WellFormed.name("document id", passage.documentId());
        for (String field : passage.metadata().keySet()) {
            WellFormed.name("metadata field", field);
            if (field.length() > Layout.LONGEST_NAME) {
                throw new RerankException(Kind.INVALID_REQUEST,
                        "the name of a metadata field must have at most " + Layout.LONGEST_NAME + " characters, got "
                                + field.length() + " in document " + passage.documentId() + ": shorten it");
            }
        }
    }
}
