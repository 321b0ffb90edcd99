package dev.rerank4j.langchain4j;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.rerank4j.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiltersTest {

    @Test
    void everyOperatorOfTheirs() {
        assertMatches(metadataKey("text").isEqualTo("a"), Map.of("text", Value.of("a")), Map.of("text", Value.of("A")));
        assertMatches(metadataKey("text").isNotEqualTo("a"), Map.of(), Map.of("text", Value.of("a")));
        assertMatches(metadataKey("n").isGreaterThan(2), Map.of("n", Value.of(2.5)), Map.of("n", Value.of(2)));
        assertMatches(metadataKey("n").isGreaterThanOrEqualTo(2L), Map.of("n", Value.of(2)), Map.of("n", Value.of(1)));
        assertMatches(metadataKey("n").isLessThan(2.5f), Map.of("n", Value.of(2)), Map.of("n", Value.of(2.5)));
        assertMatches(metadataKey("n").isLessThanOrEqualTo(2.5), Map.of("n", Value.of(2.5)), Map.of());
        assertMatches(metadataKey("n").isBetween(1, 3), Map.of("n", Value.of(3)), Map.of("n", Value.of(4)));
        assertMatches(metadataKey("text").isIn("a", "b"), Map.of("text", Value.of("b")), Map.of());
        assertMatches(metadataKey("text").isNotIn("a", "b"), Map.of(), Map.of("text", Value.of("b")));
        assertMatches(metadataKey("text").containsString("a"), Map.of("text", Value.of("bab")),
                Map.of("text", Value.of("bAb")));
        assertMatches(metadataKey("n").isEqualTo(1).and(metadataKey("m").isEqualTo(2)),
                Map.of("n", Value.of(1), "m", Value.of(2)), Map.of("n", Value.of(1)));
        assertMatches(metadataKey("n").isEqualTo(1).or(metadataKey("m").isEqualTo(2)), Map.of("m", Value.of(2)),
                Map.of("n", Value.of(2)));
        assertMatches(new Not(metadataKey("n").isEqualTo(1)), Map.of(), Map.of("n", Value.of(1)));
        assertEquals(dev.rerank4j.Filter.NONE, Filters.ours(null));
    }

    /** Their metadata has neither, ours has both, and it is ours that is filtered. */
    @Test
    void booleansAndInstantsCanBeComparedWithOurs() {
        Instant noon = Instant.parse("2026-01-31T12:00:00Z");
        assertMatches(new IsEqualTo("open", true), Map.of("open", Value.of(true)), Map.of("open", Value.of("true")));
        assertMatches(new IsGreaterThan("at", noon), Map.of("at", Value.of(noon.plusMillis(1))),
                Map.of("at", Value.of(noon)));
        assertMatches(new IsIn("at", List.of(noon, "never")), Map.of("at", Value.of("never")), Map.of());
    }

    /** Theirs throws where the types differ; ours does not match, so that its opposite does. */
    @Test
    void ofAnotherTypeNothingIsEqual() {
        Map<String, Value> number = Map.of("a", Value.of(1));
        assertFalse(Filters.ours(new IsEqualTo("a", "1")).matches(number));
        assertTrue(Filters.ours(new IsNotEqualTo("a", "1")).matches(number));
        assertFalse(Filters.ours(new ContainsString("a", "1")).matches(number));
        assertThrows(IllegalArgumentException.class, () -> new IsEqualTo("a", "1").test(new Metadata().put("a", 1)));
    }

    @Test
    void whatCannotBeTranslatedIsAnErrorThatNamesIt() {
        Filter own = new Filter() {
            @Override
            public boolean test(Object object) {
                return true;
            }
        };
        Filter changed = new IsEqualTo("a", "b") {
            @Override
            public boolean test(Object object) {
                return true;
            }
        };
        for (Filter unknown : List.of(own, changed)) {
            String expected = "filter class " + unknown.getClass().getName() + " is not supported";
            assertRefused(expected, unknown);
            assertRefused(expected, new Not(metadataKey("a").isEqualTo(1).and(unknown)));
            assertRefused(expected, metadataKey("a").isEqualTo(1).or(unknown));
        }
        assertRefused("filter on a asks for the order of a java.lang.String: only numbers and instants are in order",
                new IsGreaterThan("a", "b"));
        assertRefused("filter on a asks for the order of a java.lang.Boolean: only numbers and instants are in order",
                new IsGreaterThan("a", true));
        assertRefused(
                "filter on a compares with a java.time.LocalDate: texts, UUIDs, numbers, booleans and instants can"
                        + " be compared",
                new IsEqualTo("a", LocalDate.EPOCH));
    }

    @Test
    void numbersThatNoDoubleHoldsAreRefused() {
        long exact = 1L << 53;
        for (Number number : List.of(exact + 1, exact + 2, Long.MAX_VALUE, Long.MIN_VALUE, Double.NaN,
                Float.POSITIVE_INFINITY, new BigInteger("9".repeat(400)), new BigDecimal("0.1000000000000000000001"))) {
            assertRefused("filter on a compares with a " + number.getClass().getSimpleName()
                    + " that no double holds exactly: keep such values as text", new IsEqualTo("a", number));
            assertRefused("filter on a compares with a " + number.getClass().getSimpleName()
                    + " that no double holds exactly: keep such values as text", new IsIn("a", List.of(number)));
        }
        for (Number number : List.of(exact, -exact, 1e300, 0.1f, Float.MIN_VALUE, new BigDecimal("0.1"), (short) 3)) {
            assertTrue(Filters.ours(new IsEqualTo("a", number))
                    .matches(Map.of("a", Value.of(Double.parseDouble(number.toString())))));
        }
    }

    @Test
    void nestingFiftyDeepAndChainsOfAnyLengthWork() {
        Filter deep = metadataKey("a").isEqualTo(1);
        for (int i = 0; i < 25; i++) {
            deep = new Not(deep).and(metadataKey("b").isEqualTo(i));
        }
        Metadata metadata = new Metadata().put("a", 1).put("b", 24);
        assertEquals(deep.test(metadata), Filters.ours(deep).matches(Segments.values(metadata)));
        Filter chain = IntStream.range(0, 50_000).mapToObj(i -> (Filter) new IsEqualTo("id", "i" + i))
                .reduce((a, b) -> a.or(b)).orElseThrow();
        assertTrue(Filters.ours(chain).matches(Map.of("id", Value.of("i49999"))));
        Filter right = metadataKey("id").isEqualTo("x");
        for (int i = 0; i < 50_000; i++) {
            right = new IsEqualTo("n", 1).and(right);
        }
        assertFalse(Filters.ours(right).matches(Map.of("n", Value.of(1))));
    }

    @Test
    void nestingThousandsDeepIsRefusedBothWays() {
        Filter theirs = metadataKey("a").isEqualTo(1);
        dev.rerank4j.Filter ours = new dev.rerank4j.Filter.Equal("a", Value.of(1));
        for (int i = 0; i < 100; i++) {
            theirs = new Not(theirs);
            ours = new dev.rerank4j.Filter.Not(ours);
        }
        assertTrue(Filters.ours(theirs).matches(Map.of("a", Value.of(1))));
        assertTrue(Filters.theirs(ours).condition().orElseThrow().test(new Metadata().put("a", 1)));
        for (int i = 0; i < 100_000; i++) {
            theirs = new Not(theirs);
            ours = new dev.rerank4j.Filter.Not(ours);
        }
        String expected = "filter must not be nested more than 100 deep";
        assertRefused(expected, theirs);
        dev.rerank4j.Filter tooDeep = ours;
        assertEquals(expected,
                assertThrows(IllegalArgumentException.class, () -> Filters.theirs(tooDeep)).getMessage());
    }

    @Test
    void flagsAreTheirTextsAndMomentsAreRefused() {
        Metadata open = new Metadata().put("open", "true");
        dev.rerank4j.Filter flag = new dev.rerank4j.Filter.Equal("open", Value.of(true));
        assertTrue(Filters.theirs(flag).condition().orElseThrow().test(open));
        for (dev.rerank4j.Filter moment : List.of(
                new dev.rerank4j.Filter.Equal("at", Value.of(Instant.EPOCH)),
                dev.rerank4j.Filter.Range.atMost("at", Value.of(Instant.EPOCH)))) {
            assertEquals("filter on at compares moments: the metadata of embedding stores cannot hold them",
                    assertThrows(IllegalArgumentException.class, () -> Filters.theirs(moment)).getMessage());
        }
    }

    @Test
    void whatAlwaysOrNeverPassesNeedsNoCondition() {
        dev.rerank4j.Filter all = dev.rerank4j.Filter.NONE;
        dev.rerank4j.Filter nothing = new dev.rerank4j.Filter.Or(List.of());
        dev.rerank4j.Filter some = new dev.rerank4j.Filter.Equal("a", Value.of(1));
        assertTrue(Filters.theirs(all).always());
        assertTrue(Filters.theirs(nothing).never());
        assertTrue(Filters.theirs(new dev.rerank4j.Filter.In("a", Set.of())).never());
        assertTrue(Filters.theirs(new dev.rerank4j.Filter.Not(all)).never());
        assertTrue(Filters.theirs(new dev.rerank4j.Filter.And(List.of(some, nothing))).never());
        assertTrue(Filters.theirs(new dev.rerank4j.Filter.Or(List.of(some, all))).always());
        assertEquals(Optional.of(new IsEqualTo("a", 1L)),
                Filters.theirs(new dev.rerank4j.Filter.And(List.of(some, all))).condition());
        assertEquals(Optional.of(new IsEqualTo("a", 1L)),
                Filters.theirs(new dev.rerank4j.Filter.Or(List.of(nothing, some))).condition());
    }

    @Test
    void longListsBecomeFlatTrees() {
        dev.rerank4j.Filter or = new dev.rerank4j.Filter.Or(IntStream
                .range(0, 100_000).<dev.rerank4j.Filter>mapToObj(i -> new dev.rerank4j.Filter.Equal("n", Value.of(i)))
                .toList());
        assertTrue(Filters.theirs(or).condition().orElseThrow().test(new Metadata().put("n", 99_999)));
    }

    private static void assertMatches(Filter filter, Map<String, Value> yes, Map<String, Value> no) {
        assertTrue(Filters.ours(filter).matches(yes), filter + " of " + yes);
        assertFalse(Filters.ours(filter).matches(no), filter + " of " + no);
    }

    private static void assertRefused(String message, Filter filter) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Filters.ours(filter)).getMessage());
    }
}
