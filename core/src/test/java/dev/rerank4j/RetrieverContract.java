package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Retriever} must do. Extend it, and say how to make one. */
public abstract class RetrieverContract {

    private static final int MANY = 1_000;

    /** A retriever over exactly these passages, which finds a passage if its text has the word of the query. */
    protected abstract Retriever retriever(List<Passage> passages);

    @Test
    public void rankingBearsTheNameOfTheRetriever() {
        Retriever retriever = retriever(List.of(Passage.of("a", "apple")));
        assertFalse(retriever.name().isBlank());
        assertEquals(retriever.name(), retrieve(retriever, "apple", 10).stage());
    }

    @Test
    public void limitBelowOneIsMisuse() {
        Retriever retriever = retriever(List.of(Passage.of("a", "apple")));
        for (int limit : new int[]{0, -1, Integer.MIN_VALUE}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> retrieve(retriever, "apple", limit));
            assertEquals("limit must be >= 1, got " + limit, e.getMessage());
        }
    }

    @Test
    public void nothingIsFoundAmongNoPassages() {
        assertTrue(retrieve(retriever(List.of()), "apple", 10).isEmpty());
    }

    @Test
    public void theOnlyPassageIsFoundAsItWasAdded() {
        Passage passage = new Passage("p/1", "d", "Fruit", "an apple a day", new Location("fruit.md",
                List.of("Fruit", "Apples"), OptionalInt.of(3), 17, 31), Map.of("kind", Value.of("fruit", "round")));
        Ranking ranking = retrieve(retriever(List.of(passage)), "apple", 10);
        assertEquals(List.of(passage), passages(ranking));
    }

    @Test
    public void thePassageWithTheWordComesFirst() {
        Retriever retriever = retriever(List.of(Passage.of("a", "an apple fell"), Passage.of("b", "a boat sank"),
                Passage.of("c", "the church burnt")));
        assertEquals("b", retrieve(retriever, "boat", 3).hits().getFirst().passage().id());
    }

    @Test
    public void noMoreHitsThanTheLimitAndTheBestOnes() {
        Retriever retriever = retriever(thousand());
        Ranking all = retrieve(retriever, "apple", MANY);
        assertEquals(MANY, all.size());
        for (int limit : new int[]{1, 2, 10, 999}) {
            Ranking some = retrieve(retriever, "apple", limit);
            assertEquals(limit, some.size());
            // among equal scores at the edge any may be chosen
            assertEquals(scores(all).subList(0, limit), scores(some));
        }
        assertEquals(MANY, retrieve(retriever, "apple", Integer.MAX_VALUE).size());
    }

    @Test
    public void everyHitSatisfiesTheFilterAndNoneOfThemIsMissing() {
        Retriever retriever = retriever(thousand());
        Filter third = new Filter.Equal("rest", Value.of(2));
        Ranking ranking = retriever.retrieve(new Query("apple", third), MANY, Deadline.none());
        assertEquals(333, ranking.size());
        assertTrue(passages(ranking).stream().allMatch(passage -> third.matches(passage.metadata())));
    }

    @Test
    public void theFilterIsAppliedBeforeTheLimit() {
        Retriever retriever = retriever(thousand());
        Filter last = new Filter.Range("number", Optional.of(Value.of(998)), true, Optional.empty(), false);
        Ranking ranking = retriever.retrieve(new Query("apple", last), 2, Deadline.none());
        assertEquals(Set.of("p998", "p999"), ids(ranking));
    }

    @Test
    public void aFilterThatNothingPassesGivesAnEmptyRanking() {
        Retriever retriever = retriever(thousand());
        Query query = new Query("apple", new Filter.Equal("nowhere", Value.of(true)));
        assertTrue(retriever.retrieve(query, 10, Deadline.none()).isEmpty());
    }

    @Test
    public void theTextOfAQueryIsNeverSyntax() {
        Retriever retriever = retriever(List.of(Passage.of("a", "apple")));
        for (String text : List.of("apple AND NOT apple", "\"apple", "apple)", "((((", "*:*", "id:a", "apple^\u0000~5",
                "/[a/", "\\", "{!lucene}", "apple\uD83C", "\uDF4E", "\uD83C\uDF4E", "苹果 apple", "تفاحة", "'; --",
                "<apple>", "{\"match_all\": {}}", "apple\n\tapple", "?", "!", "-apple", "+", "&&", "||")) {
            Ranking ranking = retrieve(retriever, text, 10);
            assertTrue(ranking.size() <= 1, () -> "more than there is for query " + text);
        }
        assertEquals(Set.of("a"), ids(retrieve(retriever, "-apple", 10)));
        assertEquals(Set.of("a"), ids(retrieve(retriever, "NOT (apple", 10)));
    }

    @Test
    public void theSameQueryGivesTheSameRanking() {
        Retriever retriever = retriever(thousand());
        assertEquals(retrieve(retriever, "apple", 50), retrieve(retriever, "apple", 50));
    }

    @Test
    public void concurrentCallsAgree() throws Exception {
        Retriever retriever = retriever(thousand());
        Ranking alone = retrieve(retriever, "apple", 50);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Ranking>> calls = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                calls.add(() -> retrieve(retriever, "apple", 50));
            }
            for (Future<Ranking> together : threads.invokeAll(calls)) {
                assertEquals(alone, together.get());
            }
        }
    }

    @Test
    public void anExpiredDeadlineGivesATimeoutOrAWholeAnswer() {
        Retriever retriever = retriever(thousand());
        Deadline deadline = Deadline.in(Duration.ofNanos(1));
        while (!deadline.expired()) {
            Thread.onSpinWait();
        }
        try {
            assertEquals(retrieve(retriever, "apple", 10), retriever.retrieve(Query.of("apple"), 10, deadline));
        } catch (RerankException e) {
            assertEquals(RerankException.Kind.TIMEOUT, e.kind());
        }
        assertEquals(10, retrieve(retriever, "apple", 10).size());
    }

    private static Ranking retrieve(Retriever retriever, String text, int limit) {
        return retriever.retrieve(Query.of(text), limit, Deadline.none());
    }

    private static List<Passage> thousand() {
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            passages.add(new Passage("p" + i, "d" + i, "", "apple " + "and pear ".repeat(i % 7), Location.NONE,
                    Map.of("number", Value.of(i), "rest", Value.of(i % 3))));
        }
        return passages;
    }

    private static List<Passage> passages(Ranking ranking) {
        return ranking.hits().stream().map(Hit::passage).toList();
    }

    private static List<Double> scores(Ranking ranking) {
        return ranking.hits().stream().map(Hit::score).toList();
    }

    private static Set<String> ids(Ranking ranking) {
        Set<String> ids = new HashSet<>();
        passages(ranking).forEach(passage -> ids.add(passage.id()));
        return ids;
    }
}
