package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.remote.ScriptedServer.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches whose provider dies half way: nothing is lost, and the answer comes in time. */
@Timeout(60)
class DyingProviderTest {

    private static final List<String> IDS = IntStream.range(0, 12).mapToObj(i -> "p" + (i + 10)).toList();
    private static final RerankLimits FOUR = new RerankLimits(4, 1000, 100_000);

    private record Candidates() implements Retriever {

        @Override
        public String name() {
            return "bm25";
        }

        @Override
        public Ranking retrieve(Query query, int limit, Deadline deadline) {
            Ranking.Builder ranking = Ranking.builder("bm25");
            for (int i = 0; i < IDS.size(); i++) {
                ranking.add(Passage.of(IDS.get(i), "storks number " + i), IDS.size() - i);
            }
            return ranking.build();
        }
    }

    private static SearchResult search(RemoteScorer scorer, Duration timeout) {
        try (SearchPipeline pipeline = SearchPipeline.builder().retriever(new Candidates())
                .reranker(Reranker.of(scorer)).build()) {
            return pipeline.search(new SearchRequest(Query.of("storks"), SearchRequest.Unit.PASSAGE, 12, 12, timeout));
        }
    }

    private static void isFirstStage(SearchResult result, Kind kind) {
        assertTrue(result.degraded());
        assertEquals(IDS, result.ranking().hits().stream().map(Hit::passage).map(Passage::id).toList());
        StageReport.Failed failed = result.stages().stream().filter(StageReport.Failed.class::isInstance)
                .map(StageReport.Failed.class::cast).findFirst().orElseThrow();
        assertEquals(kind, failed.kind());
    }

    @Test
    void aliveItPutsCandidatesIntoOrder() throws Exception {
        try (ScriptedServer server = WordServer.start();
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", RemoteOptions.at(server.address()),
                        FOUR)) {
            assertFalse(search(scorer, Duration.ofSeconds(50)).degraded());
            assertEquals(3, server.received().size());
        }
    }

    @Test
    void aProviderThatFailsInTheMiddleLeavesTheFirstStage() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.by(request -> asked.incrementAndGet() == 1
                ? WordServer.answer(request)
                : Answer.json(503, "").with("Retry-After", "0"));
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", RemoteOptions.at(server.address()),
                        FOUR)) {
            isFirstStage(search(scorer, Duration.ofSeconds(50)), Kind.UNAVAILABLE);
        }
    }

    @Test
    void aProviderThatHangsInTheMiddleLeavesTheFirstStageInTime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.by(request -> {
            if (asked.incrementAndGet() > 1) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return WordServer.answer(request);
        });
                RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", RemoteOptions.at(server.address()),
                        FOUR)) {
            isFirstStage(search(scorer, Duration.ofMillis(800)), Kind.TIMEOUT);
            end.countDown();
        }
    }

    @Test
    void aProviderThatIsGoneInTheMiddleLeavesTheFirstStage() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ScriptedServer server = ScriptedServer.by(request -> {
            asked.incrementAndGet();
            return WordServer.answer(request);
        });
        try (RemoteScorer scorer = RemoteScorer.of(RerankApi.COHERE, "m", RemoteOptions.at(server.address()), FOUR)) {
            assertFalse(search(scorer, Duration.ofSeconds(50)).degraded());
            server.close();
            isFirstStage(search(scorer, Duration.ofSeconds(50)), Kind.UNAVAILABLE);
        }
    }
}
