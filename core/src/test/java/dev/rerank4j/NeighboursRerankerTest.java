package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@link Reranker#adaptive} with a share of the neighbours. */
class NeighboursRerankerTest extends RerankerContract {

    private static final AdaptiveDepth ALL = new AdaptiveDepth(2, 1, Double.POSITIVE_INFINITY, 10,
            SearchRequest.Unit.PASSAGE);
    private static final Query QUERY = Query.of("q");
    private static final Scorer UNDECIDED = new FakeScorer("undecided",
            request -> FakeScorer.probable(new float[request.texts().size()]));

    private final Reranker reranker = Reranker.adaptive(new WordScorer(), 2, Map.of("bm25", 0.5), 0.2, ALL);

    @Override
    protected Reranker reranker() {
        return reranker;
    }

    @Test
    void whatIsLikeTheBestRises() {
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "parental leave of six months"), 9)
                .add(Passage.of("b", "printers and toner"), 4.1).add(Passage.of("c", "leave for parents, months"), 4)
                .add(Passage.of("d", "the printer in the hall"), 0).build();
        assertEquals(List.of("a", "b", "c", "d"), ids(reranked(candidates, 0, ALL)));
        assertEquals(List.of("a", "c", "b", "d"), ids(reranked(candidates, 0.2, ALL)));
    }

    @Test
    void theScoreIsTheOwnOneAndTheOpinionOfTheOthersOnItsScale() {
        Seeded.check(200, random -> {
            Ranking.Builder builder = Ranking.builder("bm25");
            for (int i = random.nextInt(9) + 1; i > 0; i--) {
                builder.add(Passage.of("p" + i, "w" + random.nextInt(4) + " v" + random.nextInt(4)),
                        random.nextInt(9));
            }
            Ranking candidates = builder.build();
            double share = random.nextDouble();
            Ranking own = reranked(candidates, 0, ALL);
            double[] scores = own.hits().stream().mapToDouble(Hit::score).toArray();
            double[] opinions = Neighbourhood.of(own.hits().stream().map(hit -> hit.passage().text()).toList())
                    .averages(scores);
            double mean = Arrays.stream(scores).average().orElseThrow();
            for (Hit hit : reranked(candidates, share, ALL)) {
                int i = ids(own).indexOf(hit.passage().id());
                Evidence neighbours = hit.evidence("neighbours").orElseThrow();
                double z = deviation(opinions) < 1e-9
                        ? 0
                        : (opinions[i] - Arrays.stream(opinions).average().orElseThrow()) / deviation(opinions);
                assertEquals(z, neighbours.score(), 1e-6);
                assertEquals((1 - share) * scores[i] + share * (mean + deviation(scores) * z), hit.score(), 1e-6);
                assertTrue(neighbours.rank() >= 1 && neighbours.rank() <= candidates.size());
            }
        });
    }

    @Test
    void withoutAShareThereIsNoSuchEvidence() {
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "a"), 2).add(Passage.of("b", "b"), 1).build();
        assertFalse(reranked(candidates, 0, ALL).hits().getFirst().evidence("neighbours").isPresent());
        assertEquals(Reranker.adaptive(UNDECIDED, 1, Map.of("bm25", 1.0), ALL)
                .rerank(QUERY, candidates, 2, Deadline.none()), reranked(candidates, 0, ALL));
    }

    /** The model is asked next about what is like the candidates that it liked. */
    @Test
    void whatIsLikeTheBestIsReadFirst() {
        List<String> read = new ArrayList<>();
        Scorer noting = new FakeScorer("noting", request -> {
            read.addAll(request.texts());
            float[] logits = new float[request.texts().size()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = request.texts().get(i).startsWith("toner") ? 5 : 0;
            }
            return FakeScorer.probable(logits);
        });
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "leave of parents"), 9)
                .add(Passage.of("b", "toner for printers"), 8.9).add(Passage.of("c", "leave of absence"), 2.1)
                .add(Passage.of("d", "printers out of toner"), 2).build();
        Reranker.adaptive(noting, 1, Map.of("bm25", 1.0), 0.2, ALL).rerank(QUERY, candidates, 4, Deadline.none());
        assertEquals("printers out of toner", read.get(2));
        read.clear();
        Reranker.adaptive(noting, 1, Map.of("bm25", 1.0), 0, ALL).rerank(QUERY, candidates, 4, Deadline.none());
        assertEquals("leave of absence", read.get(2));
    }

    @Test
    void whatWasNotReadHasNeighboursToo() {
        Ranking.Builder candidates = Ranking.builder("bm25");
        for (int i = 0; i < 40; i++) {
            candidates.add(Passage.of("p" + i, "text " + i), -i);
        }
        Ranking ranking = reranked(candidates.build(), 0.2,
                new AdaptiveDepth(6, 4, 0, 3, SearchRequest.Unit.PASSAGE));
        assertEquals(40, ranking.size());
        assertTrue(ranking.hits().stream().anyMatch(hit -> hit.probability().isEmpty()));
        assertTrue(ranking.hits().stream().allMatch(hit -> hit.evidence("neighbours").isPresent()));
    }

    @Test
    void theShareIsOfOne() {
        for (double share : new double[]{-0.1, 1.1, Double.NaN}) {
            assertEquals("share of the neighbours must be within 0 to 1, got " + share,
                    assertThrows(IllegalArgumentException.class,
                            () -> Reranker.adaptive(UNDECIDED, 1, Map.of(), share, ALL)).getMessage());
        }
        Ranking candidates = Ranking.builder("bm25").add(Passage.of("a", "a"), 2).add(Passage.of("b", "b"), 1).build();
        assertEquals(2, reranked(candidates, 1, ALL).size());
    }

    private static Ranking reranked(Ranking candidates, double share, AdaptiveDepth depth) {
        return Reranker.adaptive(UNDECIDED, 1, Map.of("bm25", 1.0), share, depth).rerank(QUERY, candidates, 100,
                Deadline.none());
    }

    private static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }
}
