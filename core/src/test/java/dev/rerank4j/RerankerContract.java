package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link Reranker} must keep. */
@Timeout(300)
public abstract class RerankerContract {

    private static final Query QUERY = Query.of("what is the capital of france");
    private static final int THREADS = 8;

    /** The reranker under test; may be shared by all tests. */
    protected abstract Reranker reranker();

    @Test
    public void givesCandidatesOnlyAndEachOnce() {
        Ranking candidates = candidates();
        Ranking ranking = rerank(candidates, 100);
        Set<Passage> known = new HashSet<>();
        candidates.forEach(hit -> known.add(hit.passage()));
        for (Hit hit : ranking) {
            assertTrue(known.remove(hit.passage()), "not a candidate, or twice: " + hit.passage().id());
        }
        assertFalse(ranking.isEmpty());
    }

    @Test
    public void theLimitHolds() {
        for (int limit = 1; limit <= candidates().size() + 1; limit++) {
            assertTrue(rerank(candidates(), limit).size() <= limit, "limit " + limit);
        }
        assertEquals(1, rerank(candidates(), 1).size());
    }

    @Test
    public void aLimitBelowOneIsMisuse() {
        assertThrows(IllegalArgumentException.class, () -> rerank(candidates(), 0));
        assertThrows(IllegalArgumentException.class, () -> rerank(candidates(), -1));
    }

    @Test
    public void ranksUnderItsOwnName() {
        assertFalse(reranker().name().isBlank());
        assertEquals(reranker().name(), rerank(candidates(), 5).stage());
    }

    /** It may add evidence of its own making, such as a model's, between the earlier one and its own. */
    @Test
    public void evidenceIsKeptAndItsOwnAppended() {
        Map<String, Hit> before = new HashMap<>();
        candidates().forEach(hit -> before.put(hit.passage().id(), hit));
        int rank = 0;
        for (Hit hit : rerank(candidates(), 100)) {
            List<Evidence> earlier = before.get(hit.passage().id()).evidence();
            assertEquals(earlier, hit.evidence().subList(0, Math.min(earlier.size(), hit.evidence().size())));
            assertTrue(hit.evidence().size() > earlier.size(), "its own is missing");
            assertEquals(new Evidence(reranker().name(), ++rank, hit.score()), hit.evidence().getLast());
            Set<String> stages = new HashSet<>();
            hit.evidence().forEach(evidence -> assertTrue(stages.add(evidence.stage()), "twice: " + evidence.stage()));
        }
    }

    @Test
    public void scoresDescendAndTiesStandById() {
        List<Hit> hits = rerank(candidates(), 100).hits();
        for (int i = 1; i < hits.size(); i++) {
            Hit better = hits.get(i - 1);
            Hit worse = hits.get(i);
            assertTrue(better.score() > worse.score() || better.score() == worse.score()
                    && better.passage().id().compareTo(worse.passage().id()) < 0, "rank " + (i + 1));
        }
    }

    @Test
    public void candidatesAreNotChanged() {
        Ranking candidates = candidates();
        rerank(candidates, 3);
        assertEquals(candidates(), candidates);
    }

    @Test
    public void noCandidatesGiveAnEmptyRanking() {
        Ranking ranking = rerank(Ranking.builder("bm25").build(), 10);
        assertTrue(ranking.isEmpty());
        assertEquals(reranker().name(), ranking.stage());
    }

    @Test
    public void putsTheAnswerAboveWhatIsOffTopic() {
        List<String> order = rerank(candidates(), 100).hits().stream().map(hit -> hit.passage().id()).toList();
        assertTrue(order.contains("paris"));
        assertTrue(!order.contains("banana") || order.indexOf("paris") < order.indexOf("banana"), order.toString());
    }

    @Test
    public void oddPassagesAreRanked() {
        Ranking.Builder candidates = Ranking.builder("bm25");
        for (int i = 0; i < OddTexts.all().size(); i++) {
            candidates.add(Passage.of("odd" + i, OddTexts.all().get(i)), i);
        }
        assertFalse(rerank(candidates.build(), 100).isEmpty());
    }

    @Test
    public void manyThreadsGetWhatOneThreadGets() throws Exception {
        List<String> expected = order(rerank(candidates(), 3));
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<Ranking>> running = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < THREADS; i++) {
                running.add(executor.submit(() -> {
                    together.await();
                    return rerank(candidates(), 3);
                }));
            }
        }
        for (Future<Ranking> ranking : running) {
            assertEquals(expected, order(ranking.get()));
        }
    }

    /** However many they are, and whoever runs them. */
    @Test
    public void inStagesItAnswersAsByItself() {
        Set<String> names = new HashSet<>();
        Optional<Ranking> ranking = reranker().rerankIn((name, work) -> {
            assertTrue(names.add(name), "twice: " + name);
            return Optional.of(work.get());
        }, QUERY, candidates(), 5, Deadline.none());
        assertFalse(names.isEmpty());
        assertEquals(Optional.of(rerank(candidates(), 5)), ranking);
        assertEquals(Optional.empty(), reranker().rerankIn((name, work) -> Optional.empty(), QUERY, candidates(), 5,
                Deadline.none()), "what no stage answered");
    }

    private Ranking rerank(Ranking candidates, int limit) {
        return reranker().rerank(QUERY, candidates, limit, Deadline.none());
    }

    private static List<String> order(Ranking ranking) {
        return ranking.hits().stream().map(hit -> hit.passage().id()).toList();
    }

    /** With evidence of two stages, the worst first. */
    private static Ranking candidates() {
        Ranking.Builder first = Ranking.builder("bm25");
        first.add(Passage.of("banana", "Bananas are yellow when they are ripe."), 9);
        first.add(Passage.of("rome", "Rome is the capital of Italy."), 8);
        first.add(Passage.of("france", "France is a country in the west of Europe."), 7);
        first.add(Passage.of("same-b", "Trains leave every hour."), 6);
        first.add(Passage.of("same-a", "Trains leave every hour."), 5);
        first.add(new Passage("titled", "travel", "Travel guide", "Take the train.", Location.NONE, Map.of()), 4);
        first.add(Passage.of("empty", ""), 3);
        first.add(Passage.of("paris", "Paris is the capital of France."), 2);
        Ranking.Builder fused = Ranking.builder(Fusion.NAME);
        first.build().forEach(hit -> fused.add(
                new Hit(hit.passage(), hit.score() / 100, OptionalDouble.empty(), hit.evidence())));
        return fused.build();
    }
}
