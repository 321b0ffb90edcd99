package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Context;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.vectorstore.SimpleVectorStore;

class PassageDocumentsTest {

    @Test
    void documentsBecomeThePassagesOfAContext() {
        List<Document> documents = List.of(
                new Document("a", "Leave is 28 days.",
                        Map.of(RerankMetadata.TITLE, "Leave", RerankMetadata.FILE, "leave.md")),
                Pictures.of("p"), new Document("b", "Parking is free.", Map.of()),
                new Document("a", "Leave is 28 days.", Map.of()));
        Ranking ranking = PassageDocuments.ranking(documents);
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
            Ranking ranking = PassageDocuments.ranking(documents);
            assertEquals(List.of("first-stage", "rerank", "documents"),
                    ranking.hits().getFirst().evidence().stream().map(e -> e.stage()).toList());
            assertEquals(documents.getFirst().getScore(), ranking.hits().getFirst().score());
        }
    }

    @Test
    void aPassageComesBackAsItWas() {
        Passage passage = new Passage("h/3", "h", "Handbook", "Sabbatical.", new Location("h.pdf", List.of("Leave"),
                OptionalInt.of(7), 100, 111), Map.of("year", Value.of(2026)));
        assertEquals(passage, PassageDocuments.ranking(List.of(PassageDocuments.document(passage))).hits().getFirst()
                .passage());
        Passage whole = Passage.of("a", "");
        assertEquals(whole,
                PassageDocuments.ranking(List.of(PassageDocuments.document(whole))).hits().getFirst().passage());
    }

    @Test
    void evidenceSurvivesAStoreAndItsJson(@TempDir Path folder) {
        SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(8))).build();
        Document reranked;
        try (RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.of(new WordScorer())) {
            reranked = reranking.process(new Query("leave"), List.of(new Document("a", "leave", Map.of()))).getFirst();
        }
        store.add(List.of(reranked));
        store.save(folder.resolve("store.json").toFile());
        SimpleVectorStore other = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(8))).build();
        other.load(folder.resolve("store.json").toFile());
        Document found = other.similaritySearch("leave").getFirst();
        assertEquals(RerankMetadata.evidence(reranked), RerankMetadata.evidence(found));
        reranked.getMetadata().forEach((key, value) -> assertEquals(value, found.getMetadata().get(key), key));
    }
}
