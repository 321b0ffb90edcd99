package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search does when a stage fails. */
@Timeout(60)
class SearchPipelineFailureTest {

    private static final RerankException DOWN = new RerankException(RerankException.Kind.UNAVAILABLE,
            "the index is locked");

    @Test
    void aFailingRetrieverLeavesTheOthers() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.failing("bm25", DOWN))
                .retriever(FakeRetriever.of("vector", "a", "b"))
                .reranker(FakeReranker.reversing()).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("b", "a"), ids(result));
            assertTrue(result.degraded());
            assertFailed("bm25", RerankException.Kind.UNAVAILABLE, "the index is locked", result.stages().getFirst());
            assertEquals(List.of("bm25", "vector", "fusion", "rerank"),
                    result.stages().stream().map(StageReport::stage).toList());
            assertEquals(1, result.stages().stream().filter(StageReport.Failed.class::isInstance).count());
        }
    }

    @Test
    void aFailedRetrieverKeepsItsPlaceInTheFusion() {
        List<Ranking> seen = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.failing("bm25", DOWN))
                .retriever(FakeRetriever.of("vector", "a", "b"))
                .fusion(rankings -> {
                    seen.addAll(rankings);
                    return Fusion.weighted(1, 5).fuse(rankings);
                }).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of(Ranking.builder("bm25").build(), FakeRetriever.ranking("vector", "a", "b")), seen);
            assertEquals(5, result.ranking().hits().getFirst().score());
        }
    }

    @Test
    void ifNoRetrieverAnswersTheSearchFailsWithTheFirstKind() {
        RerankException late = new RerankException(RerankException.Kind.TIMEOUT, "the service did not answer");
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.failing("bm25", DOWN))
                .retriever(FakeRetriever.failing("vector", late))
                .reranker(FakeReranker.reversing()).build()) {
            RerankException e = assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q")));
            assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
            assertEquals("no retriever answered (bm25: the index is locked; vector: the service did not answer)",
                    e.getMessage());
            assertSame(DOWN, e.getCause());
            assertArrayEquals(new Throwable[]{late}, e.getSuppressed());
            assertEquals(e.kind(),
                    assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q"))).kind(),
                    "the pipeline remains usable");
        }
    }

    @Test
    void aFailingRerankerLeavesTheFirstStageOrder() {
        try (SearchPipeline pipeline = pipeline(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            throw new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
        }))) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b", "c"), result.ranking());
            assertTrue(result.degraded());
            assertFailed("rerank", RerankException.Kind.OVERLOADED, "too much is waiting", result.stages().getLast());
        }
    }

    @Test
    void whatIsNotForeseenIsInternalAndItsMessageIsNotShown() {
        List<Throwable> failures = List.of(new IllegalStateException("text of a query"),
                new NullPointerException("text of a query"), new StackOverflowError("text of a query"),
                new AssertionError("text of a query"));
        for (Throwable failure : failures) {
            try (SearchPipeline pipeline = pipeline(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
                throw sneaky(failure);
            }))) {
                SearchResult result = pipeline.search(SearchRequest.of("q"));
                assertEquals(List.of("a", "b", "c"), ids(result));
                assertFailed("rerank", RerankException.Kind.INTERNAL,
                        "unexpected failure: " + failure.getClass().getName(), result.stages().getLast());
            }
        }
    }

    @Test
    void anErrorInEveryRetrieverIsTheCauseOfTheFailure() {
        StackOverflowError error = new StackOverflowError();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> {
                    throw error;
                })).build()) {
            RerankException e = assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q")));
            assertEquals(RerankException.Kind.INTERNAL, e.kind());
            assertSame(error, e.getCause().getCause());
        }
    }

    @Test
    void whatAStageTakesForMisuseIsAnInvalidRequest() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", "a"))
                .retriever(FakeRetriever.failing("vector", new IllegalArgumentException("no field colour"))).build()) {
            assertFailed("vector", RerankException.Kind.INVALID_REQUEST, "no field colour",
                    pipeline.search(SearchRequest.of("q")).stages().get(1));
        }
    }

    @Test
    void aStageThatGivesNullHasFailed() {
        try (SearchPipeline pipeline = pipeline(
                new FakeReranker("rerank", (query, candidates, limit, deadline) -> missing()))) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("a", "b", "c"), ids(result));
            assertFailed("rerank", RerankException.Kind.INTERNAL,
                    "unexpected failure: java.lang.NullPointerException", result.stages().getLast());
        }
    }

    @Test
    void aFailingFusionLeavesTheFirstRankingThatHasHits() {
        Fusion broken = rankings -> {
            throw new IllegalStateException("no");
        };
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25"))
                .retriever(FakeRetriever.of("vector", "a", "b"))
                .retriever(FakeRetriever.of("third", "c"))
                .fusion(broken)
                .reranker(FakeReranker.reversing()).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("b", "a"), ids(result));
            assertTrue(result.degraded());
            assertInstanceOf(StageReport.Failed.class, result.stages().get(3));
        }
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(FakeRetriever.of("bm25"))
                .retriever(FakeRetriever.of("vector")).fusion(broken).build()) {
            assertTrue(pipeline.search(SearchRequest.of("q")).ranking().isEmpty());
        }
    }

    @Test
    void listenersHearEveryAnswerAndEveryFailure() {
        List<SearchResult> results = new ArrayList<>();
        List<RerankException> failures = new ArrayList<>();
        RuntimeException[] next = new RuntimeException[1];
        SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> {
                    if (next[0] != null) {
                        throw next[0];
                    }
                    return FakeRetriever.ranking("bm25", "a");
                }))
                .listener(SearchListener.NONE)
                .listener(new Listener(results, failures)).build();
        SearchResult result = pipeline.search(SearchRequest.of("q"));
        assertEquals(List.of(result), results);
        assertSame(result, results.getFirst());
        assertEquals(List.of(), failures);
        next[0] = DOWN;
        RerankException e = assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q")));
        assertEquals(List.of(e), failures);
        pipeline.close();
        assertClosed(pipeline);
        assertEquals(1, results.size());
        assertEquals(1, failures.size(), "misuse is not a search that failed");
    }

    @Test
    void whatAListenerThrowsIsNotAFailureOfTheSearch() {
        List<RerankException> failures = new ArrayList<>();
        RerankException thrown = new RerankException(RerankException.Kind.INTERNAL, "the meter is broken");
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a"))
                .listener(new SearchListener() {
                    @Override
                    public void onResult(SearchRequest request, SearchResult result) {
                        throw thrown;
                    }

                    @Override
                    public void onFailure(SearchRequest request, RerankException failure) {
                        failures.add(failure);
                    }
                }).build()) {
            assertSame(thrown, assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q"))));
            assertEquals(List.of(), failures);
        }
    }

    @Test
    void theListenerIsCalledOnTheSearchingThread() {
        List<Thread> threads = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a"))
                .listener((request, result) -> threads.add(Thread.currentThread())).build()) {
            pipeline.search(SearchRequest.of("q"));
        }
        assertEquals(List.of(Thread.currentThread()), threads);
    }

    private record Listener(List<SearchResult> results, List<RerankException> failures) implements SearchListener {

        @Override
        public void onResult(SearchRequest request, SearchResult result) {
            results.add(result);
        }

        @Override
        public void onFailure(SearchRequest request, RerankException failure) {
            failures.add(failure);
        }
    }

    private static SearchPipeline pipeline(Reranker reranker) {
        return SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a", "b", "c")).reranker(reranker).build();
    }

    private static void assertFailed(String stage, RerankException.Kind kind, String reason, StageReport report) {
        StageReport.Failed failed = assertInstanceOf(StageReport.Failed.class, report);
        assertEquals(stage, failed.stage());
        assertEquals(kind, failed.kind());
        assertEquals(reason, failed.reason());
        assertFalse(failed.time().isNegative());
    }

    private static void assertClosed(SearchPipeline pipeline) {
        assertEquals("search pipeline is closed", assertThrows(IllegalStateException.class,
                () -> pipeline.search(SearchRequest.of("q"))).getMessage());
    }

    private static List<String> ids(SearchResult result) {
        return result.ranking().hits().stream().map(hit -> hit.passage().id()).toList();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    /** What a stage written without regard for the contract may give. */
    private static Ranking missing() {
        return null;
    }
}
