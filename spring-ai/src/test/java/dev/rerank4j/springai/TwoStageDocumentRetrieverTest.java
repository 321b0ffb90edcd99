package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.retrieval.join.ConcatenationDocumentJoiner;
import org.springframework.ai.rag.retrieval.search.VectorStoreDocumentRetriever;
import org.springframework.ai.vectorstore.VectorStoreRetriever;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.FilterExpressionBuilder;

class TwoStageDocumentRetrieverTest {

    private static final FilterExpressionBuilder B = new FilterExpressionBuilder();

    @TempDir
    private Path directory;
    private LuceneIndex index;

    @BeforeEach
    void index() {
        index = LuceneIndex.open(directory, new WordEncoder(64), "en");
        index.add(List.of(
                passage("leave/1", "leave", "Annual leave is 28 days.",
                        Map.of("country", Value.of("NL"), "year", Value.of(2026))),
                passage("leave/2", "leave", "Leave is asked for in the portal.", Map.of("country", Value.of("NL"))),
                passage("sick", "sick", "Sick leave needs no form.",
                        Map.of("country", Value.of("DE"), "year", Value.of(2024))),
                passage("parking", "parking", "Parking is free.", Map.of())));
        index.commit();
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void hitsComeAsDocumentsWithPlaceAndEvidence() {
        index.add(List.of(new Passage("h/3", "h", "Handbook", "Unpaid sabbatical leave.", new Location("handbook.pdf",
                List.of("Leave", "Long"), OptionalInt.of(7), 100, 124),
                Map.of("tags", Value.of("a", "b"), "since",
                        Value.of(Instant.parse("2026-03-01T00:00:00Z"))))));
        index.commit();
        try (SearchPipeline pipeline = hybrid().build()) {
            Document best = TwoStageDocumentRetriever.builder(pipeline).build().retrieve(new Query("sabbatical"))
                    .getFirst();
            assertEquals("h/3", best.getId());
            assertEquals("Unpaid sabbatical leave.", best.getText());
            Map<String, Object> metadata = new HashMap<>(best.getMetadata());
            assertEquals(best.getScore(), metadata.remove(RerankMetadata.PROBABILITY));
            assertTrue(metadata.remove(RerankMetadata.SCORE) instanceof Double);
            assertEquals(List.of("bm25", "vector", "fusion", "rerank"),
                    RerankMetadata.evidence(best).stream().map(e -> e.stage()).toList());
            metadata.remove(RerankMetadata.EVIDENCE);
            assertEquals(Map.of("tags", List.of("a", "b"), "since", "2026-03-01T00:00:00Z", RerankMetadata.DOCUMENT_ID,
                    "h",
                    RerankMetadata.TITLE, "Handbook", RerankMetadata.FILE, "handbook.pdf", RerankMetadata.HEADINGS,
                    List.of("Leave", "Long"), RerankMetadata.PAGE, 7, RerankMetadata.START, 100, RerankMetadata.END,
                    124,
                    RerankMetadata.RANK, 1), without(metadata, RerankMetadata.DEGRADED));
        }
    }

    @Test
    void theQueryBringsItsFilterAsInTheirRetriever() {
        try (SearchPipeline pipeline = hybrid().build()) {
            TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline).build();
            assertEquals(List.of("sick"), ids(retriever.retrieve(query("leave", "country == 'DE'"))));
            assertEquals(List.of("sick"), ids(retriever.retrieve(query("leave", B.lt("year", 2025).build()))));
            assertEquals(4, retriever.retrieve(query("leave", " ")).size());
            assertEquals(4, retriever.retrieve(new Query("leave")).size());
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> retriever.retrieve(query("leave", "year IS NULL")));
            assertTrue(e.getMessage().startsWith("filter operator ISNULL (on year) has no counterpart"),
                    e.getMessage());
        }
    }

    @Test
    void aQuerysOwnFilterReplacesTheDefaultButNeverWhatIsRequired() {
        try (SearchPipeline pipeline = hybrid().build()) {
            TwoStageDocumentRetriever.Builder builder = TwoStageDocumentRetriever.builder(pipeline)
                    .filterExpression("country == 'NL'");
            assertEquals(List.of("leave/1", "leave/2"), sorted(builder.build().retrieve(new Query("leave"))));
            assertEquals(List.of("sick"), sorted(builder.build().retrieve(query("leave", "country == 'DE'"))));
            builder.filter(() -> new Filter.Equal("country", Value.of("NL")));
            assertEquals(List.of(), sorted(builder.build().retrieve(query("leave", "country == 'DE'"))));
            assertEquals(List.of("leave/1"), sorted(builder.build().retrieve(query("leave", "year > 2000"))));
            builder.filterExpression(() -> B.eq("year", 2026).build());
            assertEquals(List.of("leave/1"), sorted(builder.build().retrieve(new Query("leave"))));
        }
    }

    @Test
    void filtersNestedFiftyDeepReachTheIndex() {
        FilterExpressionBuilder.Op nested = B.eq("country", "DE");
        for (int i = 0; i < 50; i++) {
            nested = i % 2 == 0
                    ? B.group(B.and(nested, B.ne("country", "X" + i)))
                    : B.group(B.or(B.eq("year", i), nested));
        }
        Expression expression = nested.build();
        try (SearchPipeline pipeline = hybrid().build()) {
            assertEquals(List.of("sick"),
                    ids(TwoStageDocumentRetriever.builder(pipeline).build().retrieve(query("leave", expression))));
        }
    }

    @Test
    void theIndexAgreesWithTheirEvaluator() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Map<String, Object>> all = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            all.put("r" + i, RandomFilters.metadata(random));
        }
        new IndexDocumentWriter(index).write(all.entrySet().stream()
                .map(entry -> new Document(entry.getKey(), "random", entry.getValue())).toList());
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).build()) {
            TwoStageDocumentRetriever retriever = TwoStageDocumentRetriever.builder(pipeline).limit(50).build();
            for (int i = 0; i < 100; i++) {
                Expression expression = RandomFilters.expression(random, 3);
                List<String> expected = all.keySet().stream()
                        .filter(id -> TheirFilters.matches(expression, all.get(id))).sorted().toList();
                assertEquals(expected, sorted(retriever.retrieve(query("random", expression))),
                        () -> "seed " + seed + ": " + expression);
            }
        }
    }

    @Test
    void limitDepthUnitAndLeastProbabilityCount() {
        try (SearchPipeline pipeline = hybrid().build()) {
            Query leave = new Query("annual leave days");
            assertEquals(1, TwoStageDocumentRetriever.builder(pipeline).limit(1).build().retrieve(leave).size());
            assertEquals(2,
                    TwoStageDocumentRetriever.builder(pipeline).limit(2).depth(2).build().retrieve(leave).size());
            List<Document> documents = TwoStageDocumentRetriever.builder(pipeline).unit(SearchRequest.Unit.DOCUMENT)
                    .build()
                    .retrieve(leave);
            assertEquals(3, documents.size(), "one of each document");
            assertEquals("leave/1", documents.getFirst().getId());
            assertEquals(List.of("leave/1"), ids(TwoStageDocumentRetriever.builder(pipeline).minScore(0.5).build()
                    .retrieve(leave)));
        }
    }

    @Test
    void springsJoinerKeepsTheOrder() {
        try (SearchPipeline pipeline = hybrid().build()) {
            Query query = new Query("leave form portal");
            List<Document> documents = TwoStageDocumentRetriever.builder(pipeline).build().retrieve(query);
            assertEquals(ids(documents),
                    ids(new ConcatenationDocumentJoiner().join(Map.of(query, List.of(documents)))));
        }
    }

    @Test
    void aVectorStoreThatHangsLeavesTheAnswerToBm25() {
        index.bm25().retrieve(dev.rerank4j.Query.of("parking"), 1, Deadline.none()); // the first takes longer
        Gate gate = new Gate();
        try (SearchPipeline pipeline = withStore(request -> {
            gate.pass();
            return List.of();
        })) {
            List<Document> documents = TwoStageDocumentRetriever.builder(pipeline).timeout(Duration.ofSeconds(2))
                    .limit(2)
                    .minScore(0.01).build().retrieve(new Query("parking"));
            assertEquals(List.of("parking"), ids(documents));
            assertEquals(true, documents.getFirst().getMetadata().get(RerankMetadata.DEGRADED));
            assertEquals(List.of("vector-store: TIMEOUT", "rerank: TIMEOUT"),
                    documents.getFirst().getMetadata().get(RerankMetadata.FAILED_STAGES));
            assertEquals("bm25", RerankMetadata.evidence(documents.getFirst()).getFirst().stage());
        } finally {
            gate.open();
        }
    }

    @Test
    void aVectorStoreThatFailsLeavesTheAnswerToBm25AndTheModel() {
        try (SearchPipeline pipeline = withStore(request -> {
            throw new IllegalStateException("connection refused");
        })) {
            List<Document> documents = TwoStageDocumentRetriever.builder(pipeline).build()
                    .retrieve(new Query("parking"));
            assertEquals(List.of("vector-store: UNAVAILABLE"),
                    documents.getFirst().getMetadata().get(RerankMetadata.FAILED_STAGES));
            assertTrue(documents.getFirst().getMetadata().containsKey(RerankMetadata.PROBABILITY));
        }
    }

    @Test
    void whereNobodyAnswersTheSearchFails() {
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(new VectorStoreFirstStage(request -> {
            throw new IllegalStateException("connection refused");
        })).build()) {
            RerankException e = assertThrows(RerankException.class,
                    () -> TwoStageDocumentRetriever.builder(pipeline).build().retrieve(new Query("parking")));
            assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        }
    }

    @Test
    void aStoresDocumentAndTheIndexsAreOneIfTheirIdsAre() {
        try (SearchPipeline pipeline = withStore(request -> List.of(
                Document.builder().id("parking").text("Parking is free.").score(0.7).build()))) {
            List<Document> documents = TwoStageDocumentRetriever.builder(pipeline).build()
                    .retrieve(new Query("parking"));
            assertEquals(List.of("parking"), ids(documents));
            assertEquals(List.of("bm25", "vector-store", "fusion", "rerank"),
                    RerankMetadata.evidence(documents.getFirst()).stream().map(e -> e.stage()).toList());
        }
    }

    @Test
    void misuseIsSaid() {
        try (SearchPipeline pipeline = hybrid().build()) {
            TwoStageDocumentRetriever.Builder builder = TwoStageDocumentRetriever.builder(pipeline);
            assertMisuse("limit must be >= 1, got 0", () -> builder.limit(0));
            assertMisuse("depth must be >= 1, got 0", () -> builder.depth(0));
            assertMisuse("depth must be >= limit (9), got 8", () -> builder.limit(9).depth(8).build());
            assertMisuse("timeout must be > 0, got PT-1S", () -> builder.timeout(Duration.ofSeconds(-1)));
            assertMisuse("minScore must be finite, got Infinity", () -> builder.minScore(Double.POSITIVE_INFINITY));
            assertMisuse(
                    "filter operator ISNULL (on a) has no counterpart; there are AND, OR, NOT, EQ, NE, GT, GTE, LT,"
                            + " LTE, IN and NIN",
                    () -> builder.filterExpression("a IS NULL"));
        }
    }

    private static void assertMisuse(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private SearchPipeline.Builder hybrid() {
        return SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                .reranker(Reranker.of(new WordScorer()));
    }

    private SearchPipeline withStore(VectorStoreRetriever store) {
        return SearchPipeline.builder().retriever(index.bm25()).retriever(new VectorStoreFirstStage(store))
                .reranker(Reranker.of(new WordScorer())).build();
    }

    private static Query query(String text, Object filter) {
        return Query.builder().text(text).context(Map.of(VectorStoreDocumentRetriever.FILTER_EXPRESSION, filter))
                .build();
    }

    private static Passage passage(String id, String document, String text, Map<String, Value> metadata) {
        return new Passage(id, document, "", text, Location.NONE, metadata);
    }

    private static Map<String, Object> without(Map<String, Object> metadata, String key) {
        assertFalse((Boolean) metadata.remove(key));
        return metadata;
    }

    private static List<String> ids(List<Document> documents) {
        return documents.stream().map(Document::getId).toList();
    }

    private static List<String> sorted(List<Document> documents) {
        return ids(documents).stream().sorted().toList();
    }
}
