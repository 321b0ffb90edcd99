package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.OddTexts;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("postgres")
class PostgresIndexTest {

    private final TestDatabase database = new TestDatabase();

    @AfterEach
    void drop() {
        database.close();
    }

    private PostgresIndex open() {
        return PostgresIndex.open(database.source(), database.options(), Optional.empty());
    }

    private static List<String> found(PostgresIndex index, String query) {
        return ids(index.fullText().retrieve(Query.of(query), 100, Deadline.none()));
    }

    private static List<String> ids(Ranking ranking) {
        return ranking.hits().stream().map(Hit::passage).map(Passage::id).toList();
    }

    private static void fails(Kind kind, String message, Executable work) {
        RerankException e = assertThrows(RerankException.class, work);
        assertEquals(kind, e.kind(), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    }

    @Test
    void scoresAreThoseOfBm25() {
        try (PostgresIndex index = open()) {
            index.add(List.of(Passage.of("a", "apple apple pear"), Passage.of("b", "apple plum plum plum plum"),
                    Passage.of("c", "fig")));
            index.commit();
            Ranking ranking = index.fullText().retrieve(Query.of("apples"), 10, Deadline.none());
            double idf = Math.log1p((3 - 2 + 0.5) / (2 + 0.5));
            double mean = (3 + 5 + 1) / 3.0;
            assertEquals(List.of("a", "b"), ids(ranking));
            assertEquals(idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / mean)), ranking.hits().get(0).score(), 1e-6);
            assertEquals(idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 5 / mean)), ranking.hits().get(1).score(), 1e-6);
        }
    }

    @Test
    void oddTextsAreKeptAndAsked() {
        List<Passage> passages = new ArrayList<>();
        for (String text : OddTexts.all()) {
            int i = passages.size();
            passages.add(new Passage("p" + i, "d" + i, text, text, new Location("f", List.of(text),
                    OptionalInt.empty(), 0, 1), Map.of("m", Value.of(text))));
        }
        try (PostgresIndex index = open()) {
            index.add(passages);
            index.commit();
            for (Passage passage : passages) {
                Passage read = index.passages(passage.documentId()).getFirst();
                assertEquals(WellFormed.of(passage.text()), read.text());
                assertEquals(WellFormed.of(passage.title()), read.title());
            }
            assertTrue(found(index, "paris\0france").contains("p4"));
            OddTexts.all().stream().filter(text -> !text.isBlank()).forEach(text -> found(index, text));
        }
    }

    @Test
    void hugeTextsAreKeptWholeAndFoundByTheirBeginning() {
        String numbers = String.join(" ", IntStream.range(0, 200_000).mapToObj(i -> "w" + i).toList());
        try (PostgresIndex index = open()) {
            index.add(List.of(Passage.of("words", numbers), Passage.of("word", "x".repeat(3_000_000) + " tail")));
            index.commit();
            assertEquals(numbers, index.passages("words").getFirst().text());
            assertEquals(List.of("words"), found(index, "w77"));
            assertEquals(List.of(), found(index, "w199999"));
            fails(Kind.INVALID_REQUEST, "distinct words, full text reads at most 1024", () -> found(index, numbers));
        }
    }

    @Test
    void namesWithQuotesAreNames() {
        PostgresOptions options = PostgresOptions.of("a\"b'; DROP TABLE x;-- ?", "simple")
                .inSchema(database.schema());
        try (PostgresIndex index = PostgresIndex.open(database.source(), options, Optional.empty())) {
            index.add(List.of(Passage.of("it's \"d\"", "apple")));
            index.mark("k'", "m");
            index.commit();
            assertEquals(List.of("it's \"d\""), found(index, "apple"));
        }
    }

    @Test
    void idsThatCannotBeKeptAreRefused() {
        try (PostgresIndex index = open()) {
            fails(Kind.INVALID_REQUEST, "passage id must have at most 2000 bytes",
                    () -> index.add(List.of(Passage.of("a".repeat(2_001), "apple"))));
            fails(Kind.INVALID_REQUEST, "lone surrogate", () -> index.add(List.of(Passage.of("\uD83C", "apple"))));
            index.add(List.of(Passage.of("a\0", "apple")));
            index.commit();
            assertEquals(List.of("a\0"), found(index, "apple"));
        }
    }

    @Test
    void aPassageIdOfAnotherDocumentIsRefused() {
        try (PostgresIndex index = open()) {
            index.add(List.of(new Passage("p", "d", "", "apple", Location.NONE, Map.of())));
            fails(Kind.INVALID_REQUEST, "passage ids must be unique, got p in documents d and e",
                    () -> index.add(List.of(new Passage("p", "e", "", "pear", Location.NONE, Map.of()))));
            index.commit();
            assertEquals(List.of("p"), found(index, "apple"));
        }
    }

    @Test
    void marksAreCommittedWithWhatTheyMark() {
        try (PostgresIndex index = open()) {
            assertEquals(Map.of(), index.marks());
            index.mark("a\0", "1\0");
            index.mark("b", "2");
            assertEquals(Map.of(), index.marks());
            index.commit();
            index.mark("b", "");
            index.mark("a\0", "3");
            index.commit();
            assertEquals(Map.of("a\0", "3"), index.marks());
            assertEquals("key of a mark must not be empty", assertThrows(IllegalArgumentException.class,
                    () -> index.mark("", "x")).getMessage());
        }
    }

    @Test
    void whatIsCommittedCanBeReadBack() {
        Location location = new Location("f.md", List.of(), OptionalInt.empty(), 0, 5);
        try (PostgresIndex index = open()) {
            index.add(List.of(new Passage("p", "d", "", "apple", location, Map.of("a", Value.of("x", "y")))));
            index.commit();
            assertEquals(Set.of("d"), index.documents("f.md"));
            assertEquals(Set.of(), index.documents("g.md"));
            assertTrue(index.hasField("a"));
            assertFalse(index.hasField("b"));
            assertEquals(Set.of("a"), index.fields());
            assertEquals(Map.of("x", 1, "y", 1), index.counts("a", Filter.NONE));
            assertEquals(1, index.size());
            assertEquals(1, index.documentCount());
            assertEquals(List.of("p"), index.firstPassages("", 10).stream().map(Passage::id).toList());
            assertEquals(List.of(), index.firstPassages("d", 10));
        }
    }

    @Test
    void aFailedWriterSearchesOnAndRefusesFurtherChanges() {
        try (PostgresIndex index = open()) {
            index.add(List.of(Passage.of("a", "apple")));
            index.commit();
            index.add(List.of(Passage.of("b", "apple")));
            database.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'");
            fails(Kind.UNAVAILABLE, "stands as last committed", () -> index.add(List.of(Passage.of("c", "apple"))));
            fails(Kind.UNAVAILABLE, "stands as last committed", index::commit);
            assertEquals(List.of("a"), found(index, "apple"));
        }
        try (PostgresIndex again = open()) {
            again.add(List.of(Passage.of("b", "apple")));
            again.commit();
            assertEquals(2, again.size());
        }
    }

    @Test
    void aLargeCommitLeavesStatisticsOfWords() {
        try (PostgresIndex index = open()) {
            index.add(IntStream.range(0, 10_000).mapToObj(i -> Passage.of("p" + i, "apple w" + i)).toList());
            index.commit();
        }
        assertEquals("t", database.ask("SELECT 'appl' = ANY (most_common_elems::text::text[]) FROM pg_stats "
                + "WHERE schemaname = '" + database.schema() + "' AND tablename = 'passages' AND attname = 'words'"));
    }

    @Test
    void anotherConfigurationIsRefused() {
        try (PostgresIndex index = open()) {
            index.commit();
        }
        PostgresOptions german = PostgresOptions.of("passages", "german").inSchema(database.schema());
        fails(Kind.UNAVAILABLE, "was written with text search configuration english, this one is german",
                () -> PostgresIndex.open(database.source(), german, Optional.empty()));
        assertEquals(Optional.of("english"), PostgresIndex.configuration(database.source(), german));
    }

    @Test
    void anIndexThatIsNotThereCanBeOpenedAndSaysHowToMakeOne() {
        try (PostgresIndex index = open()) {
            assertEquals(0, index.size());
            fails(Kind.UNAVAILABLE, "make one with rerank index", () -> found(index, "apple"));
        }
    }

    @Test
    void aSchemaThatIsNotThereIsNamed() {
        PostgresOptions options = database.options().inSchema("nowhere");
        try (PostgresIndex index = PostgresIndex.open(database.source(), options, Optional.empty())) {
            fails(Kind.UNAVAILABLE, "the schema of nowhere.passages does not exist", index::commit);
        }
    }

    @Test
    void aWrongPasswordIsNotRepeated() {
        PGSimpleDataSource wrong = database.another();
        wrong.setPassword("open-sesame");
        RerankException e = assertThrows(RerankException.class,
                () -> PostgresIndex.open(wrong, database.options(), Optional.empty()));
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains("refused the user or its password: check both"), e.getMessage());
        assertFalse(e.toString().contains("sesame"));
    }

    @Test
    void aServerThatIsDownAndADatabaseThatIsNotThereAreNamed() throws Exception {
        PGSimpleDataSource down = database.another();
        try (ServerSocket socket = new ServerSocket(0)) {
            down.setPortNumbers(new int[]{socket.getLocalPort()});
        }
        fails(Kind.UNAVAILABLE, "cannot be reached: see whether it is running",
                () -> PostgresIndex.open(down, database.options(), Optional.empty()));
        PGSimpleDataSource other = database.another();
        other.setDatabaseName("nowhere");
        fails(Kind.UNAVAILABLE, "no database of the name",
                () -> PostgresIndex.open(other, database.options(), Optional.empty()));
    }

    @Test
    void aDatabaseWithoutTheExtensionSearchesWordsAlone() {
        String name = "bare" + Math.abs(new Random().nextInt());
        database.execute("CREATE DATABASE " + name);
        PGSimpleDataSource bare = database.another();
        bare.setDatabaseName(name);
        try {
            PostgresOptions options = PostgresOptions.of("passages", "english");
            fails(Kind.UNAVAILABLE, "lacks the extension pgvector: have an administrator CREATE EXTENSION vector",
                    () -> PostgresIndex.open(bare, options, Optional.of(new WordEncoder(8))));
            try (PostgresIndex index = PostgresIndex.open(bare, options, Optional.empty())) {
                index.add(List.of(Passage.of("a", "apple")));
                index.commit();
                assertEquals(List.of("a"), found(index, "apple"));
                assertThrows(IllegalStateException.class, index::vector);
            }
        } finally {
            database.execute("DROP DATABASE " + name);
        }
    }

    @Test
    void theDocumentedPermissionsSufficeToSearch() {
        String reader = "reader" + Math.abs(new Random().nextInt());
        database.execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'x'");
        PGSimpleDataSource source = database.another();
        source.setUser(reader);
        source.setPassword("x");
        try (PostgresIndex index = open()) {
            index.add(List.of(Passage.of("a", "apple")));
            index.commit();
            fails(Kind.UNAVAILABLE, "GRANT it what docs/postgresql.md lists",
                    () -> PostgresIndex.open(source, database.options(), Optional.empty()));
            database.execute("GRANT USAGE ON SCHEMA " + SqlName.quoted(database.schema()) + " TO " + reader);
            database.execute("GRANT SELECT ON " + database.table("passages") + ", " + database.table("passages_about")
                    + ", " + database.table("passages_marks") + " TO " + reader);
            try (PostgresIndex read = PostgresIndex.open(source, database.options(), Optional.empty())) {
                assertEquals(List.of("a"), found(read, "apple"));
                assertEquals(Map.of(), read.marks());
                fails(Kind.UNAVAILABLE, "the user may not do this", () -> read.delete("a"));
            }
        } finally {
            database.execute("DROP OWNED BY " + reader + "; DROP ROLE " + reader);
        }
    }
}
