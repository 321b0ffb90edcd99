package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Retriever;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** An index in a real OpenSearch. */
@Timeout(300)
class OpenSearchIndexTest {

    private final String name = RealOpenSearch.newIndex();
    private final OpenSearchOptions options = RealOpenSearch.options(name);
    private final List<OpenSearchIndex> opened = new ArrayList<>();

    @AfterEach
    void clear() {
        opened.forEach(OpenSearchIndex::close);
        RealOpenSearch.clear();
    }

    private OpenSearchIndex open(OpenSearchOptions which) {
        OpenSearchIndex index = OpenSearchIndex.open(which);
        opened.add(index);
        return index;
    }

    private OpenSearchIndex open(OpenSearchOptions which, int dimension) {
        OpenSearchIndex index = OpenSearchIndex.open(which, new WordEncoder(dimension));
        opened.add(index);
        return index;
    }

    private static void load(OpenSearchIndex index, Passage... passages) {
        index.add(List.of(passages));
        index.commit();
    }

    private static List<Passage> found(Retriever retriever, String text, Filter filter) {
        return retriever.retrieve(new Query(text, filter), 10, Deadline.none()).hits().stream().map(Hit::passage)
                .toList();
    }

    private static void assertUnavailable(String message, Executable call) {
        assertFails(Kind.UNAVAILABLE, message, call);
    }

    private static void assertFails(Kind kind, String message, Executable call) {
        RerankException e = assertThrows(RerankException.class, call);
        assertTrue(String.valueOf(e.getMessage()).contains(message), e::getMessage);
        assertEquals(kind, e.kind());
    }

    private static Executable search(Retriever retriever) {
        return () -> found(retriever, "apple", Filter.NONE);
    }

    @Test
    void whatIsAddedIsFoundByItsWords() {
        OpenSearchIndex index = open(options);
        Passage passage = Passage.of("a", "The apples fell from the tree.");
        load(index, passage, Passage.of("b", "A boat sank."));
        assertEquals(List.of(passage), found(index.bm25(), "what is an apple?", Filter.NONE));
    }

    @Test
    void anIndexThatIsNotThereHasNothingAndCannotBeSearched() {
        OpenSearchIndex index = open(options, 16);
        String message = "there is no index " + name + " of OpenSearch: check its name, or load it first";
        assertUnavailable(message, search(index.bm25()));
        assertUnavailable(message, search(index.vector()));
        assertTrue(index.language().isEmpty() && index.marks().isEmpty() && index.fields().isEmpty());
        assertEquals(0, index.documentCount());
        load(index, Passage.of("a", "apple"));
        assertEquals(1, found(index.bm25(), "apple", Filter.NONE).size());
    }

    @Test
    void anIndexWithoutVectorsIsSearchedByWordsOnly() {
        load(open(options), Passage.of("a", "apple"));
        OpenSearchIndex index = open(options, 16);
        assertUnavailable("was made without vectors", search(index.vector()));
        assertUnavailable("was made without vectors", () -> index.add(List.of(Passage.of("b", "apple"))));
        assertEquals(1, found(index.bm25(), "apple", Filter.NONE).size());
        assertThrows(IllegalStateException.class, () -> open(options).vector());
    }

    @Test
    void vectorsOfAnotherEncoderAreRefused() {
        load(open(options, 16), Passage.of("a", "apple"));
        OpenSearchIndex other = open(options, 32);
        String message = "has vectors of words-16 with 16 numbers, not of words-32 with 32";
        assertUnavailable(message, search(other.vector()));
        assertUnavailable(message, other::commit);
        assertUnavailable("open it with that encoder to add to it", open(options)::commit);
        assertEquals(1, found(open(options).bm25(), "apple", Filter.NONE).size());
    }

    @Test
    void anIndexOfAnotherLanguageIsRefused() {
        load(open(options), Passage.of("a", "apple"));
        OpenSearchIndex german = open(options.withLanguage("de"));
        assertUnavailable("was made for language en, not for language de", search(german.bm25()));
        assertUnavailable("was made for language en, not for language de", german::commit);
        assertEquals("en", german.language().orElseThrow());
    }

