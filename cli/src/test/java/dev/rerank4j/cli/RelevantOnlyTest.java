package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.CascadeStage;
import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.RerankerContract;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.WordScorer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelevantOnlyTest extends RerankerContract {

    private final Reranker everything = new RelevantOnly(Reranker.of(new WordScorer()), 0);

    @Override
    protected Reranker reranker() {
        return everything;
    }

    /** The same passages in the same order, with these probabilities; none if negative. */
    private record Rated(double... probabilities) implements Reranker {

        @Override
        public String name() {
            return "rerank";
        }

        @Override
        public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
            Ranking.Builder ranking = Ranking.builder("rerank");
            for (int i = 0; i < candidates.size(); i++) {
                Hit hit = candidates.hits().get(i);
                ranking.add(new Hit(hit.passage(), hit.score(), probabilities[i] < 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(probabilities[i]), hit.evidence()));
            }
            return ranking.build().top(limit);
        }
    }

    /** Passages a, b, c, ... */
    private static Ranking candidates(int count) {
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (int i = 0; i < count; i++) {
            ranking.add(Passage.of("" + (char) ('a' + i), ""), -i);
        }
        return ranking.build();
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }

    private static Ranking rerank(RelevantOnly stage, int count, int limit) {
        return stage.rerank(Query.of("q"), candidates(count), limit, Deadline.none());
    }

    private static SearchResult result(Ranking ranking, StageReport rerank) {
        return new SearchResult(ranking,
                List.of(new StageReport.Completed("bm25", Duration.ofMillis(1), ranking.size()), rerank));
    }

    private static StageReport completed() {
        return new StageReport.Completed("rerank", Duration.ofMillis(1), 1);
    }

    @Test
    void whatStandsBehindTheLimitMovesUp() {
        RelevantOnly stage = new RelevantOnly(new Rated(0.4, 0.6, -1, 0.3, 0.5), 0.5);
        assertEquals(List.of("b", "e"), ids(rerank(stage, 5, 2)));
        assertEquals(List.of("b"), ids(rerank(stage, 5, 1)));
        assertFalse(stage.keptNothing());
    }

    @ParameterizedTest
    @CsvSource({"0.12, 0.5, 0.12", "0.4999, 0.5, 0.4999", "0.496, 0.5, 0.496", "0.494, 0.5, 0.49",
            "0.00001, 0.001, 0.00", "0.99999, 1, 0.99999", "0, 0.001, 0.00"})
    void howNearTheBestCameIsSaid(double best, double least, String shown) {
        RelevantOnly stage = new RelevantOnly(new Rated(best, best / 2), least);
        Ranking ranking = rerank(stage, 2, 10);
        assertTrue(ranking.isEmpty());
        SearchResult result = result(ranking, completed());
        assertSame(result, stage.checked(result));
        assertTrue(stage.keptNothing());
        assertEquals("nothing relevant found (best candidate " + shown + ", below --min-probability " + least + ")",
                stage.sentence());
    }

    @Test
    void aFirstStageThatFoundNothingIsAnotherMatter() {
        RelevantOnly stage = new RelevantOnly(new Rated(), 0.5);
        SearchResult unasked = new SearchResult(Ranking.builder("bm25").build(),
                List.of(new StageReport.Completed("bm25", Duration.ZERO, 0)));
        assertSame(unasked, stage.checked(unasked));
        assertFalse(stage.keptNothing());
        assertTrue(rerank(stage, 0, 10).isEmpty());
        assertFalse(stage.keptNothing());
    }

    @Test
    void aModelWithoutProbabilitiesIsWrongUsage() {
        RelevantOnly stage = new RelevantOnly(new Rated(-1, -1), 0);
        Ranking ranking = rerank(stage, 2, 10);
        UsageException e = assertThrows(UsageException.class, () -> stage.checked(result(ranking, completed())));
        assertTrue(e.getMessage().startsWith("--min-probability needs a reranker that gives probabilities"),
                e.getMessage());
    }

    @Test
    void whereTheRerankerDidNotAnswerTheFirstStageIsNoSubstitute() {
        RelevantOnly late = new RelevantOnly(new Rated(0.9, 0.8), 0.5);
        rerank(late, 2, 10); // ready when nobody waits any more
        RerankException e = assertThrows(RerankException.class, () -> late.checked(result(candidates(2),
                new StageReport.Failed("rerank", Duration.ofMillis(5), RerankException.Kind.TIMEOUT,
                        "cut off at the deadline"))));
        assertEquals(RerankException.Kind.TIMEOUT, e.kind());
        assertEquals("--min-probability has nothing to go by: rerank failed: cut off at the deadline", e.getMessage());
        assertEquals("--min-probability has nothing to go by: rerank was skipped: it reads English",
                assertThrows(UsageException.class, () -> new RelevantOnly(new Rated(), 0.5)
                        .checked(result(candidates(2), new StageReport.Skipped("rerank", "it reads English"))))
                        .getMessage());
    }

    /** What the first model of a cascade says is something to go by. */
    @Test
    void ofACascadeTheProbabilitiesOfTheStagesThatAnsweredCount() {
        Reranker broken = new Reranker() {
            @Override
            public String name() {
                return "rerank";
            }

            @Override
            public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
                throw new RerankException(RerankException.Kind.MODEL, "no memory");
            }
        };
        RelevantOnly stage = new RelevantOnly(Reranker.cascade(List.of(new CascadeStage(new Rated(0.4, 0.6), 2),
                new CascadeStage(broken, 2))), 0.5);
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(stage).build()) {
            SearchResult result = pipeline.rerank(SearchRequest.of("q"), candidates(3));
            assertTrue(result.degraded());
            assertEquals(List.of("b"), ids(stage.checked(result).ranking()), "c was read by nobody");
        }
        RelevantOnly none = new RelevantOnly(Reranker.cascade(List.of(new CascadeStage(broken, 2),
                new CascadeStage(broken, 2))), 0.5);
        try (SearchPipeline pipeline = SearchPipeline.builder().reranker(none).build()) {
            SearchResult result = pipeline.rerank(SearchRequest.of("q"), candidates(3));
            assertEquals("--min-probability has nothing to go by: rerank-1 failed: no memory",
                    assertThrows(RerankException.class, () -> none.checked(result)).getMessage());
        }
    }
}
