package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search does when a stage is late, the searching thread is interrupted or the pipeline is closed. */
@Timeout(60)
class SearchPipelineDeadlineTest {

    @Test
    void aLateRerankerIsCutOffAndInterrupted() throws InterruptedException {
        Gate gate = new Gate();
        try (SearchPipeline pipeline = pipeline(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            gate.pass();
            return candidates;
        }))) {
            SearchResult result = pipeline.search(withTimeout(Duration.ofSeconds(1)));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b", "c"), result.ranking());
            assertTrue(result.degraded());
            assertCutOff("rerank", result.stages().getLast());
            gate.awaitInterrupted();
        }
    }

    @Test
    void aRerankerThatCannotBeInterruptedIsLeftBehind() throws InterruptedException {
        Gate gate = new Gate();
        try (SearchPipeline pipeline = pipeline(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            gate.passStubbornly();
            return candidates;
        }))) {
            SearchResult result = pipeline.search(withTimeout(Duration.ofSeconds(1)));
            assertEquals(List.of("a", "b", "c"), ids(result));
            assertCutOff("rerank", result.stages().getLast());
            gate.awaitInterrupted();
        } finally {
            gate.open(); // only after search and close have returned
        }
    }

    @Test
    void aLateRetrieverIsCutOffAndTheOthersAnswer() throws InterruptedException {
        Gate gate = new Gate();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("late", (query, limit, deadline) -> {
                    gate.pass();
                    return FakeRetriever.ranking("late", "x");
                }))
                .retriever(FakeRetriever.of("vector", "a", "b")).build()) {
            SearchResult result = pipeline.search(withTimeout(Duration.ofSeconds(1)));
            assertEquals(List.of("a", "b"), ids(result));
            assertCutOff("late", result.stages().getFirst());
            assertInstanceOf(StageReport.Completed.class, result.stages().get(1), "done before its turn came");
            assertInstanceOf(StageReport.Completed.class, result.stages().get(2), "fusion is worth more than the time");
            gate.awaitInterrupted();
        }
    }

    @Test
    void ifAllRetrieversAreLateTheSearchTimesOut() throws InterruptedException {
        Gate one = new Gate();
        Gate two = new Gate();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(waiting("bm25", one)).retriever(waiting("vector", two)).build()) {
            RerankException e = assertThrows(RerankException.class,
                    () -> pipeline.search(withTimeout(Duration.ofMillis(100))));
            assertEquals(RerankException.Kind.TIMEOUT, e.kind());
            assertEquals("no retriever answered (bm25: cut off at the deadline; vector: cut off at the deadline)",
                    e.getMessage());
        }
    }

    @Test
    void interruptingTheSearchInterruptsItsStages() throws Exception {
        Gate one = new Gate();
        Gate two = new Gate();
        List<RerankException> heard = new ArrayList<>();
        SearchListener listener = new SearchListener() {
            @Override
            public void onResult(SearchRequest request, SearchResult result) {
                throw new AssertionError("there is no result");
            }

            @Override
            public void onFailure(SearchRequest request, RerankException failure) {
                heard.add(failure);
            }
        };
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(waiting("bm25", one)).retriever(waiting("vector", two))
                .listener(listener).build()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            FutureTask<SearchResult> search = new FutureTask<>(() -> {
                try {
                    return pipeline.search(SearchRequest.of("q"));
                } finally {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            Thread thread = Thread.ofPlatform().start(search);
            one.awaitReached();
            two.awaitReached();
            thread.interrupt();
            RerankException e = assertInstanceOf(RerankException.class,
                    assertThrows(ExecutionException.class, search::get).getCause());
            assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
            assertInstanceOf(InterruptedException.class, e.getCause());
            assertTrue(flag.get(), "the thread is still interrupted");
            one.awaitInterrupted();
            two.awaitInterrupted();
            assertEquals(List.of(e), heard);
        }
    }

    @Test
    void closingEndsRunningSearchesAndRefusesNewOnes() throws Exception {
        Gate gate = new Gate();
        SearchPipeline pipeline = SearchPipeline.builder().retriever(waiting("bm25", gate)).build();
        Future<SearchResult> search = CompletableFuture.supplyAsync(() -> pipeline.search(SearchRequest.of("q")),
                task -> Thread.ofVirtual().start(task));
        gate.awaitReached();
        pipeline.close();
        gate.awaitInterrupted();
        Throwable end = assertThrows(ExecutionException.class, search::get).getCause();
        assertEquals(RerankException.Kind.UNAVAILABLE, assertInstanceOf(RerankException.class, end).kind());
        assertClosed(pipeline);
        pipeline.close();
        assertClosed(pipeline);
    }

    @Test
    void closingBetweenTheStagesRefusesTheRest() {
        SearchPipeline[] self = new SearchPipeline[1];
        self[0] = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> {
                    self[0].close();
                    return FakeRetriever.ranking("bm25", "a");
                }))
                .reranker(FakeReranker.reversing()).build();
        assertClosed(self[0]);
    }

    private static SearchPipeline pipeline(Reranker reranker) {
        return SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a", "b", "c")).reranker(reranker).build();
    }

    private static Retriever waiting(String name, Gate gate) {
        return new FakeRetriever(name, (query, limit, deadline) -> {
            gate.pass();
            return FakeRetriever.ranking(name, "x");
        });
    }

    private static SearchRequest withTimeout(Duration timeout) {
        return new SearchRequest(Query.of("q"), SearchRequest.Unit.PASSAGE, 10, 50, timeout);
    }

    private static void assertCutOff(String stage, StageReport report) {
        StageReport.Failed failed = assertInstanceOf(StageReport.Failed.class, report);
        assertEquals(stage, failed.stage());
        assertEquals(RerankException.Kind.TIMEOUT, failed.kind());
        assertEquals("cut off at the deadline", failed.reason());
        assertFalse(failed.time().isNegative());
    }

    private static void assertClosed(SearchPipeline pipeline) {
        assertEquals("search pipeline is closed", assertThrows(IllegalStateException.class,
                () -> pipeline.search(SearchRequest.of("q"))).getMessage());
    }

    private static List<String> ids(SearchResult result) {
        return result.ranking().hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
