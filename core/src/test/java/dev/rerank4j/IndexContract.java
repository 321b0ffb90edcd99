package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What every {@link Index} must do. Extend it, and say how to make one and how to look into it. */
public abstract class IndexContract {

    private static final String WORD = "apple";
    private static final int ALL = 10_000;

    /** Opens the test's index: new and empty at first, later with what was committed to it. One is open at a time. */
    protected abstract Index open();

    /** A retriever of what is committed, which finds a passage if its text has the word of the query. */
    protected abstract Retriever retriever(Index index);

    @Test
    public void whatIsAddedIsFoundAfterTheCommitAndNotBefore() {
        try (Index index = open()) {
            index.commit();
            index.add(document("d", 2, 1));
            assertEquals(Set.of(), ids(index));
            index.commit();
            assertEquals(Set.of("d/0", "d/1"), ids(index));
        }
    }

    @Test
    public void passagesComeBackAsTheyWereAdded() {
        Passage passage = new Passage("p", "d", "Title", "an apple", new Location("f", List.of("H"),
                OptionalInt.of(1), 2, 3), Map.of("n", Value.of(1.5), "tags", Value.of("x", "y")));
        try (Index index = open()) {
            index.add(List.of(passage));
            index.commit();
            assertEquals(List.of(passage), found(index));
        }
    }

    @Test
    public void committedDocumentsAreThereAfterOpeningAgainAndOthersAreNot() {
        try (Index index = open()) {
            index.add(document("committed", 1, 1));
            index.commit();
            index.add(document("forgotten", 1, 1));
        }
        try (Index index = open()) {
            assertEquals(Set.of("committed/0"), ids(index));
        }
    }

    @Test
    public void addingADocumentAgainReplacesAllOfIt() {
        try (Index index = open()) {
            index.add(document("d", 3, 1));
            index.add(document("other", 1, 1));
            index.commit();
            index.add(document("d", 2, 2));
            index.commit();
            assertEquals(Set.of("d/0", "d/1", "other/0"), ids(index));
            assertEquals(Map.of("d", Set.of(2), "other", Set.of(1)), versions(found(index)));
        }
    }

    @Test
    public void addingADocumentTwiceBeforeTheCommitKeepsTheLast() {
        try (Index index = open()) {
            index.add(document("d", 3, 1));
            index.add(document("d", 1, 2));
            index.commit();
            assertEquals(Map.of("d", Set.of(2)), versions(found(index)));
            assertEquals(Set.of("d/0"), ids(index));
        }
    }

    @Test
    public void severalDocumentsInOneCall() {
        try (Index index = open()) {
            List<Passage> passages = new ArrayList<>(document("a", 2, 1));
            passages.addAll(document("b", 1, 1));
            passages.addAll(document("c", 3, 1));
            index.add(passages);
            index.commit();
            assertEquals(Set.of("a/0", "a/1", "b/0", "c/0", "c/1", "c/2"), ids(index));
        }
    }

