package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A {@linkplain Reranker#cascade cascade} in a {@link SearchPipeline}: each of its stages is one of the search. */
@Timeout(60)
class CascadePipelineTest {

    private static final FakeReranker REVERSING = FakeReranker.reversing();

    @Test
    void everyStageIsReported() {
        try (SearchPipeline pipeline = pipeline(REVERSING, 3, REVERSING, 2)) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("b", "c", "a", "d"), ids(result));
            assertFalse(result.degraded());
            assertEquals("rerank", result.ranking().stage());
            assertEquals(List.of("bm25", "rerank-1", "rerank-2"), names(result));
            assertEquals(3, assertInstanceOf(StageReport.Completed.class, result.stages().get(1)).candidates());
            assertEquals(2, assertInstanceOf(StageReport.Completed.class, result.stages().get(2)).candidates());
        }
    }

    @Test
    void itAnswersAsItDoesByItself() {
        Reranker words = Reranker.of(new WordScorer());
        Reranker cascade = CascadeRerankerTest.cascade(new CascadeStage(words, 3), new CascadeStage(REVERSING, 2));
        Query query = Query.of("c");
        try (SearchPipeline pipeline = SearchPipeline.builder()
                .retriever(FakeRetriever.of("bm25", "a", "b", "c", "d", "e")).reranker(cascade).build()) {
            for (int limit = 1; limit < 6; limit++) {
                assertEquals(
                        cascade.rerank(query, FakeRetriever.ranking("bm25", "a", "b", "c", "d", "e"), limit,
                                Deadline.none()),
                        pipeline.search(new SearchRequest(query, SearchRequest.Unit.PASSAGE, limit, 50,
                                Duration.ofSeconds(30))).ranking());
            }
        }
    }

    /** The strong model does not heed its deadline: the cheap one's order is the answer nevertheless. */
    @Test
    void aStageThatHangsIsCutOffAndTheOrderOfTheOneBeforeIsTheAnswer() throws InterruptedException {
        Gate gate = new Gate();
        FakeReranker hanging = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            gate.passStubbornly();
            return FakeReranker.reversed("rerank", candidates);
        });
        SearchResult first;
        try (SearchPipeline pipeline = pipeline(REVERSING, 3)) {
            first = pipeline.search(SearchRequest.of("q"));
        }
        try (SearchPipeline pipeline = pipeline(REVERSING, 3, hanging, 2)) {
            SearchResult result = pipeline.search(withTimeout(Duration.ofSeconds(1)));
            assertEquals(ids(first), ids(result));
            assertEquals(first.ranking(), result.ranking(), "with the same scores and evidence");
            assertTrue(result.degraded());
            assertInstanceOf(StageReport.Completed.class, result.stages().get(1));
            assertFailed("rerank-2", RerankException.Kind.TIMEOUT, "cut off at the deadline", result.stages().get(2));
            gate.awaitInterrupted();
        } finally {
            gate.open(); // only after search and close have returned
        }
    }

    @Test
    void whereTheFirstStageTakesAllTheTimeTheNextIsNotAsked() throws InterruptedException {
        Gate gate = new Gate();
        List<String> asked = new ArrayList<>();
        FakeReranker hanging = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            gate.pass();
            return candidates;
        });
        FakeReranker second = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            asked.add("second");
            return FakeReranker.reversed("rerank", candidates);
        });
        try (SearchPipeline pipeline = pipeline(hanging, 3, second, 2)) {
            SearchResult result = pipeline.search(withTimeout(Duration.ofSeconds(1)));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b", "c", "d"), result.ranking());
            assertFailed("rerank-1", RerankException.Kind.TIMEOUT, "cut off at the deadline", result.stages().get(1));
            assertEquals(RerankException.Kind.TIMEOUT,
                    assertInstanceOf(StageReport.Failed.class, result.stages().get(2)).kind());
            gate.awaitInterrupted();
        }
        assertEquals(List.of(), asked);
    }

    @Test
    void aStageThatFailsIsLeftOut() {
        FakeReranker broken = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            throw new RerankException(RerankException.Kind.MODEL, "no memory");
        });
        try (SearchPipeline pipeline = pipeline(broken, 3, REVERSING, 2)) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(List.of("b", "a", "c", "d"), ids(result));
            assertFailed("rerank-1", RerankException.Kind.MODEL, "no memory", result.stages().get(1));
            assertEquals(List.of("bm25", "rerank-2", "rerank"),
                    result.ranking().hits().getFirst().evidence().stream().map(Evidence::stage).toList());
        }
        try (SearchPipeline pipeline = pipeline(broken, 3, broken, 2)) {
            SearchResult result = pipeline.search(SearchRequest.of("q"));
            assertEquals(FakeRetriever.ranking("bm25", "a", "b", "c", "d"), result.ranking());
            assertEquals(List.of("bm25", "rerank-1", "rerank-2"), names(result));
            assertTrue(result.degraded());
        }
    }

    @Test
    void aStageThatDoesNotApplyIsSkippedByItself() {
        for (String foreign : List.of("rerank-1", "rerank-2")) {
            try (SearchPipeline pipeline = SearchPipeline.builder()
                    .retriever(FakeRetriever.of("bm25", "a", "b", "c", "d"))
                    .reranker(CascadeRerankerTest.cascade(new CascadeStage(REVERSING, 3),
                            new CascadeStage(REVERSING, 2)))
                    .applicability((stage, query) -> stage.equals(foreign)
                            ? Optional.of("it reads English")
                            : Optional.empty())
                    .build()) {
                SearchResult result = pipeline.search(SearchRequest.of("q"));
                assertEquals(foreign.equals("rerank-1") ? List.of("b", "a", "c", "d") : List.of("c", "b", "a", "d"),
                        ids(result));
                assertEquals(List.of("bm25", "rerank-1", "rerank-2"), names(result));
                assertTrue(result.stages().contains(new StageReport.Skipped(foreign, "it reads English")));
                assertFalse(result.degraded());
            }
        }
    }

    @Test
    void documentsCollapseAfterTheLastStage() {
        Ranking.Builder found = Ranking.builder("bm25");
        for (int i = 0; i < 6; i++) {
            found.add(new Passage("p" + i, "d" + i / 2, "", "text", Location.NONE, Map.of()), -i);
        }
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(CascadeRerankerTest.cascade(
                new CascadeStage(REVERSING, 4), new CascadeStage(REVERSING, 2))).build()) {
            SearchResult result = pipeline.rerank(new SearchRequest(Query.of("q"), SearchRequest.Unit.DOCUMENT, 3, 6,
                    Duration.ofSeconds(30)), found.build());
            // p3 p2 p1 p0 p4 p5, then p2 p3 ...: what no stage read still makes three documents
            assertEquals(List.of("p2", "p1", "p4"), ids(result));
        }
    }

    @Test
    void candidatesOfAnEarlierCascadeAreRefusedByEachStage() {
        try (SearchPipeline pipeline = pipeline(REVERSING, 3, REVERSING, 2)) {
            Ranking once = pipeline.search(SearchRequest.of("q")).ranking();
            SearchResult again = pipeline.rerank(SearchRequest.of("q"), once);
            assertEquals(once, again.ranking());
            assertFailed("rerank-1", RerankException.Kind.INVALID_REQUEST,
                    "stage rerank has already ranked passage b: give each stage of a search its own name",
                    again.stages().getFirst());
        }
    }

    @Test
    void interruptingTheSearchEndsTheStageThatRuns() throws Exception {
        Gate gate = new Gate();
        FakeReranker hanging = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            gate.pass();
            return candidates;
        });
        try (SearchPipeline pipeline = pipeline(REVERSING, 3, hanging, 2)) {
            CompletableFuture<RerankException> thrown = new CompletableFuture<>();
            Thread searching = Thread.ofVirtual().start(() -> thrown.complete(assertThrows(RerankException.class,
                    () -> pipeline.search(SearchRequest.of("q")))));
            gate.awaitReached();
            searching.interrupt();
            assertEquals(RerankException.Kind.UNAVAILABLE, thrown.get().kind());
            gate.awaitInterrupted();
        }
    }

    private static SearchPipeline pipeline(Reranker only, int depth) {
        return pipeline(List.of(new CascadeStage(only, depth)));
    }

    private static SearchPipeline pipeline(Reranker first, int depth, Reranker second, int nextDepth) {
        return pipeline(List.of(new CascadeStage(first, depth), new CascadeStage(second, nextDepth)));
    }

    private static SearchPipeline pipeline(List<CascadeStage> stages) {
        return SearchPipeline.builder().retriever(FakeRetriever.of("bm25", "a", "b", "c", "d"))
                .reranker(Reranker.cascade(stages)).build();
    }

    private static SearchRequest withTimeout(Duration timeout) {
        return new SearchRequest(Query.of("q"), SearchRequest.Unit.PASSAGE, 10, 50, timeout);
    }

    private static void assertFailed(String stage, RerankException.Kind kind, String reason, StageReport report) {
        StageReport.Failed failed = assertInstanceOf(StageReport.Failed.class, report);
        assertEquals(stage, failed.stage());
        assertEquals(kind, failed.kind());
        assertEquals(reason, failed.reason());
    }

    private static List<String> ids(SearchResult result) {
        return CascadeRerankerTest.ids(result.ranking());
    }

    private static List<String> names(SearchResult result) {
        return result.stages().stream().map(StageReport::stage).toList();
    }
}
