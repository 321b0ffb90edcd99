package dev.rerank4j.langchain4j;

import static dev.rerank4j.langchain4j.Contents.contents;
import static dev.rerank4j.langchain4j.Contents.evidence;
import static dev.rerank4j.langchain4j.Contents.failing;
import static dev.rerank4j.langchain4j.Contents.found;
import static dev.rerank4j.langchain4j.Contents.scorer;
import static dev.rerank4j.langchain4j.Contents.stored;
import static dev.rerank4j.langchain4j.Contents.texts;
import static dev.rerank4j.langchain4j.Contents.waiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.rerank4j.AdaptiveDepth;
import dev.rerank4j.CascadeStage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchListener;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.WordScorer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the aggregator does with bad input, a model that fails or hangs, and threads of all kinds. */
@Timeout(60)
class AggregatorFailureTest {

    private static final Map<Query, Collection<List<Content>>> FOUND = found("apples",
            List.of(stored("pears", 0.9, "e-1"), stored("plums", 0.8, "e-2"), stored("apples", 0.7, "e-3")));

    @Test
    void aModelThatThrowsLeavesTheFirstStageOrder() {
        for (RuntimeException failure : List.of(
                new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting"),
                new IllegalStateException("scorer is closed"), new NullPointerException())) {
            List<StageReport> reports = new ArrayList<>();
            try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builder().scorer(failing(failure))
                    .minScore(0.99).maxResults(2)
                    .listener((request, result) -> reports.addAll(result.stages())).build()) {
                List<Content> contents = aggregator.aggregate(FOUND);
                assertEquals(List.of("pears", "plums"), texts(contents), "minScore cannot be applied");
                assertDegraded(contents);
                assertEquals(0.9, contents.getFirst().metadata().get(ContentMetadata.SCORE));
            }
            assertInstanceOf(StageReport.Failed.class, reports.getFirst());
        }
    }

    @Test
    void whereTheLastModelOfACascadeFailsTheOrderOfTheOneBeforeRemains() {
        Reranker cascade = Reranker.cascade(List.of(new CascadeStage(Reranker.of(new WordScorer()), 3),
                new CascadeStage(Reranker.of(failing(new RerankException(RerankException.Kind.MODEL, "no memory"))),
                        2)));
        Map<Query, Collection<List<Content>>> several = new LinkedHashMap<>(FOUND);
        several.put(Query.from("fruit"), List.of(stored("figs", 0.5, "e-4")).stream().map(List::of).toList());
        for (Map<Query, Collection<List<Content>>> found : List.of(FOUND, several)) {
            List<StageReport> reports = new ArrayList<>();
            try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builder().reranker(cascade)
                    .listener((request, result) -> reports.addAll(result.stages())).build()) {
                assertEquals("apples", texts(aggregator.aggregate(found)).getFirst());
            }
            // with several queries it is one stage, which answered
            assertEquals(found == several ? List.of("rerank") : List.of("rerank-1", "rerank-2"),
                    reports.stream().map(StageReport::stage).toList());
        }
    }

    @Test
    void aModelThatHangsIsLeftBehindAtTheDeadline() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builder().scorer(waiting(asked, go))
                .timeout(Duration.ofMillis(200)).build()) {
            List<Content> contents = aggregator.aggregate(FOUND);
            assertEquals(List.of("pears", "plums", "apples"), texts(contents));
            assertDegraded(contents);
        } finally {
            go.countDown();
        }
        asked.await();
    }

    @Test
    void anOlderRerankedScoreIsNotTakenForOurs() {
        Content content = Content.from(TextSegment.from("pears"), Map.of(ContentMetadata.RERANKED_SCORE, 0.99));
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator
                .of(failing(new IllegalStateException()))) {
            assertDegraded(aggregator.aggregate(found("apples", List.of(content))));
        }
    }

    @Test
    void withSeveralQueriesOneFailureDegradesAll() {
        Map<Query, Collection<List<Content>>> found = new LinkedHashMap<>();
        found.put(Query.from("apples"), List.of(contents("a", "b")));
        found.put(Query.from("pears"), List.of(contents("c")));
        Scorer scorer = scorer((query, text) -> {
            if (query.equals("pears")) {
                throw new RerankException(RerankException.Kind.MODEL, "no");
            }
            return 1;
        });
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(scorer)) {
            List<Content> contents = aggregator.aggregate(found);
            assertEquals(List.of("a", "c", "b"), texts(contents));
            assertDegraded(contents);
        }
    }

    @Test
    void interruptingTheCallerInterruptsTheModelAndKeepsTheFlag() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Scorer scorer = scorer((query, text) -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return 0;
        });
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
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builder().scorer(scorer)
                .listener(listener).build()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            FutureTask<List<Content>> call = new FutureTask<>(() -> {
                try {
                    return aggregator.aggregate(FOUND);
                } finally {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            Thread thread = Thread.ofVirtual().start(call);
            asked.await();
            thread.interrupt();
            RerankException e = assertInstanceOf(RerankException.class,
                    assertThrows(ExecutionException.class, call::get).getCause());
            assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
            assertTrue(flag.get(), "the flag is kept");
            interrupted.await();
            assertEquals(List.of(e), heard);
            assertEquals(List.of("apples", "pears", "plums"),
                    texts(EvidenceContentAggregator.of(new WordScorer()).aggregate(FOUND)), "others are not concerned");
        }
    }

    @Test
    void contentsWithoutTextAreLeftOut() {
        List<Content> contents = new ArrayList<>(contents("apples"));
        contents.add(null);
        contents.add(odd(null));
        contents.add(odd(new TextSegment("x", new Metadata()) {
            @Override
            public String text() {
                return null;
            }
        }));
        contents.add(odd(new TextSegment("x", new Metadata()) {
            @Override
            public String text() {
                return "";
            }
        }));
        contents.add(Content.from("\u3000")); // an ideographic space is a text to LangChain4j
        contents.add(odd(TextSegment.from("pears"))); // without a metadata map
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            assertEquals(List.of("pears", "apples"), texts(aggregator.aggregate(found("pears", contents))));
            assertEquals(List.of(), aggregator.aggregate(found("pears", Arrays.asList(null, odd(null)))));
        }
    }

    @Test
    void aQueryOfOtherBlanksAloneLeavesTheFirstStageOrder() {
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator
                .of(failing(new IllegalStateException("there is nothing to ask")))) {
            List<Content> contents = aggregator.aggregate(found("\u3000", contents("b", "a")));
            assertEquals(List.of("b", "a"), texts(contents));
            assertFalse(evidence(contents.getFirst()).degraded());
        }
    }

    @Test
    void aQueryThatFillsTheWindowLeavesTheFirstStageOrder() {
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            assertDegraded(aggregator.aggregate(found("apples ".repeat(1000), contents("b", "a"))));
        }
    }

    @Test
    void tenThousandContents() {
        List<Content> many = IntStream.range(0, 10_000)
                .mapToObj(i -> Content.from(i == 9_999 ? "the apples of " + i : "content " + i)).toList();
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> contents = aggregator.aggregate(found("apples", many, many.reversed()));
            assertEquals(10_000, contents.size());
            assertEquals("the apples of 9999", contents.getFirst().textSegment().text());
        }
    }

    @Test
    void segmentMetadataOfEveryTypeComesThroughUntouched() {
        Metadata metadata = new Metadata().put("text", "a").put("uuid", UUID.randomUUID()).put("int", 1)
                .put("long", Long.MAX_VALUE).put("float", Float.NaN).put("double", Double.NEGATIVE_INFINITY);
        Content content = Content.from(TextSegment.from("apples", metadata));
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            List<Content> contents = aggregator.aggregate(found("apples", List.of(content), List.of(content)));
            assertEquals(1, contents.size());
            assertEquals(metadata, contents.getFirst().textSegment().metadata());
        }
    }

    @Test
    void firstStageScoresThatAreNoNumbersAreKeptAndNotRankedBy() {
        Content content = Content.from(TextSegment.from("apples"), Map.of(ContentMetadata.SCORE, Double.NaN));
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer())) {
            EvidenceContent best = evidence(aggregator.aggregate(found("apples", List.of(content))).getFirst());
            assertEquals(Double.NaN, best.metadata().get(ContentMetadata.SCORE));
            assertEquals(1, best.evidence("retriever-1").orElseThrow().score());
        }
    }

    /** The adaptive reranker does not read all: what it has not read has no probability, so no score of that scale. */
    @Test
    void contentsWithoutProbabilityAmongOthersHaveNoRerankedScore() {
        Reranker adaptive = Reranker.adaptive(new WordScorer(), 1, Map.of("retriever-1", 1.0),
                new AdaptiveDepth(2, 1, 0, 1, SearchRequest.Unit.PASSAGE));
        List<Content> stored = List.of(stored("apples", 9, "e-1"), stored("plums", 2, "e-2"),
                stored("pears", 1, "e-3"));
        try (EvidenceContentAggregator all = EvidenceContentAggregator.builder().reranker(adaptive).build();
                EvidenceContentAggregator good = EvidenceContentAggregator.builder().reranker(adaptive).minScore(0)
                        .build()) {
            List<Content> contents = all.aggregate(found("apples", stored));
            assertEquals(List.of("apples", "pears", "plums"), texts(contents), "pears were not read");
            for (Content content : contents) {
                boolean read = !content.textSegment().text().equals("pears");
                assertEquals(read, content.metadata().containsKey(ContentMetadata.RERANKED_SCORE));
                assertEquals(read, evidence(content).evidence("cross-encoder").isPresent());
            }
            assertEquals(List.of("apples", "plums"), texts(good.aggregate(found("apples", stored))));
        }
    }

    @Test
    void manyThreadsOfAllKindsGetWhatOneGets() throws Exception {
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(new WordScorer());
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService platform = Executors.newFixedThreadPool(8);
                ExecutorService pool = new ForkJoinPool(2)) {
            List<String> alone = texts(aggregator.aggregate(FOUND));
            for (ExecutorService executor : List.of(virtual, platform, pool)) {
                List<Callable<List<String>>> calls = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    calls.add(() -> texts(aggregator.aggregate(FOUND)));
                }
                for (Future<List<String>> call : executor.invokeAll(calls)) {
                    assertEquals(alone, call.get());
                }
            }
        }
    }

    @Test
    void theBuiltInModelFromVirtualThreads() throws Exception {
        try (EvidenceContentAggregator aggregator = EvidenceContentAggregator.builtIn();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<Content>>> calls = Collections.nCopies(16, () -> aggregator.aggregate(FOUND));
            for (Future<List<Content>> call : virtual.invokeAll(calls)) {
                assertEquals("apples", call.get().getFirst().textSegment().text());
                assertFalse(evidence(call.get().getFirst()).degraded());
            }
            aggregator.close();
            assertThrows(IllegalStateException.class, () -> aggregator.aggregate(FOUND));
        }
    }

    @Test
    void afterCloseItRefusesAndLeavesTheScorerToItsMaker() {
        WordScorer scorer = new WordScorer();
        EvidenceContentAggregator aggregator = EvidenceContentAggregator.of(scorer);
        aggregator.close();
        aggregator.close();
        assertThrows(IllegalStateException.class, () -> aggregator.aggregate(FOUND));
        assertEquals(1, RerankScoringModel.of(scorer).scoreAll(List.of(TextSegment.from("a")), "a").content().size());
    }

    @Test
    void misuseOfTheBuilder() {
        EvidenceContentAggregator.Builder builder = EvidenceContentAggregator.builder();
        assertEquals("a content aggregator needs a scorer or a reranker",
                assertThrows(IllegalStateException.class, builder::build).getMessage());
        assertEquals("depth must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> builder.depth(0)).getMessage());
        assertEquals("maxResults must be >= 1, got -1",
                assertThrows(IllegalArgumentException.class, () -> builder.maxResults(-1)).getMessage());
        assertEquals("minScore must be finite, got NaN",
                assertThrows(IllegalArgumentException.class, () -> builder.minScore(Double.NaN)).getMessage());
        assertEquals("timeout must be > 0, got PT0S",
                assertThrows(IllegalArgumentException.class, () -> builder.timeout(Duration.ZERO)).getMessage());
    }

    private static void assertDegraded(List<Content> contents) {
        for (Content content : contents) {
            assertTrue(evidence(content).degraded());
            assertFalse(content.metadata().containsKey(ContentMetadata.RERANKED_SCORE));
            assertTrue(evidence(content).evidence("rerank").isEmpty());
        }
    }

    private static Content odd(TextSegment segment) {
        return new Content() {
            @Override
            public TextSegment textSegment() {
                return segment;
            }

            @Override
            public Map<ContentMetadata, Object> metadata() {
                return null;
            }
        };
    }
}
