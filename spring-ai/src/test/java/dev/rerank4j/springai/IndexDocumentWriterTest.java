package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.transformer.splitter.TokenTextSplitter;

class IndexDocumentWriterTest {

    @Test
    void whatTheirSplitterCutsIsOneDocument(@TempDir Path directory) {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(16), "en")) {
            List<Document> pieces = TokenTextSplitter.builder().withChunkSize(20).withMinChunkSizeChars(5).build()
                    .apply(List.of(new Document("leave", "Annual leave is 28 days. ".repeat(30), Map.of("year", 2026)),
                            new Document("parking", "Parking is free.", Map.of())));
            new IndexDocumentWriter(index).write(pieces);
            assertEquals(2, index.documentCount());
            assertEquals(pieces.size(), index.size());
            List<Passage> leave = index.passages("leave");
            assertEquals(pieces.size() - 1, leave.size());
            assertEquals(Value.of(2026), leave.getFirst().metadata().get("year"));
            new IndexDocumentWriter(index)
                    .write(List.of(new Document("p", "Gone.", Map.of("parent_document_id", "leave"))));
            assertEquals(List.of("Gone."), index.passages("leave").stream().map(Passage::text).toList());
        }
    }

    @Test
    void nothingIsWrittenOfWhatCannotBe(@TempDir Path directory) {
        try (LuceneIndex index = LuceneIndex.open(directory, new WordEncoder(16), "en")) {
            IndexDocumentWriter writer = new IndexDocumentWriter(index);
            writer.accept(List.of());
            Document fine = new Document("a", "a", Map.of());
            assertEquals("document p must have a text, got media", assertThrows(IllegalArgumentException.class,
                    () -> writer.accept(List.of(fine, Pictures.of("p")))).getMessage());
            assertEquals("ids of documents must differ, got 2 documents with 1 ids", assertThrows(
                    IllegalArgumentException.class, () -> writer.accept(List.of(fine, fine))).getMessage());
            assertEquals(0, index.size());
        }
    }
}
