package dev.rerank4j.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static dev.rerank4j.langchain4j.Contents.evidence;
import static dev.rerank4j.langchain4j.Contents.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Metadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.rerank4j.Evidence;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TwoStageContentRetrieverTest {

    @TempDir
    private static Path directory;
    private static LuceneIndex index;
    private static SearchPipeline pipeline;

    @BeforeAll
    static void fill() {
        index = LuceneIndex.open(directory, new WordEncoder(256), "en");
        index.add(IntStream.range(0, 30).mapToObj(i -> new Passage("p" + i, "d" + i / 3, "", "apple number " + i,
                Location.NONE, Map.of("n", Value.of(i), "kind", Value.of(i % 2 == 0 ? "even" : "odd"), "open",
                        Value.of(i > 20), "at", Value.of(Instant.ofEpochSecond(i)), "tags", Value.of("t" + i, "all"))))
                .toList());
        index.commit();
        pipeline = SearchPipeline.builder().retriever(index.bm25()).retriever(index.vector())
                .reranker(Reranker.of(new WordScorer())).build();
    }

    @AfterAll
    static void close() {
        pipeline.close();
        index.close();
    }

    @Test
    void contentsAreTheHitsOfTheSearchWithEvidenceOfAllStages() {
        List<Content> contents = TwoStageContentRetriever.of(pipeline).retrieve(Query.from("number 7"));
        assertEquals(10, contents.size());
        EvidenceContent best = evidence(contents.getFirst());
        assertEquals("apple number 7", best.textSegment().text());
        assertEquals(List.of("bm25", "vector", "fusion", "rerank"),
                best.evidence().stream().map(Evidence::stage).toList());
        assertEquals(best.evidence("fusion").orElseThrow().score(), best.metadata().get(ContentMetadata.SCORE));
        assertEquals(best.probability().getAsDouble(), best.metadata().get(ContentMetadata.RERANKED_SCORE));
        assertEquals("p7", best.metadata().get(ContentMetadata.EMBEDDING_ID));
        assertEquals("d2", best.hit().passage().documentId());
        assertFalse(best.degraded());
    }

    @Test
    void limitDepthAndUnitAreThePipelines() {
        TwoStageContentRetriever documents = TwoStageContentRetriever.builder().pipeline(pipeline).limit(4).depth(30)
                .unit(SearchRequest.Unit.DOCUMENT).timeout(Duration.ofSeconds(30)).build();
        List<Content> contents = documents.retrieve(Query.from("apple"));
        assertEquals(4, contents.size());
        assertEquals(4, contents.stream().map(content -> evidence(content).hit().passage().documentId()).distinct()
                .count());
        assertEquals(30, TwoStageContentRetriever.builder().pipeline(pipeline).limit(60).build()
                .retrieve(Query.from("apple")).size(), "the depth is not below the limit");
    }

    @Test
    void filtersAreAppliedInTheFirstStage() {
        assertEquals(List.of("apple number 29"),
                found(metadataKey("n").isGreaterThan(28).and(metadataKey("kind").isEqualTo("odd"))));
        assertEquals(List.of("apple number 0"), found(metadataKey("n").isLessThan(2).and(new Not(
                metadataKey("kind").isIn("odd", "none")))));
        assertEquals(List.of("apple number 5"), found(new IsEqualTo("at", Instant.ofEpochSecond(5))));
        assertEquals(List.of("apple number 11"), found(metadataKey("tags").containsString("t11")));
        assertEquals(List.of(), found(metadataKey("nowhere").isEqualTo(1)));
        assertEquals(9, TwoStageContentRetriever.builder().pipeline(pipeline).filter(new IsEqualTo("open", true))
                .limit(30).build().retrieve(Query.from("apple")).size());
    }

    @Test
    void aDynamicFilterIsAskedByEachQueryAndMayGiveNone() {
        TwoStageContentRetriever own = TwoStageContentRetriever.builder().pipeline(pipeline).limit(30)
                .dynamicFilter(query -> query.metadata() == null
                        ? null
                        : metadataKey("n").isEqualTo((Integer) query.metadata().chatMemoryId()))
                .build();
        assertEquals(List.of("apple number 3"),
                texts(own.retrieve(Query.from("apple", Metadata.from(UserMessage.from("apple"), 3, List.of())))));
        assertEquals(30, own.retrieve(Query.from("apple")).size());
    }

    @Test
    void theLastFilterGivenCountsAndABadOneIsRefusedAtOnce() {
        TwoStageContentRetriever.Builder builder = TwoStageContentRetriever.builder().pipeline(pipeline)
                .dynamicFilter(query -> {
                    throw new AssertionError("replaced");
                }).filter(metadataKey("n").isEqualTo(3));
        assertEquals(1, builder.build().retrieve(Query.from("apple")).size());
        assertEquals("filter on kind asks for the order of a java.lang.String: only numbers and instants are in order",
                assertThrows(IllegalArgumentException.class,
                        () -> builder.filter(metadataKey("kind").isGreaterThan("a"))).getMessage());
        TwoStageContentRetriever dynamic = builder.dynamicFilter(query -> metadataKey("kind").isGreaterThan("a"))
                .build();
        assertThrows(IllegalArgumentException.class, () -> dynamic.retrieve(Query.from("apple")));
    }

    @Test
    void filtersNestedFiftyAndAHundredDeepReachTheIndex() {
        for (int depth : new int[]{50, 100}) {
            Filter deep = metadataKey("n").isEqualTo(7);
            for (int i = 0; i < depth / 2; i++) {
                deep = new Not(deep.or(metadataKey("n").isEqualTo(100 + i)));
            }
            List<Content> contents = TwoStageContentRetriever.builder().pipeline(pipeline).filter(deep).limit(30)
                    .build().retrieve(Query.from("apple"));
            assertEquals(depth / 2 % 2 == 0 ? 1 : 29, contents.size(), "nested " + depth);
        }
    }

    @Test
    void aChainOfThousandsOfIdsReachesTheIndex() {
        Filter chain = IntStream.range(5, 5_000).mapToObj(i -> (Filter) new IsEqualTo("n", i))
                .reduce((a, b) -> a.or(b)).orElseThrow();
        assertEquals(25, TwoStageContentRetriever.builder().pipeline(pipeline).filter(chain).limit(30).build()
                .retrieve(Query.from("apple")).size());
    }

    @Test
    void metadataIsThePassagesInTheirTypes() {
        Location location = new Location("handbook/leave.md", List.of("Leave", "Carrying over"), OptionalInt.of(12), 17,
                41);
        Passage passage = new Passage("leave#3", "leave", "Time off", "Five days carry over.", location,
                Map.of("text", Value.of("a"), "whole", Value.of(42), "large", Value.of(1e300), "half", Value.of(0.5),
                        "flag", Value.of(true), "moment", Value.of(Instant.parse("2026-01-31T12:00:00Z")), "several",
                        new Value.Values(List.of(Value.of("a"), Value.of(2), Value.of(false))), "none",
                        Value.of(new String[0]), " ", Value.of("a field they refuse")));
        Map<String, Object> expected = Map.ofEntries(Map.entry("passage_id", "leave#3"),
                Map.entry("document_id", "leave"), Map.entry("title", "Time off"),
                Map.entry("file_name", "handbook/leave.md"), Map.entry("page", 12),
                Map.entry("headings", "Leave > Carrying over"), Map.entry("start", 17), Map.entry("end", 41),
                Map.entry("text", "a"), Map.entry("whole", 42L), Map.entry("large", 1e300), Map.entry("half", 0.5),
                Map.entry("flag", "true"), Map.entry("moment", "2026-01-31T12:00:00Z"),
                Map.entry("several", "a, 2, false"));
        Content content = searched(passage).getFirst();
        assertEquals(expected, content.textSegment().metadata().toMap());
        assertEquals(passage, evidence(content).hit().passage(), "and unchanged in the hit");
    }

    @Test
    void aFieldOfThePassagesOwnCountsInstead() {
        Passage passage = new Passage("p", "d", "Title", "text", Location.NONE,
                Map.of("title", Value.of("own"), "passage_id", Value.of(1)));
        Map<String, Object> metadata = searched(passage).getFirst().textSegment().metadata().toMap();
        assertEquals(Map.of("title", "own", "passage_id", 1L, "document_id", "d"), metadata);
    }

    @Test
    void aPassageWithoutTextShowsItsTitleAndOneWithoutAnythingIsLeftOut() {
        Passage titled = new Passage("a", "a", "Leave", "", Location.NONE, Map.of());
        assertEquals(List.of("Leave", "text"), texts(searched(titled, Passage.of("b", " \0\n"), Passage.of("c", ""),
                Passage.of("d", "text"))));
    }

    @Test
    void withoutRerankerThereIsNoRerankedScore() {
        Retriever one = Fakes.retriever("one", Passage.of("a", "apple"), Passage.of("b", "pear"));
        Retriever other = Fakes.retriever("other", Passage.of("b", "pear"));
        try (SearchPipeline alone = SearchPipeline.builder().retriever(one).build();
                SearchPipeline fused = SearchPipeline.builder().retriever(one).retriever(other).build()) {
            for (SearchPipeline plain : List.of(alone, fused)) {
                for (Content content : TwoStageContentRetriever.of(plain).retrieve(Query.from("apple"))) {
                    assertFalse(content.metadata().containsKey(ContentMetadata.RERANKED_SCORE));
                    assertEquals(evidence(content).score(), content.metadata().get(ContentMetadata.SCORE));
                }
            }
        }
        try (SearchPipeline reranked = SearchPipeline.builder().retriever(one)
                .reranker(Reranker.of(Contents.scorer((query, text) -> text.length()))).build()) {
            Content best = TwoStageContentRetriever.of(reranked).retrieve(Query.from("apple")).getFirst();
            assertEquals(2.0, best.metadata().get(ContentMetadata.SCORE), "of the one retriever");
            assertEquals(5.0, best.metadata().get(ContentMetadata.RERANKED_SCORE), "a logit, for want of probability");
        }
    }

    @Test
    void aRerankerThatFailsLeavesTheFirstStageDegraded() {
        try (SearchPipeline failing = SearchPipeline.builder()
                .retriever(Fakes.retriever("one", Passage.of("a", "apple"), Passage.of("b", "pear")))
                .reranker(Reranker.of(Contents.failing(new IllegalStateException()))).build()) {
            List<Content> contents = TwoStageContentRetriever.of(failing).retrieve(Query.from("pear"));
            assertEquals(List.of("apple", "pear"), texts(contents));
            assertTrue(evidence(contents.getFirst()).degraded());
            assertFalse(contents.getFirst().metadata().containsKey(ContentMetadata.RERANKED_SCORE));
        }
    }

    @Test
    void ifNoRetrieverAnswersItThrows() {
        try (SearchPipeline failing = SearchPipeline.builder().retriever(Fakes.retriever("one", query -> {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "the index is gone");
        })).build()) {
            assertEquals(RerankException.Kind.UNAVAILABLE,
                    assertThrows(RerankException.class,
                            () -> TwoStageContentRetriever.of(failing).retrieve(Query.from("a"))).kind());
        }
    }

    @Test
    void interruptedItThrowsAndKeepsTheFlag() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (SearchPipeline hanging = SearchPipeline.builder().retriever(Fakes.retriever("one", query -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            throw new IllegalStateException("interrupted");
        })).build()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            FutureTask<List<Content>> call = new FutureTask<>(() -> {
                try {
                    return TwoStageContentRetriever.of(hanging).retrieve(Query.from("a"));
                } finally {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            Thread thread = Thread.ofPlatform().start(call);
            asked.await();
            thread.interrupt();
            assertInstanceOf(RerankException.class, assertThrows(ExecutionException.class, call::get).getCause());
            assertTrue(flag.get());
            interrupted.await();
        }
    }

    @Test
    void nothingIsFoundForBlanks() {
        assertEquals(List.of(), TwoStageContentRetriever.of(pipeline).retrieve(Query.from("\u3000")));
    }

    @Test
    void misuseOfTheBuilder() {
        assertEquals("a content retriever needs a search pipeline", assertThrows(IllegalStateException.class,
                () -> TwoStageContentRetriever.builder().build()).getMessage());
        assertEquals("limit must be >= 1, got 0", assertThrows(IllegalArgumentException.class,
                () -> TwoStageContentRetriever.builder().pipeline(pipeline).limit(0).build()).getMessage());
        assertEquals("depth must be >= limit (10), got 9", assertThrows(IllegalArgumentException.class,
                () -> TwoStageContentRetriever.builder().pipeline(pipeline).depth(9).build()).getMessage());
        assertEquals("timeout must be > 0, got PT-1S", assertThrows(IllegalArgumentException.class,
                () -> TwoStageContentRetriever.builder().pipeline(pipeline).timeout(Duration.ofSeconds(-1)).build())
                .getMessage());
    }

    private static List<String> found(Filter filter) {
        return texts(TwoStageContentRetriever.builder().pipeline(pipeline).filter(filter).build()
                .retrieve(Query.from("apple")));
    }

    private static List<Content> searched(Passage... passages) {
        try (SearchPipeline fixed = SearchPipeline.builder().retriever(Fakes.retriever("fixed", passages)).build()) {
            return TwoStageContentRetriever.of(fixed).retrieve(Query.from("anything"));
        }
    }
}
