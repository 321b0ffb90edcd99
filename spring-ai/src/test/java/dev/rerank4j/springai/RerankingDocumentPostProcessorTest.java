package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.WordScorer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;

class RerankingDocumentPostProcessorTest {

    @Test
    void theBestDocumentComesFirst() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            List<Document> documents = reranking.process(new Query("annual leave"), List.of(
                    new Document("parking", "Parking is free.", java.util.Map.of()),
                    new Document("leave", "You have 28 days of annual leave.", java.util.Map.of())));
            assertEquals(List.of("leave", "parking"), documents.stream().map(Document::getId).toList());
        }
    }
}
