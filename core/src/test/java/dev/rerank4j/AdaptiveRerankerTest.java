package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link Reranker#adaptive}. */
class AdaptiveRerankerTest extends RerankerContract {

    private static final AdaptiveDepth ALL = new AdaptiveDepth(2, 1, Double.POSITIVE_INFINITY, 10,
            SearchRequest.Unit.PASSAGE);
    private static final Query QUERY = Query.of("q");

    private final Reranker reranker = Reranker.adaptive(new WordScorer(), 2, Map.of("bm25", 0.5), ALL);

    @Override
    protected Reranker reranker() {
        return reranker;
    }

    /** But for the constant that the mean makes of the lowest. */
    @Test
    void readToTheEndItIsTheStandardizedFusionOfModelAndEvidence() {
        Seeded.check(300, random -> {
            Ranking candidates = candidates(random, 30);
            Map<String, Float> logits = new HashMap<>();
            candidates.forEach(hit -> logits.put(hit.passage().text(), (float) (random.nextInt(9) - 4)));
            Ranking.Builder model = Ranking.builder("model");
            candidates.forEach(hit -> model.add(hit.passage(), logits.get(hit.passage().text())));
            Ranking fused = Fusion.standardized(1.5, 0.5, 1).fuse(
                    List.of(model.build(), of("bm25", candidates), of("vector", candidates)));
            Ranking reranked = Reranker.adaptive(by(logits), 1.5, Map.of("bm25", 0.5, "vector", 1.0), ALL)
                    .rerank(QUERY, candidates, 100, Deadline.none());
            assertEquals(fused.size(), reranked.size());
            Map<String, Double> scores = new HashMap<>();
            fused.forEach(hit -> scores.put(hit.passage().id(), hit.score()));
            double constant = fused.isEmpty()
                    ? 0
                    : fused.hits().getFirst().score() - reranked.hits().getFirst().score();
            reranked.forEach(hit -> assertEquals(scores.get(hit.passage().id()), hit.score() + constant, 1e-9));
        });
    }

