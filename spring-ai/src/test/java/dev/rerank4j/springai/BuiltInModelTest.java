package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Encoder;
import dev.rerank4j.PackageExample;
import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;

/** With the models that users get. */
class BuiltInModelTest {

    private static final List<Document> DOCUMENTS = List.of(
            new Document("parking", "Parking at the office is free.", Map.of()),
            new Document("leave", "Employees are entitled to 28 days of paid leave a year.", Map.of()),
            new Document("sick", "If you are ill, tell your manager before nine.", Map.of()));

    @Test
    void aVectorStoreWithOurEncoderAndOurModelBehindIt() {
        try (Encoder encoder = OnnxEncoder.builtIn();
                Scorer scorer = OnnxScorer.builtIn();
                RerankingDocumentPostProcessor reranking = RerankingDocumentPostProcessor.builder().scorer(scorer)
                        .minScore(0.3).build()) {
            SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(encoder)).build();
            store.add(DOCUMENTS);
            String question = "How many days of paid leave do employees get?";
            List<Document> found = store.similaritySearch(SearchRequest.builder().query(question).topK(3).build());
            List<Document> documents = reranking.process(new Query(question), found);
            assertEquals("leave", documents.getFirst().getId());
            assertTrue(documents.getFirst().getScore() <= 1 && documents.getFirst().getScore() >= 0.3);
            assertTrue(documents.size() < 3, "what does not answer is left out");
        }
    }

    @Test
    void theExampleOfThePackageRuns(@TempDir Path folder) {
        ScriptedChatModel model = new ScriptedChatModel(
                prompt -> prompt.contains("28 days") ? "28 days." : "Who knows?");
        try (Encoder encoder = OnnxEncoder.builtIn()) {
            SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(encoder)).build();
            store.add(DOCUMENTS);
            String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/springai/package-info.java"),
                    folder,
                    List.of("dev.rerank4j", "dev.rerank4j.onnx", "dev.rerank4j.springai",
                            "org.springframework.ai.chat.client",
                            "org.springframework.ai.rag.advisor", "org.springframework.ai.rag.retrieval.search"),
                    "org.springframework.ai.vectorstore.VectorStore store, org.springframework.ai.chat.model.ChatModel model",
                    store, model);
            assertEquals("28 days.\n", printed);
        }
    }
}
