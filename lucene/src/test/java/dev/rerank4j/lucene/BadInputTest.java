package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.search.IndexSearcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {

    @TempDir
    private Path directory;

    private LuceneIndex index;

    @BeforeEach
    void open() {
        index = LuceneIndex.open(directory.resolve("index"), new WordEncoder(), "en");
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void emptyAndBlankDocumentsAreKept() {
        index.add(List.of(Passage.of("empty", ""), Passage.of("blank", " \t\n\u00a0"), Passage.of("a", "apple")));
        index.commit();
        assertEquals(3, index.size());
        assertEquals("", index.passages("empty").getFirst().text());
        assertEquals(" \t\n\u00a0", index.passages("blank").getFirst().text());
        assertEquals(List.of("a"), bm25("apple"));
        assertEquals(3, index.vector().retrieve(Query.of("apple"), 10, Deadline.none()).size());
    }

    @Test
    void nulsAndLoneSurrogatesAreNoObstacle() {
        index.add(List.of(Passage.of("nul", "ap\u0000ple \u0000 pear"), Passage.of("half", "fig\uD83C \uDF4E plum")));
        index.commit();
        assertEquals("ap\u0000ple \u0000 pear", index.passages("nul").getFirst().text());
        assertEquals("fig\uFFFD \uFFFD plum", index.passages("half").getFirst().text());
        assertEquals(List.of("nul"), bm25("pear"));
        assertEquals(List.of("half"), bm25("plum \uD83C"));
    }

    @Test
    void aMegabyteOfOneWordIsAText() {
        String text = "x".repeat(1 << 20);
        index.add(List.of(Passage.of("long", text), Passage.of("a", "apple")));
        index.commit();
        assertEquals(text, index.passages("long").getFirst().text());
        assertEquals(List.of("a"), bm25("apple"));
        assertEquals(List.of("long"), bm25(text));
        assertEquals(1, index.matches(text, text).size());
    }

    @Test
    void emojiAndChineseAreFoundThroughEnglish() {
        index.add(List.of(Passage.of("emoji", "I ❤️ 🍎"), Passage.of("zh", "我喜欢吃苹果"), Passage.of("en", "apple")));
        index.commit();
        assertEquals(List.of("emoji"), bm25("🍎"));
        assertEquals(List.of("zh"), bm25("苹果"));
    }

    @Test
    void aQueryOfTenThousandWordsIsRefusedWithTheirNumber() {
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        String words = IntStream.range(0, 10_000).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        RerankException e = assertThrows(RerankException.class, () -> bm25(words));
        assertEquals(Kind.INVALID_REQUEST, e.kind());
        assertEquals("the query has 10000 distinct words, bm25 reads at most 1024: shorten it", e.getMessage());
        assertEquals(1_024, IndexSearcher.getMaxClauseCount());
        assertEquals(List.of("a"), bm25("apple ".repeat(10_000)));
    }

    @Test
    void asManyDistinctWordsAsAreReadAreRead() {
        index.add(List.of(Passage.of("a", "word1023")));
        index.commit();
        String words = IntStream.range(0, 1_024).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        assertEquals(List.of("a"), bm25(words));
    }

    @Test
    void moreConditionsThanLuceneTakesAreRefused() {
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        Filter many = new Filter.Or(IntStream.range(0, 2_000).<Filter>mapToObj(
                i -> new Filter.Equal("f" + i, Value.of(i))).toList());
        for (var retriever : List.of(index.bm25(), index.vector())) {
            RerankException e = assertThrows(RerankException.class,
                    () -> retriever.retrieve(new Query("apple", many), 1, Deadline.none()));
            assertEquals(Kind.INVALID_REQUEST, e.kind());
        }
        Filter in = new Filter.In("f", IntStream.range(0, 20_000).mapToObj(i -> Value.of("v" + i))
                .collect(Collectors.toSet()));
        assertTrue(index.bm25().retrieve(new Query("apple", in), 1, Deadline.none()).isEmpty());
    }

    @Test
    void aQueryOfStopWordsFindsNothing() {
        index.add(List.of(Passage.of("a", "to be or not to be")));
        index.commit();
        assertEquals(List.of(), bm25("to be or not to be"));
        assertEquals(List.of(), bm25("?!"));
    }

    @Test
    void idsAndFieldNamesOfAnyLengthAndScriptAreKept() {
        String longId = "ä/".repeat(50_000);
        String nul = "\u0000";
        index.add(List.of(
                new Passage(longId, longId, "", "apple", Location.NONE, Map.of("🍎".repeat(500), Value.of(1)))));
        index.add(List.of(new Passage(nul, nul, "", "pear", Location.NONE, Map.of())));
        index.commit();
        assertEquals(List.of(longId), bm25("apple"));
        assertEquals(1, index.passages(nul).size());
        assertTrue(index.fields().contains("🍎".repeat(500)));
        index.delete(longId);
        index.commit();
        assertEquals(1, index.size());
    }

    @Test
    void namesThatCannotBeKeptAreRefused() {
        refused("passage id must be well-formed Unicode", new Passage("\uD83C", "d", "", "", Location.NONE, Map.of()));
        refused("document id must be well-formed Unicode", new Passage("p", "\uD83C", "", "", Location.NONE, Map.of()));
        refused("metadata field must be well-formed Unicode",
                new Passage("p", "d", "", "", Location.NONE, Map.of("\uDF4E", Value.of(1))));
        refused("at most 1000 characters, got 1001",
                new Passage("p", "d", "", "", Location.NONE, Map.of("x".repeat(1_001), Value.of(1))));
        index.commit();
        assertEquals(0, index.size());
    }

    @Test
    void theEndsOfTimeAreMomentsToo() {
        Value first = Value.of(Instant.ofEpochMilli(Long.MIN_VALUE));
        Value last = Value.of(Instant.ofEpochMilli(Long.MAX_VALUE));
        index.add(List.of(new Passage("end", "end", "", "apple", Location.NONE, Map.of("t", last)),
                new Passage("start", "start", "", "apple", Location.NONE, Map.of("t", first))));
        index.commit();
        Filter past = Filter.Range.below("t", Value.of(Instant.EPOCH));
        assertEquals(List.of("start"), index.bm25().retrieve(new Query("apple", past), 9, Deadline.none()).hits()
                .stream().map(hit -> hit.passage().id()).toList());
    }

    @Test
    void anEncoderWhoseVectorsAreWrongIsFoundOut() {
        wrongVectors("of 3 numbers instead of 32", vector -> new float[3]);
        wrongVectors("of length 0.0 instead of 1", vector -> new float[vector.length]);
        wrongVectors("of length NaN instead of 1", vector -> {
            vector[5] = Float.NaN;
            return vector;
        });
        wrongVectors("of length Infinity instead of 1", vector -> {
            vector[5] = Float.POSITIVE_INFINITY;
            return vector;
        });
    }

    @Test
    void aDimensionThatTheIndexCannotHoldIsMisuse() {
        Encoder huge = new Encoding(vector -> vector) {
            @Override
            public int dimension() {
                return 4_097;
            }
        };
        assertThrows(IllegalArgumentException.class, () -> LuceneIndex.open(directory.resolve("huge"), huge, "en"));
    }

    @Test
    void anExpiredDeadlineIsATimeout() {
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        Deadline deadline = Deadline.in(Duration.ofNanos(1));
        while (!deadline.expired()) {
            Thread.onSpinWait();
        }
        for (var retriever : List.of(index.bm25(), index.vector())) {
            RerankException e = assertThrows(RerankException.class,
                    () -> retriever.retrieve(Query.of("apple"), 1, deadline));
            assertEquals(Kind.TIMEOUT, e.kind());
        }
    }

    @Test
    void aDeadlineThatPassesWhileTheQueryIsEncodedIsATimeout() {
        Deadline deadline = Deadline.in(Duration.ofMillis(200));
        Encoder slow = new Encoding(vector -> vector) {
            @Override
            public float[] query(String text) {
                while (!deadline.expired()) {
                    Thread.onSpinWait();
                }
                return super.query(text);
            }
        };
        index.add(List.of(Passage.of("a", "apple")));
        index.commit();
        try (LuceneIndex other = LuceneIndex.open(directory.resolve("index"), slow, "en")) {
            RerankException e = assertThrows(RerankException.class,
                    () -> other.vector().retrieve(Query.of("apple"), 1, deadline));
            assertEquals(Kind.TIMEOUT, e.kind());
        }
    }

    private void wrongVectors(String reason, UnaryOperator<float[]> change) {
        try (LuceneIndex other = LuceneIndex.open(directory.resolve("other"), new Encoding(change), "en")) {
            RerankException e = assertThrows(RerankException.class, () -> other.add(List.of(Passage.of("a", "apple"))));
            assertEquals(Kind.MODEL, e.kind());
            assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
            other.commit();
            assertEquals(0, other.size());
            assertThrows(RerankException.class, () -> other.vector().retrieve(Query.of("a"), 1, Deadline.none()));
        }
    }

    private void refused(String reason, Passage passage) {
        RerankException e = assertThrows(RerankException.class, () -> index.add(List.of(passage)));
        assertEquals(Kind.INVALID_REQUEST, e.kind());
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e::getMessage);
        assertFalse(String.valueOf(e.getMessage()).contains("\uD83C"));
    }

    private List<String> bm25(String query) {
        return index.bm25().retrieve(Query.of(query), 10, Deadline.none()).hits().stream()
                .map(hit -> hit.passage().id()).toList();
    }

    /** The usual vectors, changed. */
    private static class Encoding implements Encoder {

        private final WordEncoder words = new WordEncoder();
        private final UnaryOperator<float[]> change;

        Encoding(UnaryOperator<float[]> change) {
            this.change = change;
        }

        @Override
        public String name() {
            return words.name();
        }

        @Override
        public int dimension() {
            return words.dimension();
        }

        @Override
        public float[] query(String text) {
            return change.apply(words.query(text));
        }

        @Override
        public float[][] passages(List<String> texts) {
            return texts.stream().map(this::query).toArray(float[][]::new);
        }

        @Override
        public void close() {
        }
    }
}
