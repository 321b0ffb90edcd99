package dev.rerank4j.springai;

import dev.rerank4j.WordEncoder;
import java.util.List;
import java.util.Map;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.ai.vectorstore.filter.Filter.Expression;

/** What filter expressions mean to Spring AI's in-memory vector store. */
final class TheirFilters {

    // one for all: making one takes long
    private static final SimpleVectorStore STORE = SimpleVectorStore
            .builder(new EncoderEmbeddingModel(new WordEncoder(4))).build();

    private TheirFilters() {
    }

    static synchronized boolean matches(Expression expression, Map<String, Object> metadata) {
        STORE.add(List.of(new Document("a", "a", metadata)));
        return !STORE.similaritySearch(SearchRequest.builder().query("a").filterExpression(expression).build())
                .isEmpty();
    }
}
