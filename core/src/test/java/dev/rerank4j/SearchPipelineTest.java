package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a search does when every stage does its part. */
@Timeout(60)
class SearchPipelineTest {

    @Test
    void oneRetrieverAloneIsTheAnswer() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", "a", "b", "c")).build()) {
            SearchResult result = pipeline.search(request(SearchRequest.Unit.PASSAGE, 2, 10));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b", "c").top(2), result.ranking());
            assertEquals(List.of("bm25 3"), outcomes(result));
            assertFalse(result.degraded());
        }
    }

    @Test
    void retrieversRunAtTheSameTime() {
        CyclicBarrier both = new CyclicBarrier(2); // neither passes before the other has started
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> {
                    await(both);
                    return FakeRetriever.ranking("bm25", "a");
                }))
                .retriever(new FakeRetriever("vector", (query, limit, deadline) -> {
                    await(both);
                    return FakeRetriever.ranking("vector", "b");
                })).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("a", "b"), ids(result));
            assertFalse(result.degraded());
        }
    }

    @Test
    void everyHitCarriesTheEvidenceOfEveryStage() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", "a", "b"))
                .retriever(FakeRetriever.of("vector", "b", "c"))
                .fusion(Fusion.reciprocalRank(1))
                .reranker(FakeReranker.reversing()).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("c", "a", "b"), ids(result)); // fused: b, a, c
            assertEquals(List.of(new Evidence("bm25", 2, 1), new Evidence("vector", 1, 2),
                    new Evidence("fusion", 1, 1.0 / 3 + 1.0 / 2), new Evidence("rerank", 3, 1)),
                    result.ranking().hits().getLast().evidence());
            assertEquals(List.of("bm25 2", "vector 2", "fusion 3", "rerank 3"), outcomes(result));
        }
    }

    @Test
    void reportsStandInTheOrderOfThePipelineNotOfFinishing() {
        Gate gate = new Gate();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("slow", (query, limit, deadline) -> {
                    gate.pass();
                    return FakeRetriever.ranking("slow", "a");
                }))
                .retriever(new FakeRetriever("quick", (query, limit, deadline) -> {
                    gate.open();
                    return FakeRetriever.ranking("quick", "b", "c");
                })).build()) {
            assertEquals(List.of("slow 1", "quick 2", "fusion 3"), outcomes(pipeline.search(SearchRequest.of("q"))));
        }
    }

    @Test
    void stagesGetTheQueryTheirNumbersAndOneDeadline() {
        Query query = new Query("q", new Filter.Equal("category", Value.of("shoes")));
        List<Object> seen = new ArrayList<>();
        List<Deadline> deadlines = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (q, limit, deadline) -> {
                    seen.addAll(List.of(q, limit));
                    deadlines.add(deadline);
                    return FakeRetriever.ranking("bm25", "a");
                }))
                .reranker(new FakeReranker("rerank", (q, candidates, limit, deadline) -> {
                    seen.addAll(List.of(q, candidates, limit));
                    deadlines.add(deadline);
                    return FakeReranker.reversed("rerank", candidates);
                })).build()) {
            pipeline.search(new SearchRequest(query, SearchRequest.Unit.PASSAGE, 3, 20, Duration.ofDays(1)));
        }
        assertEquals(List.of(query, 20, query, FakeRetriever.ranking("bm25", "a"), 3), seen);
        assertSame(deadlines.getFirst(), deadlines.getLast());
        assertTrue(deadlines.getFirst().isFinite());
        assertTrue(deadlines.getFirst().remaining().compareTo(Duration.ofDays(1)) <= 0);
    }

    @Test
    void noMoreThanDepthCandidatesAreReranked() {
        String[] one = ids("a", 30);
        String[] two = ids("b", 30);
        List<Integer> candidates = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", one))
                .retriever(FakeRetriever.of("vector", two))
                .reranker(new FakeReranker("rerank", (query, ranking, limit, deadline) -> {
                    candidates.add(ranking.size());
                    return FakeReranker.reversed("rerank", ranking);
                })).build()) {
            SearchResult result = pipeline.search(request(SearchRequest.Unit.PASSAGE, 5, 20));
            assertEquals(List.of(20), candidates);
            // more than asked for, as some services give, is cut in every stage
            assertEquals(List.of("bm25 20", "vector 20", "fusion 20", "rerank 5"), outcomes(result));
            assertEquals(List.of("b10", "a10", "b09", "a09", "b08"), ids(result));
        }
    }

    @Test
    void documentsCollapseAfterReranking() {
        Ranking.Builder ranking = Ranking.builder("bm25");
        ranking.add(passage("p1", "d1"), 4).add(passage("p2", "d2"), 3).add(passage("p3", "d2"), 2)
                .add(passage("p4", "d1"), 1);
        Ranking candidates = ranking.build();
        List<Integer> limits = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> candidates))
                .reranker(new FakeReranker("rerank", (query, all, limit, deadline) -> {
                    limits.add(limit);
                    return FakeReranker.reversed("rerank", all).top(limit);
                })).build()) {
            assertEquals(List.of("p4", "p3"), ids(pipeline.search(request(SearchRequest.Unit.DOCUMENT, 2, 10))));
            assertEquals(List.of("p4"), ids(pipeline.search(request(SearchRequest.Unit.DOCUMENT, 1, 10))));
            assertEquals(List.of("p4", "p3"), ids(pipeline.search(request(SearchRequest.Unit.PASSAGE, 2, 10))));
            assertEquals(List.of(10, 10, 2), limits, "all candidates are needed to find the best of each document");
        }
    }

    @Test
    void documentsCollapseWithoutARerankerToo() {
        Ranking candidates = Ranking.builder("bm25").add(passage("p1", "d1"), 4).add(passage("p2", "d1"), 3)
                .add(passage("p3", "d2"), 2).build();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25", (query, limit, deadline) -> candidates)).build()) {
            assertEquals(List.of("p1", "p3"), ids(pipeline.search(request(SearchRequest.Unit.DOCUMENT, 9, 10))));
        }
    }

    @Test
    void withoutCandidatesThereIsNothingToRerank() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25"))
                .retriever(FakeRetriever.of("vector"))
                .reranker(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
                    throw new AssertionError("called for nothing");
                })).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertTrue(result.ranking().isEmpty());
            assertFalse(result.degraded());
            assertEquals(List.of("bm25 0", "vector 0", "fusion 0"), outcomes(result));
        }
    }

    @Test
    void timesAreTakenInsideTheStageNotAroundTheWait() {
        long[] quick = new long[2];
        Thread[] quickThread = new Thread[1];
        Gate started = new Gate();
        long before = System.nanoTime();
        long[] quickOver = new long[1];
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("slow", (query, limit, deadline) -> {
                    started.pass();
                    join(quickThread[0]);
                    quickOver[0] = System.nanoTime();
                    // goes on for longer than all that was before: whoever waits for both sees the quick one late
                    while (System.nanoTime() - quickOver[0] <= quickOver[0] - before) {
                        Thread.onSpinWait();
                    }
                    return FakeRetriever.ranking("slow", "a");
                }))
                .retriever(new FakeRetriever("quick", (query, limit, deadline) -> {
                    quick[0] = System.nanoTime();
                    quickThread[0] = Thread.currentThread();
                    started.open();
                    quick[1] = System.nanoTime();
                    return FakeRetriever.ranking("quick", "a");
                })).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            long slowTime = result.stages().get(0).time().toNanos();
            long quickTime = result.stages().get(1).time().toNanos();
            assertTrue(quickTime >= quick[1] - quick[0], "all of the work counts");
            assertTrue(quickTime <= quickOver[0] - before, "waiting for the others does not count");
            assertTrue(slowTime > quickOver[0] - before, "all of the slow stage counts");
        }
    }

    @Test
    void searchesDoNotDisturbEachOther() throws Exception {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(new FakeRetriever("bm25",
                        (query, limit, deadline) -> FakeRetriever.ranking("bm25", query.text() + "-a", "shared")))
                .retriever(new FakeRetriever("vector",
                        (query, limit, deadline) -> FakeRetriever.ranking("vector", query.text() + "-b", "shared")))
                .reranker(FakeReranker.reversing()).build();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SearchResult>> running = IntStream.range(0, 100)
                    .mapToObj(i -> executor.submit(() -> pipeline.search(SearchRequest.of("q" + i)))).toList();
            for (int i = 0; i < running.size(); i++) {
                SearchResult result = running.get(i).get();
                assertEquals(List.of("q" + i + "-b", "q" + i + "-a", "shared"), ids(result));
                assertFalse(result.degraded());
            }
        }
    }

    @Test
    void aBuilderThatGoesOnDoesNotChangeWhatItBuilt() {
        SearchPipeline.Builder builder = SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a"));
        try (SearchPipeline pipeline = builder.build();
                SearchPipeline larger = builder.retriever(FakeRetriever.of("vector", "b")).build()) {
            assertEquals(List.of("bm25 1"), outcomes(pipeline.search(SearchRequest.of("q"))));
            assertEquals(List.of("bm25 1", "vector 1", "fusion 2"), outcomes(larger.search(SearchRequest.of("q"))));
        }
    }

    @Test
    void aPipelineNeedsAStage() {
        assertEquals("a search pipeline needs at least one retriever or a reranker",
                assertThrows(IllegalStateException.class, () -> SearchPipeline.builder().build()).getMessage());
    }

    @Test
    void withoutARetrieverThereIsNoSearch() {
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(FakeReranker.reversing()).build()) {
            assertEquals("a search pipeline needs at least one retriever to search",
                    assertThrows(IllegalStateException.class, () -> pipeline.search(SearchRequest.of("q")))
                            .getMessage());
        }
    }

    @Test
    void candidatesFoundElsewhereAreReranked() {
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(FakeReranker.reversing()).build()) {
            SearchResult result = pipeline.rerank(request(SearchRequest.Unit.PASSAGE, 2, 3),
                    FakeRetriever.ranking("elsewhere", "a", "b", "c", "beyond the depth"));
            assertEquals(List.of("c", "b"), ids(result));
            assertEquals(List.of(new Evidence("elsewhere", 3, 2), new Evidence("rerank", 1, 3)),
                    result.ranking().hits().getFirst().evidence());
            assertEquals(List.of("rerank 2"), outcomes(result));
            assertTrue(pipeline.rerank(SearchRequest.of("q"), FakeRetriever.ranking("elsewhere")).ranking().isEmpty());
        }
    }

    @Test
    void candidatesFoundElsewhereKeepTheirOrderIfTheRerankerFails() {
        List<SearchResult> heard = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder().listener((request, result) -> heard.add(result))
                .reranker(new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
                    throw new RerankException(RerankException.Kind.UNAVAILABLE, "the model is gone");
                })).build()) {
            SearchResult result = pipeline.rerank(request(SearchRequest.Unit.PASSAGE, 2, 3),
                    FakeRetriever.ranking("elsewhere", "a", "b", "c"));
            assertEquals(List.of("a", "b"), ids(result));
            assertTrue(result.degraded());
            assertEquals(List.of(result), heard);
        }
    }

    @Test
    void stageNamesDiffer() {
        for (SearchPipeline.Builder builder : List.of(
                SearchPipeline.builder().retriever(FakeRetriever.of("x")).retriever(FakeRetriever.of("x")),
                SearchPipeline.builder().retriever(FakeRetriever.of("x"))
                        .reranker(new FakeReranker("x", (query, candidates, limit, deadline) -> candidates)))) {
            assertEquals("stage names must differ, got x twice",
                    assertThrows(IllegalArgumentException.class, builder::build).getMessage());
        }
        assertThrows(IllegalArgumentException.class,
                () -> SearchPipeline.builder().retriever(FakeRetriever.of(Fusion.NAME)).build());
    }

    @Test
    void whatDoesNotApplyIsSkippedAndThatIsNoFailure() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", "a", "b"))
                .retriever(new FakeRetriever("vector", (query, limit, deadline) -> {
                    throw new AssertionError("asked");
                }))
                .reranker(FakeReranker.reversing())
                .applicability((stage, query) -> stage.equals("bm25")
                        ? Optional.empty()
                        : Optional.of("knows no " + query.text()))
                .build()) {
            SearchResult result = pipeline.search(SearchRequest.of("Deutsch"));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b"), result.ranking());
            assertEquals(List.of("bm25 2", "vector skipped: knows no Deutsch", "rerank skipped: knows no Deutsch"),
                    outcomes(result));
            assertEquals(Duration.ZERO, result.stages().getLast().time());
            assertFalse(result.degraded());
        }
    }

    @Test
    void aSkippedRetrieverKeepsItsPlaceInTheFusion() {
        List<List<Integer>> sizes = new ArrayList<>();
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("first", "a"))
                .retriever(FakeRetriever.of("second", "b", "c"))
                .retriever(FakeRetriever.of("third", "d", "e", "f"))
                .fusion(rankings -> {
                    sizes.add(rankings.stream().map(Ranking::size).toList());
                    return Fusion.reciprocalRank(1).fuse(rankings);
                })
                .applicability((stage, query) -> Optional.of("no").filter(reason -> stage.equals("second"))).build()) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of(List.of(1, 0, 3)), sizes);
            assertEquals(List.of("first 1", "second skipped: no", "third 3", "fusion 4"), outcomes(result));
        }
    }

    @Test
    void someRetrieverMustApply() {
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("vector", "a"))
                .applicability((stage, query) -> Optional.of("knows English only")).build()) {
            RerankException e = assertThrows(RerankException.class, () -> pipeline.search(SearchRequest.of("q")));
            assertEquals(RerankException.Kind.INVALID_REQUEST, e.kind());
            assertEquals("no retriever applies to the query (vector: knows English only)", e.getMessage());
        }
    }

    private static SearchRequest request(SearchRequest.Unit unit, int limit, int depth) {
        return new SearchRequest(Query.of("q"), unit, limit, depth, SearchRequest.DEFAULT_TIMEOUT);
    }

    private static Passage passage(String id, String document) {
        return new Passage(id, document, "", "", Location.NONE, Map.of());
    }

    private static String[] ids(String prefix, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "%s%02d".formatted(prefix, i)).toArray(String[]::new);
    }

    private static List<String> ids(SearchResult result) {
        return result.ranking().hits().stream().map(hit -> hit.passage().id()).toList();
    }

    private static List<String> outcomes(SearchResult result) {
        return result.stages().stream().map(report -> switch (report) {
            case StageReport.Completed completed -> completed.stage() + " " + completed.candidates();
            case StageReport.Failed failed -> failed.stage() + " failed: " + failed.reason();
            case StageReport.Skipped skipped -> skipped.stage() + " skipped: " + skipped.reason();
        }).toList();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
