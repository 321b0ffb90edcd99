package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexTest {

    @TempDir
    private Path directory;

    private final WordEncoder encoder = new WordEncoder();
    private LuceneIndex index;

    @BeforeEach
    void open() {
        index = LuceneIndex.open(directory.resolve("index"), encoder, "en");
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void aNewIndexIsEmptyAndMakesNoFilesUntilItIsWritten() {
        assertFalse(LuceneIndex.exists(directory.resolve("index")));
        assertEquals(0, index.size());
        assertEquals(0, index.documentCount());
        assertEquals(Set.of(), index.fields());
        assertEquals(Map.of(), index.marks());
        assertEquals(Map.of(), index.documents("f"));
        assertEquals(List.of(), index.passages("d"));
        assertEquals(List.of(), index.firstPassages("", 5));
        assertFalse(directory.resolve("index").toFile().exists());
    }

    @Test
    void committingNothingMakesAnEmptyIndex() {
        index.commit();
        assertTrue(LuceneIndex.exists(directory.resolve("index")));
        assertTrue(index.bm25().retrieve(Query.of("apple"), 10, Deadline.none()).isEmpty());
        assertTrue(index.vector().retrieve(Query.of("apple"), 10, Deadline.none()).isEmpty());
    }

    @Test
    void passagesOfADocumentKeepTheirOrder() {
        List<Passage> many = document("d", "f", 700);
        index.add(document("c", "f", 3));
        index.add(many);
        index.add(document("e", "f", 3));
        index.commit();
        index.delete("c");
        index.commit();
        assertEquals(many, index.passages("d"));
        assertEquals(List.of(), index.passages("c"));
        assertEquals(List.of(), index.passages("d\uD83C"));
    }

    @Test
    void aDirectoryThatWasMadeAnewIsReadAnew() throws IOException {
        for (int commits = 1; commits <= 3; commits++) { // as many as before, fewer, more
            for (String id : List.of("old", "new")) {
                for (int i = 0; i < (id.equals("old") ? 2 : commits); i++) {
                    try (LuceneIndex writing = LuceneIndex.open(directory.resolve("index"), encoder, "en")) {
                        writing.add(document(id + i, "f", 3));
                        writing.commit();
                    }
                }
                assertEquals((id.equals("old") ? 2 : commits) * 3, index.size());
                assertEquals(3, index.passages(id + "0").size());
                remove();
            }
        }
    }

    private void remove() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("index"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void allDocumentsAreGoneThroughPageByPage() {
        Set<String> ids = new TreeSet<>(
                List.of("b", "a", "ä", "日本", "x/y?z#1", " z", "c".repeat(5_000), "d".repeat(5_000)));
        for (String id : ids) {
            index.add(document(id, "f", 3));
            index.commit(); // a segment each
        }
        index.add(document("gone", "f", 2));
        index.add(document("a", "f", 2)); // again
        index.delete("gone");
        index.commit();
        for (int limit = 1; limit <= ids.size() + 1; limit++) {
            List<String> seen = new ArrayList<>();
            List<Passage> page = index.firstPassages("", limit);
            while (!page.isEmpty()) {
                assertTrue(page.size() <= limit);
                page.forEach(first -> {
                    assertEquals(index.passages(first.documentId()).getFirst(), first);
                    seen.add(first.documentId());
                });
                page = index.firstPassages(seen.getLast(), limit);
            }
            assertEquals(ids.size(), seen.size());
            assertEquals(ids, Set.copyOf(seen));
        }
        List<String> afterOneThatIsGone = index.firstPassages("gone", 1).stream().map(Passage::documentId).toList();
        assertEquals(List.of("x/y?z#1"), afterOneThatIsGone);
        assertEquals("limit must be >= 1, got 0",
                assertThrows(IllegalArgumentException.class, () -> index.firstPassages("", 0)).getMessage());
    }

    @Test
    void passagesAndDocumentsAreCountedAndMarksAreNot() {
        index.add(document("a", "f", 3));
        index.add(document("b", "f", 2));
        index.mark("key", "mark");
        assertEquals(0, index.size());
        index.commit();
        assertEquals(5, index.size());
        assertEquals(2, index.documentCount());
        index.delete("a");
        index.mark("other", "mark");
        index.commit();
        assertEquals(2, index.size());
        assertEquals(1, index.documentCount());
    }

    @Test
    void textsOfAFieldAreCountedAmongWhatPassesAFilter() {
        Filter all = Filter.NONE;
        assertEquals(Map.of(), index.counts("language", all));
        assertEquals(0, index.count(all));
        index.add(List.of(with("a", Map.of("language", Value.of("de"), "size", Value.of(1)))));
        index.add(List.of(with("b", Map.of("language", Value.of("de"), "size", Value.of(2)))));
        index.add(List.of(with("c", Map.of("language", Value.of("en", "de"), "size", Value.of(3)))));
        index.add(List.of(with("d", Map.of("language", Value.of(true)))));
        index.add(List.of(with("e", Map.of("language", Value.of("x".repeat(5000))))));
        index.add(List.of(with("f", Map.of("language", Value.of("")))));
        index.mark("key", "mark");
        index.commit();
        assertEquals(Map.of("de", 3, "en", 1, "", 1), index.counts("language", all));
        assertEquals(Map.of(), index.counts("size", all));
        assertEquals(6, index.count(all));
        Filter large = Filter.Range.atLeast("size", Value.of(2));
        assertEquals(Map.of("de", 2, "en", 1), index.counts("language", large));
        assertEquals(2, index.count(large));
        index.delete("c");
        index.commit();
        assertEquals(Map.of("de", 2, "", 1), index.counts("language", all));
        assertEquals(5, index.count(all));
        assertEquals(1, index.count(large));
    }

    @Test
    void aCountOfTooManyConditionsIsRefused() {
        index.add(List.of(with("a", Map.of("language", Value.of("de")))));
        index.commit();
        Filter many = new Filter.And(IntStream.range(0, 2000)
                .mapToObj(i -> (Filter) Filter.Range.atLeast("f" + i, Value.of(i))).toList());
        for (Executable counting : List.<Executable>of(() -> index.count(many), () -> index.counts("language", many))) {
            assertEquals(RerankException.Kind.INVALID_REQUEST,
                    assertThrows(RerankException.class, counting).kind());
        }
    }

    @Test
    void theLanguageAndEncoderOfAnIndexAreKnownWithoutOpeningIt() throws IOException {
        assertEquals("en", index.language());
        assertEquals(Optional.empty(), LuceneIndex.language(directory.resolve("index")));
        assertEquals(Optional.empty(), LuceneIndex.encoder(directory.resolve("index")));
        index.commit();
        assertEquals(Optional.of("en"), LuceneIndex.language(directory.resolve("index")));
        assertEquals(Optional.of(encoder.name()), LuceneIndex.encoder(directory.resolve("index")));
        try (LuceneIndex none = LuceneIndex.open(directory.resolve("none"), encoder, "")) {
            none.commit();
        }
        assertEquals(Optional.of(""), LuceneIndex.language(directory.resolve("none")));
        Files.writeString(directory.resolve("segments_1"), "no commit of anybody");
        RerankException e = assertThrows(RerankException.class, () -> LuceneIndex.language(directory));
        assertThrows(RerankException.class, () -> LuceneIndex.encoder(directory));
        assertEquals(RerankException.Kind.UNAVAILABLE, e.kind());
    }

    @Test
    void documentsOfAFileComeWithTheirFingerprints() {
        List<Passage> a = document("a", "one.md", 3);
        List<Passage> b = document("b", "one.md", 1);
        List<Passage> c = document("c", "two.md", 2);
        index.add(a);
        index.add(b);
        index.add(c);
        index.add(List.of(Passage.of("nowhere", "text")));
        index.commit();
        assertEquals(Map.of("a", LuceneIndex.fingerprint(a), "b", LuceneIndex.fingerprint(b)),
                index.documents("one.md"));
        assertEquals(Set.of("c"), index.documents("two.md").keySet());
        assertEquals(Set.of("nowhere"), index.documents("").keySet());
        assertEquals(Map.of(), index.documents("three.md"));
        List<Passage> other = document("a", "one.md", 2);
        index.add(other);
        index.delete("b");
        index.commit();
        assertEquals(Map.of("a", LuceneIndex.fingerprint(other)), index.documents("one.md"));
    }

    @Test
    void aDocumentOfSeveralFilesBelongsToEachOfThem() {
        index.add(List.of(passage("d/1", "d", "x", "one"), passage("d/2", "d", "y", "two")));
        index.commit();
        assertEquals(Set.of("d"), index.documents("x").keySet());
        assertEquals(index.documents("x"), index.documents("y"));
    }

    @Test
    void marksAreSetChangedAndRemovedWithTheCommit() {
        String longKey = "folder/".repeat(10_000);
        index.mark("a", "1");
        index.mark("b", "2");
        index.mark(longKey, "3");
        assertEquals(Map.of(), index.marks());
        index.commit();
        assertEquals(Map.of("a", "1", "b", "2", longKey, "3"), index.marks());
        index.mark("a", "4");
        index.mark("b", "");
        index.mark("never", "");
        assertEquals("1", index.marks().get("a"));
        index.commit();
        assertEquals(Map.of("a", "4", longKey, "3"), index.marks());
        assertThrows(IllegalArgumentException.class, () -> index.mark("", "x"));
    }

    @Test
    void marksAreNotFoundAsPassages() {
        index.mark("apple", "apple");
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        assertEquals(Set.of("a"), ids(index.bm25().retrieve(Query.of("apple"), 10, Deadline.none())));
        assertEquals(Set.of("a"), ids(index.vector().retrieve(Query.of("apple"), 10, Deadline.none())));
        assertEquals(List.of(), index.passages("apple"));
    }

    @Test
    void fieldsAreThoseOfPassagesThatAreThere() {
        index.add(List.of(new Passage("a", "a", "", "x", Location.NONE,
                Map.of("size", Value.of(1), "tags", Value.of()))));
        index.add(List.of(new Passage("b", "b", "", "x", Location.NONE, Map.of("colour", Value.of("red")))));
        index.commit();
        assertEquals(List.of("colour", "size", "tags"), List.copyOf(index.fields()));
        index.delete("a");
        index.commit();
        assertEquals(Set.of("colour"), index.fields());
    }

    @Test
    void titleAndHeadingsAreSearchedToo() {
        index.add(List.of(new Passage("a", "a", "Fruit", "a day", new Location("f", List.of("Apples"),
                OptionalInt.empty(), 0, 5), Map.of())));
        index.commit();
        assertEquals(1, index.bm25().retrieve(Query.of("fruit"), 10, Deadline.none()).size());
        assertEquals(1, index.bm25().retrieve(Query.of("apple"), 10, Deadline.none()).size());
    }

    @Test
    void anotherOpenIndexSeesEachCommit() {
        try (LuceneIndex other = LuceneIndex.open(directory.resolve("index"), encoder, "en")) {
            assertEquals(0, other.size());
            for (int i = 1; i <= 3; i++) {
                index.add(List.of(Passage.of("a" + i, "apple")));
                assertEquals(i - 1, other.size());
                index.commit();
                assertEquals(i, other.size());
                assertEquals(i, other.bm25().retrieve(Query.of("apple"), 10, Deadline.none()).size());
            }
        }
    }

    @Test
    void aWordThatTheQuerySaysTwiceCountsTwice() {
        index.add(List.of(Passage.of("a", "apple and pear"), Passage.of("b", "pear and apple")));
        index.commit();
        double once = index.bm25().retrieve(Query.of("apple"), 1, Deadline.none()).hits().getFirst().score();
        double twice = index.bm25().retrieve(Query.of("apple Apples"), 1, Deadline.none()).hits().getFirst().score();
        assertEquals(2 * once, twice, 1e-6);
    }

    @Test
    void aQuestionFindsItsSubjectNotOtherQuestions() {
        index.add(List.of(Passage.of("about", "Laptops are handed in on the last day."),
                Passage.of("like", "What do I have to do, and how do I do it when I have it?")));
        index.commit();
        assertEquals(List.of("about"), bm25("what do I have to do with my laptop"));
        assertEquals(List.of("like"), bm25("how do I do it")); // there is nothing else to go by
    }

    @Test
    void vectorScoresAreCosines() {
        index.add(List.of(Passage.of("same", "red apple"), Passage.of("half", "red sea"), Passage.of("none", "")));
        index.commit();
        Ranking ranking = index.vector().retrieve(Query.of("red apple"), 10, Deadline.none());
        float[] query = encoder.query("red apple");
        for (Hit hit : ranking) {
            float[] vector = encoder.query(hit.passage().content());
            double cosine = 0;
            for (int i = 0; i < query.length; i++) {
                cosine += query[i] * vector[i];
            }
            assertEquals(Math.min(1, cosine), hit.score(), 1e-6, hit.passage().id());
        }
        assertEquals("same", ranking.hits().getFirst().passage().id());
    }

    @Test
    void aPassageIdInTwoDocumentsIsRefusedByName() {
        index.add(List.of(passage("p", "a", "f", "x")));
        refused("p in documents a and b", passage("p", "b", "f", "y"));
        index.commit();
        refused("p in documents a and b", passage("p", "b", "f", "y"));
        refused("q twice in document c", passage("q", "c", "f", "y"), passage("q", "c", "f", "z"));
        refused("q in documents c and d", passage("q", "c", "f", "y"), passage("q", "d", "f", "z"));
        index.commit();
        assertEquals(1, index.size());
    }

    @Test
    void aPassageIdIsFreeOnceItsDocumentIsGoneOrHasOthers() {
        index.add(List.of(passage("p", "a", "f", "x"), passage("r", "z", "f", "x")));
        index.commit();
        index.delete("a");
        index.add(List.of(passage("p", "b", "f", "y")));
        index.add(List.of(passage("q", "b", "f", "y")));
        index.add(List.of(passage("p", "c", "f", "y"), passage("r", "d", "f", "y"), passage("s", "z", "f", "x")));
        index.commit();
        assertEquals(List.of("q"), index.passages("b").stream().map(Passage::id).toList());
        assertEquals(List.of("p"), index.passages("c").stream().map(Passage::id).toList());
        assertEquals(List.of("r"), index.passages("d").stream().map(Passage::id).toList());
        assertEquals(4, index.size());
    }

    @Test
    void everythingButClosingIsMisuseAfterClosing() {
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        index.close();
        assertThrows(IllegalStateException.class, index::size);
        assertThrows(IllegalStateException.class, index::documentCount);
        assertThrows(IllegalStateException.class, index::marks);
        assertThrows(IllegalStateException.class, index::fields);
        assertThrows(IllegalStateException.class, () -> index.documents("f"));
        assertThrows(IllegalStateException.class, () -> index.passages("a"));
        assertThrows(IllegalStateException.class, () -> index.mark("a", "b"));
        assertThrows(IllegalStateException.class, () -> index.matches("a", "b"));
        assertThrows(IllegalStateException.class, () -> index.add(List.of()));
        assertThrows(IllegalStateException.class, () -> index.vector().retrieve(Query.of("a"), 1, Deadline.none()));
    }

    @Test
    void matchesAreOfThisLanguage() {
        int[] match = index.matches("runs", "they were running").getFirst();
        assertEquals("running", "they were running".substring(match[0], match[1]));
    }

    private List<String> bm25(String query) {
        return index.bm25().retrieve(Query.of(query), 10, Deadline.none()).hits().stream()
                .map(hit -> hit.passage().id()).toList();
    }

    private void refused(String reason, Passage... passages) {
        RerankException e = assertThrows(RerankException.class, () -> index.add(List.of(passages)));
        assertEquals(RerankException.Kind.INVALID_REQUEST, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
    }

    private static List<Passage> document(String id, String file, int passages) {
        List<Passage> document = new ArrayList<>();
        for (int i = 0; i < passages; i++) {
            document.add(passage(id + "/" + i, id, file, "passage number " + i));
        }
        return document;
    }

    private static Passage passage(String id, String documentId, String file, String text) {
        return new Passage(id, documentId, "", text,
                new Location(file, List.of(), OptionalInt.empty(), 0, text.length()), Map.of());
    }

    private static Passage with(String id, Map<String, Value> metadata) {
        return new Passage(id, id, "", "text", Location.NONE, metadata);
    }

    private static Set<String> ids(Ranking ranking) {
        return Set.copyOf(ranking.hits().stream().map(hit -> hit.passage().id()).toList());
    }
}