    @Test
    void anIndexOfSomebodyElseIsNotTakenForOurs() {
        RealOpenSearch.ask("PUT", "/" + name, "{}");
        assertUnavailable("was not made by Rerank4j", search(open(options).bm25()));
        assertUnavailable("was not made by Rerank4j", () -> load(open(options), Passage.of("a", "apple")));
    }

    @Test
    void aRedIndexIsNotSearchedInPart() {
        load(open(options), Passage.of("a", "apple"));
        String red = RealOpenSearch.newIndex();
        RealOpenSearch.ask("PUT", "/" + red + "?wait_for_active_shards=0", """
                {"settings": {"number_of_shards": 2, "number_of_replicas": 0,
                    "index.routing.allocation.require._name": "nobody"},
                 "mappings": {"properties": {"text": {"type": "text"}}}}""");
        assertUnavailable("index " + red + " of OpenSearch is red",
                search(open(RealOpenSearch.options(red).withFields(OpenSearchFields.ofText("text"))).bm25()));
    }

    @Test
    void closedAndReadOnlyIndexes() {
        load(open(options), Passage.of("a", "apple"));
        RealOpenSearch.ask("PUT", "/" + name + "/_settings", "{\"index.blocks.write\": true}");
        assertUnavailable("takes no changes", () -> load(open(options), Passage.of("b", "apple")));
        RealOpenSearch.ask("POST", "/" + name + "/_close", "");
        assertUnavailable("is closed: open it", search(open(options).bm25()));
    }

