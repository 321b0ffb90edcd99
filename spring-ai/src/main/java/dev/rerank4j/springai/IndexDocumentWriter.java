package dev.rerank4j.springai;

import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.DocumentWriter;

/**
 * Writes Spring AI's documents into an {@link Index}: the end of a pipeline of readers and splitters. A document is a
 * passage of its id; those that name the same {@code parent_document_id} or {@link RerankMetadata#DOCUMENT_ID} in their
 * metadata are the passages of one document. Safe for use by several threads.
 *
 * @param index closing it remains the caller's affair
 */
public record IndexDocumentWriter(Index index) implements DocumentWriter {

    /** Into an index. */
    public IndexDocumentWriter {
        Objects.requireNonNull(index, "index");
    }

    /**
     * Adds documents and commits. A document that was there is replaced as a whole, so that all pieces of one must come
     * in one call.
     *
     * @param documents each with a text; possibly none
     * @throws IllegalArgumentException if one has media instead, or two have the same id; nothing was written then
     * @throws RerankException if they cannot be written; what was committed before is intact
     */
    @Override
    public void accept(List<Document> documents) {
        Map<String, List<Passage>> byDocument = new LinkedHashMap<>();
        for (Document document : documents) {
            String text = document.getText();
            if (text == null) {
                throw new IllegalArgumentException("document " + document.getId() + " must have a text, got media");
            }
            Passage passage = Documents.passage(document.getId(), text, document.getMetadata());
            byDocument.computeIfAbsent(passage.documentId(), id -> new ArrayList<>()).add(passage);
        }
        List<Passage> passages = byDocument.values().stream().flatMap(List::stream).toList();
        long ids = passages.stream().map(Passage::id).distinct().count();
        if (ids < passages.size()) {
            throw new IllegalArgumentException("ids of documents must differ, got " + passages.size()
                    + " documents with " + ids + " ids");
        }
        index.add(passages);
        index.commit();
    }
}