    @Test
    public void passagesOfADocumentApartFromEachOtherAreMisuse() {
        try (Index index = open()) {
            List<Passage> passages = new ArrayList<>(document("a", 1, 1));
            passages.addAll(document("b", 1, 1));
            passages.add(new Passage("a/1", "a", "", WORD, Location.NONE, Map.of()));
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> index.add(passages));
            assertTrue(String.valueOf(e.getMessage()).contains("document a "), e::getMessage);
        }
    }

    @Test
    public void aDeletedDocumentIsGoneAfterTheCommit() {
        try (Index index = open()) {
            index.add(document("a", 2, 1));
            index.add(document("b", 2, 1));
            index.commit();
            index.delete("a");
            assertEquals(4, ids(index).size());
            index.commit();
            assertEquals(Set.of("b/0", "b/1"), ids(index));
        }
    }

    @Test
    public void aDocumentDeletedBeforeItsCommitIsNeverSeen() {
        try (Index index = open()) {
            index.add(document("a", 2, 1));
            index.delete("a");
            index.commit();
            assertEquals(Set.of(), ids(index));
        }
    }

    @Test
    public void deletingWhatIsNotThereDoesNothing() {
        try (Index index = open()) {
            index.delete("nobody");
            index.add(document("a", 1, 1));
            index.commit();
            index.delete("nobody");
            index.commit();
            assertEquals(Set.of("a/0"), ids(index));
        }
    }

    @Test
    public void addingNothingAndCommittingNothingDoNothing() {
        try (Index index = open()) {
            index.add(List.of());
            index.commit();
            index.commit();
            assertEquals(Set.of(), ids(index));
        }
    }

    @Test
    public void aThousandDocumentsInOneCall() {
        try (Index index = open()) {
            List<Passage> passages = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                passages.addAll(document("d" + i, 1 + i % 3, 1));
            }
            index.add(passages);
            index.commit();
            assertEquals(passages.size(), ids(index).size());
        }
    }

    @Test
    public void concurrentAddsAreAllKept() throws Exception {
        try (Index index = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> adds = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                String name = "t" + thread;
                adds.add(() -> {
                    for (int i = 0; i < 10; i++) {
                        index.add(document(name + "-" + i, 2, 1));
                        if (i % 5 == 4) {
                            index.commit();
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(adds)) {
                assertTrue(done.get());
            }
            assertEquals(160, ids(index).size());
        }
    }

    @Test
    public void aReaderSeesDocumentsWholeWhileTheyAreReplaced() throws Exception {
        try (Index index = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            index.add(document("a", 5, 0));
            index.add(document("b", 5, 0));
            index.commit();
            AtomicBoolean done = new AtomicBoolean();
            Future<Integer> reader = threads.submit(() -> {
                int readings = 0;
                while (!done.get() || readings == 0) {
                    List<Passage> found = found(index);
                    assertEquals(10, found.size());
                    versions(found).forEach((document, versions) -> assertEquals(1, versions.size(), document));
                    readings++;
                }
                return readings;
            });
            try {
                for (int version = 1; version <= 30; version++) {
                    index.add(document("a", 5, version));
                    index.add(document("b", 5, version));
                    index.commit();
                }
            } finally {
                done.set(true);
            }
            assertTrue(reader.get() > 0);
        }
    }

    @Test
    public void closingTwiceIsAllowedAndUseAfterwardsIsMisuse() {
        Index index = open();
        index.add(document("a", 1, 1));
        index.commit();
        Retriever retriever = retriever(index);
        index.close();
        index.close();
        assertThrows(IllegalStateException.class, () -> index.add(document("b", 1, 1)));
        assertThrows(IllegalStateException.class, () -> index.delete("a"));
        assertThrows(IllegalStateException.class, index::commit);
        assertThrows(IllegalStateException.class, () -> retriever.retrieve(Query.of(WORD), 1, Deadline.none()));
    }

    private static List<Passage> document(String id, int passages, int version) {
        List<Passage> document = new ArrayList<>();
        for (int i = 0; i < passages; i++) {
            document.add(new Passage(id + "/" + i, id, "", WORD + " " + i, Location.NONE,
                    Map.of("version", Value.of(version))));
        }
        return document;
    }

    private List<Passage> found(Index index) {
        return retriever(index).retrieve(Query.of(WORD), ALL, Deadline.none()).hits().stream()
                .map(Hit::passage).toList();
    }

    private Set<String> ids(Index index) {
        Set<String> ids = new TreeSet<>();
        found(index).forEach(passage -> ids.add(passage.id()));
        return ids;
    }

    private static Map<String, Set<Integer>> versions(List<Passage> passages) {
        Map<String, Set<Integer>> versions = new TreeMap<>();
        passages.forEach(passage -> versions.computeIfAbsent(passage.documentId(), id -> new TreeSet<>())
                .add((int) ((Value.Number) passage.metadata().get("version")).value()));
        return versions;
    }
}
