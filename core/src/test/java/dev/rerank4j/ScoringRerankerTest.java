package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** {@link Reranker#of}. */
class ScoringRerankerTest extends RerankerContract {

    private final Reranker reranker = Reranker.of(new WordScorer());

    @Override
    protected Reranker reranker() {
        return reranker;
    }

    @Test
    void theModelReadsTitleHeadingsAndTextInOneCallWithTheCallersDeadline() {
        List<ScoreRequest> requests = new ArrayList<>();
        Location location = new Location("", List.of("Leave", "Parents"), OptionalInt.empty(), 0, 5);
        Passage passage = new Passage("p", "d", "Handbook", "Weeks", location, Map.of());
        Deadline deadline = Deadline.in(Duration.ofDays(1));
        Reranker.of(scorer(request -> {
            requests.add(request);
            return scores(new float[]{2, 1}, new float[0]);
        })).rerank(Query.of("how long"), ranking(passage, Passage.of("q", "Other")), 1, deadline);
        assertEquals(List.of(new ScoreRequest("how long", List.of("Other", "Handbook Leave Parents Weeks"),
                Integer.MAX_VALUE, ScoreRequest.Side.END, deadline)), requests);
    }

    @Test
    void probabilitiesComeAlongWhereTheModelHasThem() {
        Ranking candidates = ranking(Passage.of("a", "a"), Passage.of("b", "b"));
        Ranking calibrated = Reranker.of(scorer(request -> scores(new float[]{-1, 3}, new float[]{0.25f, 0.75f})))
                .rerank(Query.of("q"), candidates, 2, Deadline.none());
        // candidates stand b, a: the last added has the highest score
        assertEquals(List.of("a", "b"), calibrated.hits().stream().map(hit -> hit.passage().id()).toList());
        assertEquals(List.of(OptionalDouble.of(0.75), OptionalDouble.of(0.25)),
                calibrated.hits().stream().map(Hit::probability).toList());
        Ranking bare = Reranker.of(scorer(request -> scores(new float[]{-1, 3}, new float[0])))
                .rerank(Query.of("q"), candidates, 2, Deadline.none());
        assertTrue(bare.hits().stream().allMatch(hit -> hit.probability().isEmpty()));
    }

    @Test
    void aModelThatScoresAnotherNumberOfTextsIsAtFault() {
        RerankException e = assertThrows(RerankException.class,
                () -> Reranker.of(scorer(request -> scores(new float[]{1}, new float[0])))
                        .rerank(Query.of("q"), ranking(Passage.of("a", "a"), Passage.of("b", "b")), 2,
                                Deadline.none()));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertEquals("model fake scored 1 texts of 2", e.getMessage());
    }

    @Test
    void whatTheModelThrowsReachesTheCaller() {
        RerankException failure = new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
        assertEquals(failure, assertThrows(RerankException.class, () -> Reranker.of(scorer(request -> {
            throw failure;
        })).rerank(Query.of("q"), ranking(Passage.of("a", "a")), 1, Deadline.none())));
    }

    @Test
    void rerankingTwiceUnderOneNameIsMisuse() {
        Ranking once = reranker.rerank(Query.of("q"), ranking(Passage.of("a", "a")), 1, Deadline.none());
        assertThrows(IllegalArgumentException.class,
                () -> reranker.rerank(Query.of("q"), once, 1, Deadline.none()));
    }

    private static Ranking ranking(Passage... passages) {
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (int i = 0; i < passages.length; i++) {
            ranking.add(passages[i], i);
        }
        return ranking.build();
    }

    private static Scores scores(float[] logits, float[] probabilities) {
        return new Scores(logits, probabilities, new int[logits.length], new BitSet(), Scores.Timings.ZERO);
    }

    private static Scorer scorer(Function<ScoreRequest, Scores> answer) {
        return new Scorer() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public Scores score(ScoreRequest request) {
                return answer.apply(request);
            }

            @Override
            public void close() {
            }
        };
    }
}