    @Test
    void aQueryOfTooManyWords() {
        OpenSearchIndex index = open(options);
        load(index, Passage.of("a", "apple"));
        String words = IntStream.range(0, 2_000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertFails(Kind.INVALID_REQUEST, "more conditions than OpenSearch reads",
                () -> found(index.bm25(), words, Filter.NONE));
    }

    @Test
    void whatIsCommittedIsReadBack() {
        OpenSearchIndex index = open(options.withSizes(3, 2, 1_000));
        List<Passage> first = List.of(of("a", 0, "x.md", "red"), of("a", 1, "x.md", "red"), of("a", 2, "x.md", "red"));
        Passage second = of("b", 0, "y.md", "blue");
        load(index, first.get(0), first.get(1), first.get(2), second);
        index.mark("x.md", "hash");
        index.mark("y.md", "other");
        assertTrue(index.marks().isEmpty());
        index.commit();
        index.mark("y.md", "");
        index.commit();
        assertEquals(Map.of("x.md", "hash"), index.marks());
        assertEquals(Set.of("a"), index.documents("x.md"));
        assertEquals(Map.of("a", first), index.passages(List.of("a", "nobody")));
        assertEquals(Map.of("blue", 1, "red", 3), index.counts("colour", Filter.NONE));
        assertEquals(1, index.count(new Filter.Equal("colour", Value.of("blue"))));
        assertEquals(4, index.count(Filter.NONE));
        assertEquals(2, index.documentCount());
        assertEquals(Set.of("colour"), index.fields());
        Passage one = index.firstPassages("", 1).getFirst();
        Passage two = index.firstPassages(one.documentId(), 10).getFirst();
        assertEquals(Set.of(first.getFirst(), second), Set.of(one, two));
        load(index, first.getFirst());
        assertEquals(Map.of("a", first.subList(0, 1)), index.passages(List.of("a")));
        assertEquals(2, found(index.bm25(), "apple", Filter.NONE).size());
    }

    private static Passage of(String document, int number, String file, String colour) {
        return new Passage(document + "/" + number, document, "Title", "apple " + number,
                new Location(file, List.of("H"), OptionalInt.of(1), 0, 7), Map.of("colour", Value.of(colour)));
    }

    private void makeForeign() {
        RealOpenSearch.ask("PUT", "/" + name, """
                {"settings": {"index.knn": true}, "mappings": {"properties": {
                    "head": {"type": "text", "fields": {"raw": {"type": "keyword"}}}, "body": {"type": "text"},
                    "meta": {"properties": {"year": {"type": "integer"}, "tags": {"type": "keyword"}}},
                    "made": {"type": "date"},
                    "vec": {"type": "knn_vector", "dimension": 2,
                            "method": {"name": "hnsw", "engine": "lucene", "space_type": "cosinesimil"}}}}}""");
        RealOpenSearch.ask("PUT", "/" + name + "/_doc/first?refresh=true", """
                {"head": "Fruit", "body": "an apple", "meta": {"year": 2020, "tags": ["a", "b"]},
                 "made": "2024-05-06", "vec": [1, 0]}""");
        RealOpenSearch.ask("PUT", "/" + name + "/_doc/second?refresh=true",
                """
                        {"head": "Apple", "body": "a boat", "meta.year": 2021, "made": "2024-05-06T07:08:09Z", "vec": [0, 1]}""");
    }

    @Test
    void anIndexThatSomebodyElseFills() {
        makeForeign();
        OpenSearchFields fields = OpenSearchFields.ofText("body").withTitle("head").withVector("vec")
                .withMetadata(Map.of("year", "meta.year", "tag", "meta.tags", "made", "made"), Set.of("made"));
        OpenSearchIndex index = open(options.withFields(fields));
        Passage first = new Passage("first", "first", "Fruit", "an apple", Location.NONE, Map.of("year",
                Value.of(2020), "tag", Value.of("a", "b"), "made", Value.of(Instant.parse("2024-05-06T00:00:00Z"))));
        Passage second = new Passage("second", "second", "Apple", "a boat", Location.NONE, Map.of("year",
                Value.of(2021), "made", Value.of(Instant.parse("2024-05-06T07:08:09Z"))));
        Retriever bm25 = index.bm25();
        assertEquals(Set.of(first, second), Set.copyOf(found(bm25, "apple", Filter.NONE)));
        assertEquals(List.of(first), found(bm25, "apple", new Filter.Equal("tag", Value.of("b"))));
        assertEquals(List.of(second), found(bm25, "apple", Filter.Range.above("year", Value.of(2020))));
        assertEquals(List.of(second), found(bm25, "apple", Filter.Range.above("made",
                Value.of(Instant.parse("2024-05-06T01:00:00Z")))));
        assertEquals(List.of(first), found(bm25, "apple", new Filter.Equal("made",
                Value.of(Instant.parse("2024-05-06T00:00:00Z")))));
        assertEquals(List.of(), found(bm25, "apple", new Filter.Equal("nowhere", Value.of(true))));
        OpenSearchIndex near = open(options.withFields(fields), 2);
        assertEquals(2, found(near.vector(), "apple", Filter.NONE).size());
        assertEquals(List.of(first), found(near.vector(), "apple", new Filter.Equal("tag", Value.of("b"))));
        for (Executable change : List.<Executable>of(() -> index.add(List.of(first)), () -> index.delete("first"),
                index::commit, () -> index.mark("a", "b"))) {
            assertThrows(IllegalStateException.class, change);
        }
    }

    @Test
    void fieldsThatAnIndexDoesNotHaveAreNamed() {
        makeForeign();
        OpenSearchFields body = OpenSearchFields.ofText("body");
        assertUnavailable("has no field bodi", search(open(options.withFields(OpenSearchFields.ofText("bodi")))
                .bm25()));
        assertUnavailable("has no field meta.size", search(open(options.withFields(body.withMetadata(
                Map.of("size", "meta.size"), Set.of()))).bm25()));
        assertUnavailable("has no vectors in head", search(open(options.withFields(body.withVector("head")), 2)
                .vector()));
        assertUnavailable("has vectors of 2 numbers in vec, words-16 makes 16",
                search(open(options.withFields(body.withVector("vec")), 16).vector()));
        assertThrows(IllegalStateException.class, () -> open(options.withFields(body), 2).vector());
        assertEquals(1, found(open(options.withFields(body.withSearched(Map.of("head.raw", 1.0)))).bm25(), "Fruit",
                Filter.NONE).size());
    }
}
