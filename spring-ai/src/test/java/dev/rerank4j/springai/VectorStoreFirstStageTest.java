package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import dev.rerank4j.RetrieverContract;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.util.MimeTypeUtils;

class VectorStoreFirstStageTest extends RetrieverContract {

    @Override
    protected Retriever retriever(List<Passage> passages) {
        SimpleVectorStore store = SimpleVectorStore.builder(new EncoderEmbeddingModel(new WordEncoder(256))).build();
        if (!passages.isEmpty()) {
            store.add(passages.stream().map(passage -> Document.builder().id(passage.id()).text(passage.text())
                    .metadata(Documents.metadata(passage)).build()).toList());
        }
        return new VectorStoreFirstStage(store);
    }

    @Test
    void theStoreIsAskedForEverythingAtOnce() {
        List<SearchRequest> asked = new ArrayList<>();
        Retriever retriever = new VectorStoreFirstStage("theirs", request -> {
            asked.add(request);
            return List.of();
        });
        Filter filter = new Filter.Equal("country", Value.of("NL"));
        assertTrue(retriever.retrieve(new Query("leave", filter), 7, Deadline.none()).isEmpty());
        assertEquals(List.of(SearchRequest.builder().query("leave").topK(7).similarityThresholdAll()
                .filterExpression("country == 'NL'").build()), asked);
    }

    @Test
    void aStoreThatNothingCanPassIsNotAsked() {
        Retriever retriever = new VectorStoreFirstStage(request -> {
            throw new AssertionError("asked");
        });
        Query nothing = new Query("leave", new Filter.Or(List.of()));
        assertTrue(retriever.retrieve(nothing, 7, Deadline.none()).isEmpty());
    }

    @Test
    void theScoresOfTheStoreStayAndTellItsOrder() {
        Ranking ranking = ranking(scored("b", 0.9), scored("c", 0.5), scored("a", 0.5), scored("d", 0.5));
        assertEquals(List.of("b", "c", "a", "d"), ids(ranking), "ties in the order of the store");
        assertEquals(0.9, ranking.hits().get(0).score());
        assertEquals(0.5, ranking.hits().get(1).score());
        assertEquals(0.5, ranking.hits().get(3).score(), 1e-9);
    }

    @Test
    void withoutScoresTheOrderOfTheStoreCounts() {
        assertEquals(List.of("b", "a"),
                ids(ranking(new Document("b", "b", Map.of()), new Document("a", "a", Map.of()))));
        Ranking rising = ranking(scored("b", 0.1), scored("a", 0.2));
        assertEquals(List.of("b", "a"), ids(rising));
        assertEquals(List.of(-1.0, -2.0), rising.hits().stream().map(Hit::score).toList());
        assertEquals(List.of("b", "a"), ids(ranking(scored("b", Double.NaN), scored("a", 0.2))));
    }

    @Test
    void whatTheStoreGivesTooMuchIsLeftOut() {
        Retriever retriever = new VectorStoreFirstStage(request -> List.of(new Document("a", "a", Map.of("year", 2020)),
                new Document("b", "b", Map.of()), new Document("c", "c", Map.of("year", 2026))));
        Query query = new Query("q", Filter.Range.atLeast("year", Value.of(2025)));
        assertEquals(List.of("c"), ids(retriever.retrieve(query, 10, Deadline.none())));
        assertEquals(1, retriever.retrieve(Query.of("q"), 1, Deadline.none()).size());
    }

    @Test
    void aPieceBelongsToItsDocument() {
        Passage piece = ranking(new Document("p1", "text", Map.of("parent_document_id", "d", "chunk_index", 1))).hits()
                .getFirst().passage();
        assertEquals("d", piece.documentId());
        assertEquals(Map.of("parent_document_id", Value.of("d"), "chunk_index", Value.of(1)), piece.metadata());
    }

    @Test
    void mediaAreLeftOut() {
        Document picture = new Document("p",
                new Media(MimeTypeUtils.IMAGE_PNG, URI.create("https://example.org/p.png")),
                Map.of());
        assertEquals(List.of("a"), ids(ranking(picture, new Document("a", "a", Map.of()))));
    }

    @Test
    void aStoreThatFailsIsUnavailableAndItsMessageIsKeptOut() {
        RuntimeException failure = new IllegalStateException("syntax error near 'a secret'");
        Retriever retriever = new VectorStoreFirstStage(request -> {
            throw failure;
        });
        RerankException e = assertThrows(RerankException.class,
                () -> retriever.retrieve(Query.of("a secret"), 1, Deadline.none()));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertEquals("vector store failed: java.lang.IllegalStateException", e.getMessage());
        assertSame(failure, e.getCause());
        assertFalse(String.valueOf(e.getMessage()).contains("secret"));
    }

    @Test
    void aNameMustNotBeBlank() {
        assertThrows(IllegalArgumentException.class, () -> new VectorStoreFirstStage("", request -> List.of()));
    }

    private static Ranking ranking(Document... documents) {
        return new VectorStoreFirstStage(request -> List.of(documents)).retrieve(Query.of("q"), 10, Deadline.none());
    }

    private static Document scored(String id, double score) {
        return Document.builder().id(id).text(id).score(score).build();
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
