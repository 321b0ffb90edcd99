package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Context;
import dev.rerank4j.Ranking;
import dev.rerank4j.WordScorer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;

class DocumentRankingTest {

    @Test
    void documentsBecomeThePassagesOfAContext() {
        List<Document> documents = List.of(
                new Document("a", "Leave is 28 days.",
                        Map.of(RerankMetadata.TITLE, "Leave", RerankMetadata.FILE, "leave.md")),
                Pictures.of("p"), new Document("b", "Parking is free.", Map.of()),
                new Document("a", "Leave is 28 days.", Map.of()));
        Ranking ranking = DocumentRanking.of(documents);
        assertEquals(List.of("a", "b"), ranking.hits().stream().map(hit -> hit.passage().id()).toList());
        assertEquals("""
                [1] Leave (leave.md)
                Leave is 28 days.

                [2]
                Parking is free.""", Context.of(ranking).text());
    }

    @Test
    void whatWasRerankedKeepsItsEvidence() {
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            List<Document> documents = reranking.process(new Query("leave"),
                    List.of(new Document("b", "Parking", Map.of()), new Document("a", "leave", Map.of())));
            Ranking ranking = DocumentRanking.of(documents);
            assertEquals(List.of("first-stage", "rerank", "documents"),
                    ranking.hits().getFirst().evidence().stream().map(e -> e.stage()).toList());
            assertEquals(documents.getFirst().getScore(), ranking.hits().getFirst().score());
        }
    }
}
