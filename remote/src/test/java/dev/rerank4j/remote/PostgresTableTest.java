package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Tables that others keep. */
@Tag("postgres")
class PostgresTableTest {

    private final TestDatabase database = new TestDatabase();

    @BeforeEach
    void fill() {
        database.execute("CREATE TABLE " + database.table("News \"2026\"") + " (\"Key No\" bigint PRIMARY KEY, "
                + "\"the Body\" text, \"Head'line\" varchar(80), part_of text, words tsvector, info jsonb, "
                + "price numeric(10, 2), published timestamptz, day date, sold boolean, tags text[], state \"char\", "
                + "uid uuid)");
        database.execute("INSERT INTO " + database.table("News \"2026\"") + " VALUES "
                + "(1, 'The apples are ripe', 'Fruit', 'a', NULL, '{\"lang\": \"en\", \"deep\": {\"x\": 1}}', 1.50, "
                + "'2026-01-01T12:00:00.001Z', '2026-01-01', true, '{red,round}', 'x', "
                + "'00000000-0000-0000-0000-000000000001'), "
                + "(2, 'An apple a day', NULL, 'a', NULL, NULL, NULL, 'infinity', NULL, NULL, NULL, NULL, NULL), "
                + "(3, NULL, 'Apple', NULL, NULL, '[]', 2, NULL, NULL, false, '{}', 'y', NULL), "
                + "(4, 'Pears', 'Other fruit', 'b', NULL, '{}', 3, NULL, NULL, NULL, NULL, NULL, NULL)");
        database.execute("UPDATE " + database.table("News \"2026\"") + " SET words = to_tsvector('english', "
                + "coalesce(\"Head'line\", '') || ' ' || coalesce(\"the Body\", ''))");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private PostgresColumns columns() {
        return PostgresColumns.of("News \"2026\"", "Key No", "the Body", "english").inSchema(database.schema());
    }

    private PostgresTable open(PostgresColumns columns) {
        return PostgresTable.open(database.source(), columns, Optional.empty());
    }

    private static List<String> found(PostgresTable table, String query, Filter filter) {
        return table.fullText().retrieve(new Query(query, filter), 10, Deadline.none()).hits().stream()
                .map(hit -> hit.passage().id()).sorted().toList();
    }

    private void fails(String message, PostgresColumns columns) {
        RerankException e = assertThrows(RerankException.class, () -> open(columns));
        assertEquals(Kind.UNAVAILABLE, e.kind());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void idsAndTextsSuffice() {
        try (PostgresTable table = open(columns())) {
            assertEquals(List.of("1", "2"), found(table, "apple", Filter.NONE));
            assertEquals(List.of(), found(table, "fruit", Filter.NONE));
            assertEquals(4, table.count(Filter.NONE));
            Hit hit = table.fullText().retrieve(Query.of("pear"), 10, Deadline.none()).hits().getFirst();
            assertEquals(Passage.of("4", "Pears"), hit.passage());
        }
    }

    @Test
    void titlesDocumentsAndWordsAreTakenFromTheirColumns() {
        PostgresColumns columns = columns().withTitle("Head'line").withDocument("part_of");
        for (PostgresColumns each : List.of(columns, columns.withWords("words"))) {
            try (PostgresTable table = open(each)) {
                assertEquals(List.of("1", "2", "3"), found(table, "apple", Filter.NONE));
                assertEquals(List.of("1", "4"), found(table, "fruit", Filter.NONE));
                Passage first = table.fullText().retrieve(Query.of("ripe"), 10, Deadline.none()).hits().getFirst()
                        .passage();
                assertEquals("Fruit", first.title());
                assertEquals("a", first.documentId());
                assertEquals("3", table.fullText().retrieve(Query.of("apple"), 10, Deadline.none()).hits().stream()
                        .map(Hit::passage).filter(passage -> passage.id().equals("3")).findFirst().orElseThrow()
                        .documentId());
            }
        }
    }

    @Test
    void columnsOfAllKindsAreMetadata() {
        PostgresColumns columns = columns().withMetadata("info").withFields(Map.of("price", "price", "it's", "sold",
                "published", "published", "day", "day", "tags", "tags", "uid", "uid", "state", "state"));
        try (PostgresTable table = open(columns)) {
            Map<String, Value> metadata = table.fullText().retrieve(Query.of("ripe"), 10, Deadline.none()).hits()
                    .getFirst().passage().metadata();
            assertEquals(Map.of("lang", Value.of("en"), "price", Value.of(1.5), "it's", Value.of(true), "published",
                    Value.of(Instant.parse("2026-01-01T12:00:00.001Z")), "day",
                    Value.of(Instant.parse("2026-01-01T00:00:00Z")), "tags", Value.of("red", "round"), "uid",
                    Value.of("00000000-0000-0000-0000-000000000001"), "state", Value.of("x")), metadata);
            passes(table, List.of("1"), new Filter.Equal("lang", Value.of("en")));
            passes(table, List.of("1"), Filter.Range.atMost("price", Value.of(1.5)));
            passes(table, List.of("1"), new Filter.Equal("it's", Value.of(true)));
            passes(table, List.of("2"), new Filter.Not(new Filter.Equal("it's", Value.of(true))));
            passes(table, List.of("1"), Filter.Range.atLeast("published",
                    Value.of(Instant.parse("2026-01-01T12:00:00.001Z"))));
            passes(table, List.of(), Filter.Range.above("published",
                    Value.of(Instant.parse("2026-01-01T12:00:00.001Z"))));
            passes(table, List.of("1"), new Filter.Equal("tags", Value.of("round")));
            passes(table, List.of("1"), new Filter.Contains("uid", "-0000-"));
            passes(table, List.of(), new Filter.Equal("nothing", Value.of("x")));
        }
    }

    private static void passes(PostgresTable table, List<String> expected, Filter filter) {
        assertEquals(expected, found(table, "apple", filter), filter.toString());
    }

    @Test
    void aViewIsATable() {
        database.execute(
                "CREATE VIEW " + database.table("v") + " AS SELECT \"Key No\" AS id, \"the Body\" AS text FROM "
                        + database.table("News \"2026\""));
        try (PostgresTable table = open(PostgresColumns.of("v", "id", "text", "english").inSchema(database.schema()))) {
            assertEquals(List.of("1", "2"), found(table, "apple", Filter.NONE));
        }
    }

    @Test
    void theIndexOfTheDocumentationIsUsed() {
        PostgresColumns columns = columns().withTitle("Head'line");
        database.execute("CREATE INDEX ON " + database.table("News \"2026\"") + " USING gin (to_tsvector('english', "
                + "coalesce(\"Head'line\", '') || ' ' || coalesce(\"the Body\", '')))");
        PGSimpleDataSource indexed = database.another();
        indexed.setOptions("-c enable_seqscan=off");
        String plan = TestDatabase.ask(indexed, "EXPLAIN SELECT FROM " + database.table("News \"2026\"")
                + " WHERE to_tsvector('english'::regconfig, coalesce(\"Head'line\", '') || ' ' || "
                + "coalesce(\"the Body\", '')) @@ CAST('''appl''' AS tsquery)");
        assertTrue(plan.contains("Bitmap Heap Scan"), plan);
        try (PostgresTable table = open(columns)) {
            assertEquals(List.of("1", "2", "3"), found(table, "apple", Filter.NONE));
        }
    }

    @Test
    void whatIsMissingOrOfAnotherTypeIsNamed() {
        fails("there is no table", PostgresColumns.of("nothing", "id", "text", "english").inSchema(database.schema()));
        fails("has no column nothing: it has Head'line, Key No, day", columns().withTitle("nothing"));
        fails("column part_of of table", columns().withWords("part_of"));
        fails("must have type jsonb, got text: choose another column", columns().withMetadata("part_of"));
        fails("must have type vector", columns().withVector("part_of", PostgresColumns.Distance.COSINE));
        assertEquals("a table with an encoder must have a column of vectors",
                assertThrows(IllegalArgumentException.class, () -> PostgresTable.open(database.source(), columns(),
                        Optional.of(new WordEncoder(8)))).getMessage());
    }

    @Test
    void aClosedTableIsMisuse() {
        PostgresTable table = open(columns());
        table.close();
        table.close();
        assertThrows(IllegalStateException.class, () -> found(table, "apple", Filter.NONE));
    }
}
