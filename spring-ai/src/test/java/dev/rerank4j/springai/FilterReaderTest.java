package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.ExpressionType;
import org.springframework.ai.vectorstore.filter.Filter.Group;
import org.springframework.ai.vectorstore.filter.Filter.Key;
import org.springframework.ai.vectorstore.filter.FilterExpressionBuilder;

class FilterReaderTest {

    private static final FilterExpressionBuilder B = new FilterExpressionBuilder();
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void everyOperatorThatFiltersHaveIsRead() {
        assertEquals(in("a", Value.of("x")), FilterReader.read("a == 'x'"));
        assertEquals(new Filter.Not(in("a", Value.of("x"))), FilterReader.read("a != 'x'"));
        assertEquals(Filter.Range.above("a", Value.of(1)), FilterReader.read("a > 1"));
        assertEquals(Filter.Range.atLeast("a", Value.of(1.5)), FilterReader.read("a >= 1.5"));
        assertEquals(Filter.Range.below("a", Value.of(-2)), FilterReader.read("a < -2"));
        assertEquals(Filter.Range.atMost("a", Value.of(5_000_000_000L)), FilterReader.read("a <= 5000000000l"));
        assertEquals(in("a", Value.of("x"), Value.of("y")), FilterReader.read("a IN ['x', 'y']"));
        assertEquals(new Filter.Not(in("a", Value.of(1), Value.of(2))), FilterReader.read("a NOT IN [1, 2]"));
        assertEquals(new Filter.Not(in("a", Value.of(true))), FilterReader.read("NOT (a == true)"));
        assertEquals(new Filter.And(List.of(in("a", Value.of(1)), new Filter.Or(List.of(in("b", Value.of(2)),
                in("c", Value.of(3)))))), FilterReader.read("a == 1 AND (b == 2 OR c == 3)"));
        assertEquals(in("a.b", Value.of(1)), FilterReader.read("a.b == 1"));
        assertEquals(in("a b", Value.of(1)), FilterReader.read("'a b' == 1"));
        assertEquals(in("a b", Value.of(1)), FilterReader.read(B.eq("\"a b\"", 1).build()));
    }

    @Test
    void datesAreMoments() {
        Filter since = Filter.Range.atLeast("d", Value.of(NOON));
        assertEquals(since, FilterReader.read(B.gte("d", Date.from(NOON)).build()));
        assertEquals(since, FilterReader.read("d >= '2026-03-01T12:00:00Z'"));
        assertEquals(in("d", Value.of(NOON)), FilterReader.read(B.eq("d", Date.from(NOON)).build()));
        assertEquals(in("d", Value.of(NOON), Value.of("2026-03-01T12:00:00Z")),
                FilterReader.read("d == '2026-03-01T12:00:00Z'"), "an index may hold it as a text");
    }

    @Test
    void whatFiltersCannotSayIsRefusedByItsName() {
        assertRefused(
                "filter operator ISNULL (on country) has no counterpart; there are AND, OR, NOT, EQ, NE, GT, GTE, LT,"
                        + " LTE, IN and NIN",
                B.isNull("country").build());
        assertRefused("filter operator ISNOTNULL (on country)", B.isNotNull("country").build());
        assertRefused("filter operator ISNULL (on b)", B.and(B.eq("a", 1), B.not(B.group(B.isNull("b")))).build());
        assertRefused("filter operator GT (on name) must compare with a number or a date, got a text",
                B.gt("name", "a secret").build());
        assertRefused("filter operator LTE (on on) must compare with a number or a date, got a flag",
                B.lte("on", true).build());
        assertRefused("filter operator EQ (on tags) must compare with single values",
                B.eq("tags", List.of("a")).build());
        assertRefused("filter operator IN (on a) must have a list on its right",
                new Expression(ExpressionType.IN, new Key("a"), value("x")));
        assertRefused("filter operator EQ (on a) must have a value on its right",
                new Expression(ExpressionType.EQ, new Key("a")));
        assertRefused("filter operator NE must have a key on its left",
                new Expression(ExpressionType.NE, value("a"), value("a")));
        assertRefused("filter expression must be made of expressions and groups, got nothing",
                new Expression(ExpressionType.AND, B.eq("a", 1).build()));
        assertRefused("filter field must not be blank", B.eq(" ", 1).build());
    }

    @Test
    void whatIsNotInTheirLanguageIsMisuse() {
        for (String nonsense : List.of("a ==", "== 1", "a LIKE 'x'", "(a == 1", "a == 1 b == 2 (")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> FilterReader.read(nonsense), nonsense);
            assertTrue(e.getMessage().startsWith("filter expression cannot be read ("), e.getMessage());
        }
    }

    @Test
    void nestingFiftyDeepIsRead() {
        FilterExpressionBuilder.Op nested = B.eq("n", 0);
        for (int i = 1; i <= 50; i++) {
            FilterExpressionBuilder.Op other = B.eq("n", i);
            nested = i % 3 == 0
                    ? B.not(B.group(nested))
                    : B.group(i % 3 == 1 ? B.or(nested, other) : B.and(other, nested));
        }
        Filter filter = FilterReader.read(nested.build());
        for (int n = 0; n <= 50; n++) {
            Map<String, Object> metadata = Map.of("n", n);
            assertEquals(TheirFilters.matches(nested.build(), metadata),
                    filter.matches(MetadataValues.values(metadata)), "n = " + n);
        }
        String text = "(".repeat(50) + "n == 7" + ")".repeat(50);
        assertEquals(in("n", Value.of(7)), FilterReader.read(text));
    }

    @Test
    void nestingWithoutEndIsRefused() {
        Expression nested = B.eq("n", 0).build();
        for (int i = 0; i < 100_000; i++) {
            nested = new Expression(ExpressionType.NOT, new Group(nested));
        }
        assertRefused("filter expression must not be nested deeper than 1000", nested);
    }

    /** Against the evaluator of Spring AI's own in-memory store, on metadata of one kind for each field. */
    @Test
    void agreesWithTheirEvaluator() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Expression expression = RandomFilters.expression(random, 4);
            Filter filter = FilterReader.read(expression);
            for (int j = 0; j < 5; j++) {
                Map<String, Object> metadata = RandomFilters.metadata(random);
                assertEquals(TheirFilters.matches(expression, metadata),
                        filter.matches(MetadataValues.values(metadata)),
                        () -> "seed " + seed + ": " + expression + " on " + metadata);
            }
        }
    }

    @Test
    void aMissingFieldIsLessThanNothing() {
        Expression less = B.lt("year", 2000).build();
        assertTrue(TheirFilters.matches(less, Map.of()), "theirs: below every number");
        assertEquals(false, FilterReader.read(less).matches(Map.of()), "ours: in no range");
    }

    private static Filter in(String field, Value... values) {
        return new Filter.In(field, Set.of(values));
    }

    private static org.springframework.ai.vectorstore.filter.Filter.Value value(Object value) {
        return new org.springframework.ai.vectorstore.filter.Filter.Value(value);
    }

    private static void assertRefused(String message, Expression expression) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> FilterReader.read(expression));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
        assertTrue(!e.getMessage().contains("secret"), "values are nobody's business");
    }
}
