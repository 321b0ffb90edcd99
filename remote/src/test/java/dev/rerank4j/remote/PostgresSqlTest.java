package dev.rerank4j.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Filter;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Value;
import dev.rerank4j.remote.PostgresWords.Word;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent to PostgreSQL, without one. */
class PostgresSqlTest {

    @ParameterizedTest
    @MethodSource
    void filtersAreConditionsWhoseValuesAreParameters(String text, List<Object> values, Filter filter) {
        assertEquals(new Sql(text, values), new PostgresFilter(field -> "m").of(filter));
    }

    static Stream<Arguments> filtersAreConditionsWhoseValuesAreParameters() {
        Filter red = new Filter.Equal("a", Value.of("r\"d"));
        return Stream.of(
                Arguments.of("TRUE", List.of(), Filter.NONE),
                Arguments.of("FALSE", List.of(), new Filter.Or(List.of())),
                Arguments.of("FALSE", List.of(), new Filter.In("a", Set.of())),
                Arguments.of("(m @?? CAST(? AS jsonpath))", List.of("lax $.\"a\" ? (@ == \"r\\\"d\")"), red),
                Arguments.of("NOT coalesce((m @?? CAST(? AS jsonpath)), FALSE)",
                        List.of("lax $.\"a\" ? (@ == \"r\\\"d\")"), new Filter.Not(red)),
                Arguments.of("(m @?? CAST(? AS jsonpath))", List.of("lax $.\"a\" ? (@.ms == 1000)"),
                        new Filter.Equal("a", Value.of(Instant.ofEpochSecond(1)))),
                Arguments.of("m @?? CAST(? AS jsonpath)", List.of("lax $.\"a\" ? (@ >= 1.5)"),
                        Filter.Range.atLeast("a", Value.of(1.5))),
                Arguments.of("m @?? CAST(? AS jsonpath)", List.of("lax $.\"a\" ? (@.ms < 0)"),
                        Filter.Range.below("a", Value.of(Instant.EPOCH))),
                Arguments.of("EXISTS (SELECT FROM jsonb_path_query(m, CAST(? AS jsonpath)) AS v(value) WHERE "
                        + "strpos(value #>> '{}', ?) > 0)",
                        List.of("lax $.\"a\" ? (@.type() == \"string\")", "%'"), new Filter.Contains("a", "%'")),
                // half a character is never stored, and in the middle of a text never found
                Arguments.of("FALSE", List.of(), new Filter.Equal("a", Value.of("\uD83C"))),
                Arguments.of("FALSE", List.of(), new Filter.Contains("a", "x\uD83Cx")));
    }

    @Test
    void namesAreQuotedWhateverTheyAre() {
        assertEquals("\"a\"\"b\".\"c;--\"", SqlName.quoted("a\"b", "c;--"));
        assertEquals("'it''s'", SqlName.literal("it's"));
        assertEquals("E'a\\\\''b'", SqlName.literal("a\\'b"));
        assertEquals("'it''s \\\\'", new Word("it's \\", 1).query());
    }

    @ParameterizedTest
    @CsvSource({"'', must not be blank", "'a\0b', must not have a NUL in it"})
    void namesThatNoTableHasAreMisuse(String name, String complaint) {
        assertEquals("table " + complaint, assertThrows(IllegalArgumentException.class,
                () -> PostgresOptions.of(name, "english")).getMessage());
        assertEquals("column " + complaint, assertThrows(IllegalArgumentException.class,
                () -> PostgresColumns.of("t", name, "text", "english")).getMessage());
    }

    @Test
    void namesThatWouldBeCutOffAreMisuse() {
        assertEquals("table must have at most 50 bytes, got 51", assertThrows(IllegalArgumentException.class,
                () -> PostgresOptions.of("a".repeat(51), "english")).getMessage());
        assertEquals("schema must have at most 63 bytes, got 64", assertThrows(IllegalArgumentException.class,
                () -> PostgresOptions.of("t", "english").inSchema("\u00E9".repeat(32))).getMessage());
    }

    @Test
    void textsAreStoredWithoutNulAndReadAsTheyWere() {
        String odd = "\0\uFDD0\uFDD1\uFDD2ab";
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            String text = random.ints(random.nextInt(9), 0, odd.length()).mapToObj(i -> odd.substring(i, i + 1))
                    .reduce("", String::concat);
            String part = random.ints(random.nextInt(3), 0, odd.length()).mapToObj(i -> odd.substring(i, i + 1))
                    .reduce("", String::concat);
            String stored = PostgresText.stored(text);
            assertEquals(-1, stored.indexOf('\0'), "seed " + seed);
            assertEquals(text, PostgresText.read(stored), "seed " + seed);
            assertEquals(text.contains(part), stored.contains(PostgresText.stored(part)), "seed " + seed);
        }
        assertEquals("a\uFFFDb\uD83C\uDDEB\uFFFD", PostgresText.stored("a\uDDEBb\uD83C\uDDEB\uD83C"));
    }

    @Test
    void whatIsBeyondTheLimitsIsRefused() {
        assertEquals(2_000, PostgresText.name("id", "a".repeat(2_000), 2_000).getBytes(UTF_8).length);
        RerankException e = assertThrows(RerankException.class,
                () -> PostgresText.name("passage id", "a".repeat(2_001), 2_000));
        assertEquals(Kind.INVALID_REQUEST, e.kind());
        assertEquals("passage id must have at most 2000 bytes, got 2001: shorten it", e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"57014, TIMEOUT", "57P01, UNAVAILABLE", "28P01, UNAVAILABLE", "53100, UNAVAILABLE",
            "53300, OVERLOADED", "54001, INVALID_REQUEST", "08001, UNAVAILABLE", "XX000, UNAVAILABLE"})
    void whatThePostgresSaysIsNotRepeated(String state, Kind kind) {
        RerankException e = PostgresFailures.writing("public.passages",
                new SQLException("pool", null, new SQLException("DETAIL: the text of a document", state)));
        assertEquals(kind, e.kind());
        assertFalse(String.valueOf(e.getMessage()).contains("the text"), e.getMessage());
    }

    @Test
    void iterativeScansCameWithVersion08() {
        assertFalse(PgVector.isAtLeast08("0.7.4"));
        assertTrue(PgVector.isAtLeast08("0.8.0"));
        assertTrue(PgVector.isAtLeast08("0.10"));
        assertTrue(PgVector.isAtLeast08("1.0"));
        assertEquals("[0.5,-1.0]", PgVector.text(new float[]{0.5f, -1}));
    }

    @Test
    void languagesHaveTheirConfigurations() {
        assertEquals("german", PostgresOptions.configuration("de"));
        assertEquals("simple", PostgresOptions.configuration("ja"));
    }
}