    @Test
    void theModelsLogitAndRankAreEvidence() {
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "a"), 3).add(Passage.of("b", "b"), 2)
                .add(Passage.of("c", "c"), 1).build();
        Ranking ranking = Reranker.adaptive(by(Map.of("a", -1f, "b", 4f, "c", 2f)), 1, Map.of("bm25", 0.0), ALL)
                .rerank(QUERY, candidates, 3, Deadline.none());
        assertEquals(List.of("b", "c", "a"), ids(ranking));
        Hit second = ranking.hits().get(1);
        assertEquals(List.of(new Evidence("bm25", 3, 1), new Evidence("cross-encoder", 2, 2),
                new Evidence("rerank", 2, second.score())), second.evidence());
        assertEquals(OptionalDouble.of((float) (1 / (1 + Math.exp(-2)))), second.probability());
    }

    @Test
    void whatCannotReachTheTopIsNotRead() {
        List<Integer> blocks = new ArrayList<>();
        Scorer agreeing = new FakeScorer("agreeing", request -> {
            blocks.add(request.texts().size());
            float[] logits = new float[request.texts().size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = -Integer.parseInt(request.texts().get(i));
            }
            return FakeScorer.probable(logits);
        });
        Ranking.Builder candidates = Ranking.builder("bm25");
        for (int i = 0; i < 50; i++) {
            candidates.add(Passage.of("p" + i, "" + i), -i);
        }
        Ranking ranking = Reranker
                .adaptive(agreeing, 1, Map.of("bm25", 1.0),
                        new AdaptiveDepth(6, 4, 0, 3, SearchRequest.Unit.PASSAGE))
                .rerank(QUERY, candidates.build(), 50, Deadline.none());
        assertEquals(List.of(6), blocks);
        assertEquals(50, ranking.size(), "the others remain candidates");
        for (Hit hit : ranking) {
            boolean read = Integer.parseInt(hit.passage().text()) < 6;
            assertEquals(read, hit.probability().isPresent(), hit.passage().id());
            assertEquals(read, hit.evidence("cross-encoder").isPresent(), hit.passage().id());
        }
        blocks.clear();
        Reranker.adaptive(agreeing, 1, Map.of("bm25", 1.0), ALL).rerank(QUERY, candidates.build(), 50, Deadline.none());
        assertEquals(50, blocks.stream().mapToInt(Integer::intValue).sum(), "an infinite margin reads all");
    }

    @Test
    void hugeEvidenceDoesNotOverflow() {
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "a"), Double.MAX_VALUE)
                .add(Passage.of("b", "b"), 0).add(Passage.of("c", "c"), -Double.MAX_VALUE).build();
        Ranking ranking = Reranker
                .adaptive(by(Map.of("a", Float.MAX_VALUE, "b", 0f, "c", -Float.MAX_VALUE)), 1, Map.of("bm25", 1.0), ALL)
                .rerank(QUERY, candidates, 3, Deadline.none());
        assertEquals(List.of("a", "b", "c"), ids(ranking));
        assertTrue(ranking.hits().get(0).score() > ranking.hits().get(1).score() + 1);
    }

    @Test
    void withoutEvidenceAndWithEqualLogitsTheCandidatesTie() {
        Ranking candidates = Ranking.builder("other").add(Passage.of("b", "b"), 2).add(Passage.of("a", "a"), 1).build();
        Ranking ranking = Reranker.adaptive(by(Map.of("a", 0.1f, "b", 0.1f)), 1, Map.of("bm25", 1.0), ALL)
                .rerank(QUERY, candidates, 3, Deadline.none());
        assertEquals(List.of("a", "b"), ids(ranking));
        assertEquals(0, ranking.hits().getFirst().score());
    }

    @Test
    void aModelThatScoresAnotherNumberOfTextsIsAtFault() {
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "a"), 2).add(Passage.of("b", "b"), 1).build();
        RerankException e = assertThrows(RerankException.class,
                () -> Reranker.adaptive(new FakeScorer("odd", request -> FakeScorer.scores(1)), 1, Map.of(), ALL)
                        .rerank(QUERY, candidates, 2, Deadline.none()));
        assertEquals(RerankException.Kind.MODEL, e.kind());
    }

    @Test
    void weightsMustBeFiniteAndNotNegative() {
        assertEquals("weight of the model must be finite and >= 0, got -1.0",
                assertThrows(IllegalArgumentException.class,
                        () -> Reranker.adaptive(new WordScorer(), -1, Map.of(), ALL)).getMessage());
        assertEquals("weight of bm25 must be finite and >= 0, got NaN",
                assertThrows(IllegalArgumentException.class,
                        () -> Reranker.adaptive(new WordScorer(), 1, Map.of("bm25", Double.NaN), ALL)).getMessage());
    }

    private static Scorer by(Map<String, Float> logits) {
        return new FakeScorer("table", request -> {
            float[] given = new float[request.texts().size()];
            for (int i = 0; i < given.length; i++) {
                given[i] = logits.get(request.texts().get(i));
            }
            return FakeScorer.probable(given);
        });
    }

    /** Candidates that one or both of two stages ranked. */
    private static Ranking candidates(Random random, int most) {
        List<Ranking> rankings = new ArrayList<>();
        for (String stage : List.of("bm25", "vector")) {
            Ranking.Builder ranking = Ranking.builder(stage);
            for (int i = random.nextInt(most); i > 0; i--) {
                String id = "p" + random.nextInt(most);
                ranking.add(Passage.of(id, id), random.nextInt(20) - 5);
            }
            rankings.add(ranking.build());
        }
        return Fusion.reciprocalRank(60).fuse(rankings);
    }

    private static Ranking of(String stage, Ranking candidates) {
        Ranking.Builder ranking = Ranking.builder(stage);
        candidates.forEach(hit -> hit.evidence(stage)
                .ifPresent(evidence -> ranking.add(hit.passage(), evidence.score())));
        return ranking.build();
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
