package dev.rerank4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import java.util.List;
import java.util.function.Function;

/** Embedding stores that do what their test says. */
final class Stores {

    private Stores() {
    }

    static EmbeddingStore<TextSegment> answering(
            Function<EmbeddingSearchRequest, EmbeddingSearchResult<TextSegment>> answer) {
        return new EmbeddingStore<>() {
            @Override
            public String add(Embedding embedding) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void add(String id, Embedding embedding) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String add(Embedding embedding, TextSegment embedded) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<String> addAll(List<Embedding> embeddings) {
                throw new UnsupportedOperationException();
            }

            @Override
            public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
                return answer.apply(request);
            }
        };
    }
}
