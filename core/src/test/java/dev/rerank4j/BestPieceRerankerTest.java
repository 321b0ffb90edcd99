package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** {@link Reranker#bestPiece}. */
class BestPieceRerankerTest extends RerankerContract {

    private static final Query QUERY = Query.of("capital of france");

    private final Reranker reranker = Reranker.bestPiece(Reranker.of(new WordScorer()),
            BestPieceRerankerTest::sentences);

    @Override
    protected Reranker reranker() {
        return reranker;
    }

    /** At each full stop followed by a blank; what has none is not cut. */
    private static List<Passage> sentences(Passage passage) {
        List<Passage> pieces = new ArrayList<>();
        int start = 0;
        for (int stop = passage.text().indexOf(". "); stop >= 0; stop = passage.text().indexOf(". ", start)) {
            pieces.add(piece(passage, start, stop + 1));
            start = stop + 2;
        }
        if (start > 0 && start < passage.text().length()) {
            pieces.add(piece(passage, start, passage.text().length()));
        }
        return pieces;
    }

    /** All pieces of all passages have the same id. */
    private static Passage piece(Passage whole, int start, int end) {
        return new Passage("piece", "of no document", whole.title(), whole.text().substring(start, end),
                new Location("file.txt", List.of(), OptionalInt.empty(), start, end), Map.of());
    }

    private static Ranking ranking(Passage... passages) {
        Ranking.Builder ranking = Ranking.builder("bm25");
        for (int i = 0; i < passages.length; i++) {
            ranking.add(passages[i], passages.length - i);
        }
        return ranking.build();
    }

    @Test
    void aCandidateIsAsGoodAsItsBestPieceAndShowsIt() {
        Passage whole = new Passage("long", "d", "Guide",
                "Trains leave every hour. Paris is the capital of France. Bananas are yellow.", Location.NONE,
                Map.of("lang", Value.of("en")));
        Ranking ranking = reranker.rerank(QUERY, ranking(Passage.of("short", "The capital."), whole), 10,
                Deadline.none());
        Hit best = ranking.hits().getFirst();
        assertEquals(new Passage("long", "d", "Guide", "Paris is the capital of France.",
                new Location("file.txt", List.of(), OptionalInt.empty(), 25, 56), Map.of("lang", Value.of("en"))),
                best.passage());
        float alone = new WordScorer()
                .score(ScoreRequest.of(QUERY.text(), List.of("Guide Paris is the capital of France."))).logits()[0];
        assertEquals(alone, best.score());
        assertEquals(1 / (1 + Math.exp(-alone)), best.probability().orElseThrow(), 1e-6);
        assertEquals(List.of(new Evidence("bm25", 2, 1), new Evidence("rerank", 1, best.score())), best.evidence());
    }

    @Test
    void theScoreIsTheMaximumOverThePieces() {
        Seeded.check(200, random -> {
            Map<String, Float> logits = new HashMap<>();
            List<Passage> passages = new ArrayList<>();
            Map<String, Float> expected = new HashMap<>();
            for (int i = 1 + random.nextInt(8); i > 0; i--) {
                StringBuilder text = new StringBuilder();
                float most = Float.NEGATIVE_INFINITY;
                for (int j = 1 + random.nextInt(15); j > 0; j--) {
                    String sentence = "p" + i + "s" + j + ".";
                    float logit = random.nextInt(7) - 3;
                    logits.put(sentence, logit);
                    most = Math.max(most, logit);
                    text.append(sentence).append(j == 1 ? "" : " ");
                }
                passages.add(Passage.of("p" + i, text.toString()));
                expected.put("p" + i, most);
            }
            Ranking ranking = Reranker.bestPiece(Reranker.of(table(logits)), BestPieceRerankerTest::sentences)
                    .rerank(QUERY, ranking(passages.toArray(Passage[]::new)), 100, Deadline.none());
            assertEquals(passages.size(), ranking.size());
            for (Hit hit : ranking) {
                float most = expected.get(hit.passage().id());
                assertEquals(most, hit.score());
                Passage whole = passages.stream().filter(p -> p.id().equals(hit.passage().id())).findFirst()
                        .orElseThrow();
                String first = List.of(whole.text().split(" ")).stream().filter(s -> logits.get(s) == most).findFirst()
                        .orElseThrow();
                assertEquals(first, hit.passage().text(), "of equal pieces the first");
            }
        });
    }

    @Test
    void whatIsNotCutIsItsOwnPiece() {
        Ranking candidates = ranking(Passage.of("a", "Paris. And more."), Passage.of("b", ""));
        Ranking expected = Reranker.of(new WordScorer()).rerank(QUERY, candidates, 5, Deadline.none());
        assertEquals(expected, Reranker.bestPiece(Reranker.of(new WordScorer()), whole -> List.of())
                .rerank(QUERY, candidates, 5, Deadline.none()));
        assertEquals(expected, Reranker.bestPiece(Reranker.of(new WordScorer()), List::of)
                .rerank(QUERY, candidates, 5, Deadline.none()));
    }

    /** What the other reranker sees: every piece once, with what earlier stages said of its candidate. */
    @Test
    void piecesCarryTheDocumentMetadataAndEvidenceOfTheirCandidate() {
        List<Ranking> seen = new ArrayList<>();
        List<Integer> limits = new ArrayList<>();
        Reranker other = new FakeReranker("rerank", (query, candidates, limit, deadline) -> {
            seen.add(candidates);
            limits.add(limit);
            return FakeReranker.reversed("rerank", candidates).top(limit);
        });
        Passage whole = new Passage("p", "d", "Title", "One. Two. Three.", Location.NONE, Map.of("k", Value.of(1)));
        Ranking fused = Fusion.reciprocalRank(60).fuse(List.of(ranking(whole, Passage.of("q", "Four."))));
        Ranking ranking = Reranker.bestPiece(other, BestPieceRerankerTest::sentences)
                .rerank(QUERY, fused, 1, Deadline.none());
        assertEquals(List.of(4), limits);
        Ranking pieces = seen.getFirst();
        assertEquals(Fusion.NAME, pieces.stage());
        assertEquals(List.of("One.", "Two.", "Three.", "Four."),
                pieces.hits().stream().map(hit -> hit.passage().text()).toList());
        for (Hit piece : pieces.hits().subList(0, 3)) {
            assertEquals("d", piece.passage().documentId());
            assertEquals("Title", piece.passage().title());
            assertEquals(Map.of("k", Value.of(1)), piece.passage().metadata());
            assertEquals(List.of(new Evidence("bm25", 1, 2)), piece.evidence().subList(0, 1));
            assertEquals(fused.hits().getFirst().score(), piece.score());
        }
        assertEquals(1, ranking.size());
        assertEquals("q", ranking.hits().getFirst().passage().id(), "the last piece came first");
    }

    @Test
    void whatTheOtherAddsToTheEvidenceIsKept() {
        Reranker mixing = Reranker.adaptive(new WordScorer(), 1, Map.of("bm25", 0.1),
                new AdaptiveDepth(2, 1, Double.POSITIVE_INFINITY, 10, SearchRequest.Unit.PASSAGE));
        Ranking ranking = Reranker.bestPiece(mixing, BestPieceRerankerTest::sentences).rerank(QUERY,
                ranking(Passage.of("b", "Bananas. Are. Yellow."), Passage.of("p", "Trains. The capital of france.")), 5,
                Deadline.none());
        Hit best = ranking.hits().getFirst();
        assertEquals("p", best.passage().id());
        assertEquals(List.of("bm25", "cross-encoder", "rerank"),
                best.evidence().stream().map(Evidence::stage).toList());
        assertEquals(1, best.evidence("cross-encoder").orElseThrow().rank());
        assertTrue(best.probability().isPresent());
    }

    @Test
    void itCanBeNested() {
        Function<Passage, List<Passage>> halves = whole -> {
            int middle = whole.text().indexOf(". ", whole.text().length() / 2) + 1;
            return middle == 0
                    ? List.of()
                    : List.of(piece(whole, 0, middle), piece(whole, middle + 1, whole.text().length()));
        };
        Ranking ranking = Reranker.bestPiece(reranker, halves).rerank(QUERY,
                ranking(Passage.of("p", "Bananas are yellow. Trains leave. The capital of france. Apples are red.")),
                1, Deadline.none());
        assertEquals("The capital of france.", ranking.hits().getFirst().passage().text());
        assertEquals("p", ranking.hits().getFirst().passage().id());
    }

    @Test
    void aCandidateWhosePiecesTheOtherLeavesOutIsLeftOut() {
        Reranker two = new FakeReranker("two", (query, candidates, limit, deadline) -> {
            Ranking.Builder ranking = Ranking.builder("two");
            candidates.top(2).forEach(hit -> ranking.add(
                    new Hit(hit.passage(), hit.score(), OptionalDouble.empty(), hit.evidence())));
            return ranking.build();
        });
        Ranking ranking = Reranker.bestPiece(two, BestPieceRerankerTest::sentences).rerank(QUERY,
                ranking(Passage.of("a", "One. Two. Three."), Passage.of("b", "Four.")), 5, Deadline.none());
        assertEquals("two", ranking.stage());
        assertEquals(1, ranking.size());
        assertFalse(ranking.hits().getFirst().passage().id().equals("b"));
    }

    @Test
    void aPassageThatTheOtherInventsIsItsFault() {
        Reranker inventing = new FakeReranker("inventing", (query, candidates, limit, deadline) -> Ranking
                .builder("inventing").add(Passage.of("new", ""), 1).build());
        RerankException e = assertThrows(RerankException.class,
                () -> Reranker.bestPiece(inventing, List::of).rerank(QUERY, ranking(Passage.of("a", "a")), 1,
                        Deadline.none()));
        assertEquals(RerankException.Kind.INTERNAL, e.kind());
        assertEquals("reranker inventing gave a passage that is none of its candidates", e.getMessage());
    }

    @Test
    void whatTheOtherThrowsReachesTheCallerAndSoDoesTheDeadline() {
        RerankException failure = new RerankException(RerankException.Kind.OVERLOADED, "too much is waiting");
        Deadline deadline = Deadline.in(Duration.ofDays(1));
        List<Deadline> given = new ArrayList<>();
        Reranker failing = new FakeReranker("failing", (query, candidates, limit, until) -> {
            given.add(until);
            throw failure;
        });
        assertSame(failure, assertThrows(RerankException.class, () -> Reranker.bestPiece(failing, List::of)
                .rerank(QUERY, ranking(Passage.of("a", "a")), 1, deadline)));
        assertEquals(List.of(deadline), given);
    }

    @Test
    void nothingIsCutAfterTheDeadline() {
        Deadline expired = Deadline.in(Duration.ofNanos(1));
        while (!expired.expired()) {
            Thread.onSpinWait();
        }
        RerankException e = assertThrows(RerankException.class,
                () -> Reranker.bestPiece(Reranker.of(new WordScorer()), whole -> {
                    throw new AssertionError("cut");
                }).rerank(QUERY, ranking(Passage.of("a", "a")), 1, expired));
        assertEquals(RerankException.Kind.TIMEOUT, e.kind());
    }

    private static Scorer table(Map<String, Float> logits) {
        return new FakeScorer("table", request -> {
            float[] given = new float[request.texts().size()];
            for (int i = 0; i < given.length; i++) {
                given[i] = logits.get(request.texts().get(i));
            }
            return FakeScorer.scores(given);
        });
    }
}
