package dev.rerank4j.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static dev.rerank4j.langchain4j.Contents.evidence;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EmbeddingStoreRetrieverTest {

    private static final EmbeddingSearchResult<TextSegment> NOTHING = new EmbeddingSearchResult<>(List.of());

    private final WordEncoder encoder = new WordEncoder(256);

    @Test
    void theStoreIsAskedWithQueryVectorLimitScoreAndBothFilters() {
        List<EmbeddingSearchRequest> asked = new ArrayList<>();
        EmbeddingStore<TextSegment> store = Stores.answering(request -> {
            asked.add(request);
            return NOTHING;
        });
        EmbeddingStoreRetriever retriever = EmbeddingStoreRetriever.builder().name("theirs").embeddingStore(store)
                .encoder(encoder).minScore(0.4).filter(metadataKey("tenant").isEqualTo("a")).build();
        Query query = new Query("apples", new Filter.Equal("n", Value.of(3)));
        assertEquals("theirs", retriever.retrieve(query, 7, Deadline.none()).stage());
        assertEquals(new EmbeddingSearchRequest(EmbeddingSearchRequest.builder().query("apples")
                .queryEmbedding(Embedding.from(encoder.query("apples"))).maxResults(7).minScore(0.4)
                .filter(new And(metadataKey("tenant").isEqualTo("a"), metadataKey("n").isEqualTo(3L)))),
                asked.getFirst());
        retriever.retrieve(Query.of("apples"), 7, Deadline.none());
        assertEquals(metadataKey("tenant").isEqualTo("a"), asked.get(1).filter());
        EmbeddingStoreRetriever.of(store, EncoderEmbeddingModel.of(encoder)).retrieve(Query.of("apples"), 7,
                Deadline.none());
        assertEquals(null, asked.get(2).filter());
        assertEquals(asked.get(0).queryEmbedding(), asked.get(2).queryEmbedding(), "their model is told it is a query");
    }

    @Test
    void aFilterThatNothingPassesDoesNotAskTheStore() {
        EmbeddingStoreRetriever retriever = retriever(Stores.answering(request -> {
            throw new AssertionError("asked");
        }));
        assertTrue(retriever.retrieve(new Query("apples", new Filter.Or(List.of())), 7, Deadline.none()).isEmpty());
    }

    @Test
    void segmentMetadataOfEveryTypeBecomesValues() {
        UUID id = UUID.randomUUID();
        Metadata metadata = new Metadata().put("text", "a").put("uuid", id).put("int", 1).put("long", 1L << 53)
                .put("large", Long.MAX_VALUE).put("float", 0.1f).put("double", 0.25).put("nan", Double.NaN)
                .put("infinite", Float.NEGATIVE_INFINITY);
        Passage passage = found(match("e-1", 0.9, TextSegment.from("apples", metadata))).hits().getFirst().passage();
        assertEquals(new Passage("e-1", "e-1", "", "apples", Location.NONE, Map.of("text", Value.of("a"), "uuid",
                Value.of(id.toString()), "int", Value.of(1), "long", Value.of(9007199254740992.0), "large",
                Value.of("9223372036854775807"), "float", Value.of(0.1), "double", Value.of(0.25), "nan",
                Value.of("NaN"), "infinite", Value.of("-Infinity"))), passage);
    }

    @Test
    void oddPlacesInMetadataAreNoPlaces() {
        Metadata metadata = new Metadata().put("document_id", " ").put("page", -3).put("start", 9).put("end", 3)
                .put("title", 5).put("headings", "").put("file_name", 2.5);
        Passage passage = found(match("e-1", 0.9, TextSegment.from("apples", metadata))).hits().getFirst().passage();
        assertEquals("e-1", passage.documentId());
        assertEquals("", passage.title());
        assertEquals(Location.NONE, passage.location());
        assertEquals(Value.of(-3), passage.metadata().get("page"), "it remains a field");
    }

    @Test
    void matchesWithoutSegmentAreLeftOutAndOfOneIdTheBetterCounts() {
        Ranking ranking = found(match("e-1", 0.5, TextSegment.from("apples")), match("e-2", 0.9, null),
                match("e-1", 0.7, TextSegment.from("apples")), match("e-3", 0.6, TextSegment.from("apples")));
        assertEquals(List.of("e-1", "e-3"), ranking.hits().stream().map(hit -> hit.passage().id()).toList());
        assertEquals(0.7, ranking.hits().getFirst().score());
    }

    @Test
    void whatModelAndStoreThrowBecomesUnavailableWithoutTheirWords() {
        RuntimeException cause = new IllegalStateException("cannot search for apples");
        RerankException e = failure(retriever(Stores.answering(request -> {
            throw cause;
        })));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertSame(cause, e.getCause());
        assertFalse(e.getMessage().contains("apples"), e.getMessage());
        e = failure(EmbeddingStoreRetriever.of(Stores.answering(request -> NOTHING), Models.answering(texts -> {
            throw cause;
        })));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
        assertSame(cause, e.getCause());
        RerankException own = new RerankException(RerankException.Kind.OVERLOADED, "too much");
        assertSame(own, failure(retriever(Stores.answering(request -> {
            throw own;
        }))));
        assertEquals(RerankException.Kind.MODEL,
                failure(retriever(Stores.answering(request -> new EmbeddingSearchResult<>(
                        List.of(match("e-1", Double.NaN, TextSegment.from("apples"))))))).kind());
    }

    /** Their in-memory store throws on a type that differs; BM25 answers. */
    @Test
    void aFilterThatTheStoreCannotApplyDegradesTheSearch(@TempDir Path folder) {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        store.add(Embedding.from(encoder.passages(List.of("apples"))[0]),
                TextSegment.from("apples", Metadata.from("n", "a text")));
        try (LuceneIndex index = index(folder);
                SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(retriever(store))
                        .build()) {
            for (Filter filter : List.of(new Filter.Equal("n", Value.of(1)),
                    Filter.Range.atLeast("at", Value.of(Instant.EPOCH)))) {
                SearchResult result = pipeline.search(request(filter, Duration.ofSeconds(30)));
                assertTrue(result.degraded());
                assertInstanceOf(StageReport.Failed.class, result.stages().get(1));
                assertEquals("leave", result.ranking().hits().getFirst().passage().id());
            }
        }
    }

    @Test
    void aStoreThatHangsIsLeftBehindAndBm25Answers(@TempDir Path folder) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        EmbeddingStore<TextSegment> hanging = Stores.answering(request -> {
            asked.countDown();
            boolean through = false;
            while (!through) { // as a driver that does not care for interrupts
                try {
                    go.await();
                    through = true;
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
            return NOTHING;
        });
        try (LuceneIndex index = index(folder);
                SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25())
                        .retriever(retriever(hanging)).build();
                EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            TwoStageContentRetriever retriever = TwoStageContentRetriever.builder().pipeline(pipeline)
                    .timeout(Duration.ofSeconds(1)).build();
            List<Content> contents = retriever.retrieve(dev.langchain4j.rag.query.Query.from("days of leave"));
            assertEquals("You get 28 days of leave.", contents.getFirst().textSegment().text());
            assertTrue(evidence(contents.getFirst()).degraded());
            assertEquals(1, aggregator.aggregate(Contents.found("days of leave", contents)).size());
            asked.await();
            interrupted.await();
        } finally {
            go.countDown(); // only after everybody has his answer
        }
    }

    @Test
    void besideBm25AndReranked(@TempDir Path folder) {
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        for (String text : List.of("Parking is free.", "Leave is paid.")) {
            store.add(Embedding.from(encoder.passages(List.of(text))[0]), TextSegment.from(text));
        }
        try (LuceneIndex index = index(folder);
                SearchPipeline pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(retriever(store))
                        .reranker(Reranker.of(new WordScorer())).build()) {
            SearchResult result = pipeline.search(request(Filter.NONE, Duration.ofSeconds(30)));
            assertFalse(result.degraded());
            assertEquals(List.of("You get 28 days of leave.", "Leave is paid.", "Parking is free."),
                    result.ranking().hits().stream().map(hit -> hit.passage().text()).toList());
        }
    }

    @Test
    void misuse() {
        EmbeddingStoreRetriever.Builder builder = EmbeddingStoreRetriever.builder();
        assertEquals("a retriever needs an embedding store",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        builder.embeddingStore(Stores.answering(request -> NOTHING));
        assertEquals("a retriever needs an embedding model or an encoder",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        assertEquals("minScore must be within 0 to 1, got 1.5",
                assertThrows(IllegalArgumentException.class, () -> builder.minScore(1.5)).getMessage());
        assertEquals("name of a retriever must not be blank",
                assertThrows(IllegalArgumentException.class, () -> builder.name(" ")).getMessage());
    }

    private static SearchRequest request(Filter filter, Duration timeout) {
        return new SearchRequest(new Query("days of leave", filter), SearchRequest.Unit.PASSAGE, 10, 50, timeout);
    }

    private LuceneIndex index(Path folder) {
        LuceneIndex index = LuceneIndex.open(folder, encoder, "en");
        index.add(List.of(new Passage("leave", "leave", "", "You get 28 days of leave.", Location.NONE,
                Map.of("n", Value.of(1), "at", Value.of(Instant.EPOCH)))));
        index.commit();
        return index;
    }

    private EmbeddingStoreRetriever retriever(EmbeddingStore<TextSegment> store) {
        return EmbeddingStoreRetriever.builder().embeddingStore(store).encoder(encoder).build();
    }

    @SafeVarargs
    private final Ranking found(EmbeddingMatch<TextSegment>... matches) {
        List<EmbeddingMatch<TextSegment>> all = new ArrayList<>();
        for (EmbeddingMatch<TextSegment> match : matches) {
            all.add(match);
        }
        return retriever(Stores.answering(request -> new EmbeddingSearchResult<>(all))).retrieve(Query.of("apples"), 10,
                Deadline.none());
    }

    private static EmbeddingMatch<TextSegment> match(String id, double score, TextSegment segment) {
        return new EmbeddingMatch<>(score, id, null, segment);
    }

    private static RerankException failure(EmbeddingStoreRetriever retriever) {
        return assertThrows(RerankException.class,
                () -> retriever.retrieve(Query.of("apples"), 10, Deadline.none()));
    }
}
