package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Filter;
import dev.rerank4j.RerankException;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.FilterExpressionTextParser;

class FilterWriterTest {

    @Test
    void everyFilterThatExpressionsHaveIsWritten() {
        assertWritten("a == 'x'", new Filter.Equal("a", Value.of("x")));
        assertWritten("a == 3", new Filter.Equal("a", Value.of(3)));
        assertWritten("a == true", new Filter.Equal("a", Value.of(true)));
        assertWritten("a == '2026-03-01T12:00:00Z'",
                new Filter.Equal("a", Value.of(Instant.parse("2026-03-01T12:00:00Z"))));
        assertWritten("a IN ['x']", new Filter.In("a", Set.of(Value.of("x"))));
        assertWritten("a >= 1 AND a < 2.5", new Filter.Range("a", Optional.of(Value.of(1)), true,
                Optional.of(Value.of(2.5)), false));
        assertWritten("a > 1", Filter.Range.above("a", Value.of(1)));
        assertWritten("a <= 1", Filter.Range.atMost("a", Value.of(1)));
        Filter a = new Filter.Equal("a", Value.of(1));
        Filter b = new Filter.Equal("b", Value.of(2));
        assertWritten("(a == 1 OR b == 2) AND b == 2", new Filter.And(List.of(new Filter.Or(List.of(a, b)), b)));
        assertWritten("NOT (a == 1)", new Filter.Not(a));
    }

    @Test
    void whatIsAlwaysOrNeverTrueNeedsNoExpression() {
        assertEquals(new FilterWriter.All(), FilterWriter.write(Filter.NONE));
        assertEquals(new FilterWriter.Nothing(), FilterWriter.write(new Filter.In("a", Set.of())));
        assertEquals(new FilterWriter.Nothing(), FilterWriter.write(new Filter.Or(List.of())));
        assertEquals(new FilterWriter.Nothing(), FilterWriter.write(new Filter.Not(Filter.NONE)));
        assertWritten("a == 1", new Filter.And(List.of(Filter.NONE, new Filter.Equal("a", Value.of(1)))));
        assertWritten("a == 1", new Filter.Or(List.of(new Filter.Or(List.of()), new Filter.Equal("a", Value.of(1)))));
    }

    @Test
    void containsIsRefusedByItsName() {
        RerankException e = assertThrows(RerankException.class,
                () -> FilterWriter.write(new Filter.Not(new Filter.Contains("title", "a secret"))));
        assertEquals(RerankException.Kind.INVALID_REQUEST, e.kind());
        assertEquals("filter Contains (on title) has no counterpart in Spring AI's filter expressions", e.getMessage());
    }

    @Test
    void meansTheSameToTheirEvaluator() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Filter filter = RandomFilters.filter(random, 4);
            FilterWriter written = FilterWriter.write(filter);
            for (int j = 0; j < 5; j++) {
                Map<String, Object> metadata = RandomFilters.metadata(random);
                assertEquals(filter.matches(MetadataValues.values(metadata)), matches(written, metadata),
                        () -> "seed " + seed + ": " + filter + " on " + metadata);
            }
        }
    }

    @Test
    void survivesTheWayThereAndBack() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Filter filter = RandomFilters.filter(random, 4);
            if (FilterWriter.write(filter) instanceof FilterWriter.Some some) {
                Filter back = FilterReader.read(some.expression());
                Map<String, Value> metadata = MetadataValues.values(RandomFilters.metadata(random));
                assertEquals(filter.matches(metadata), back.matches(metadata),
                        () -> "seed " + seed + ": " + filter + " on " + metadata);
            }
        }
    }

    private static boolean matches(FilterWriter written, Map<String, Object> metadata) {
        return switch (written) {
            case FilterWriter.All all -> true;
            case FilterWriter.Nothing nothing -> false;
            case FilterWriter.Some some -> TheirFilters.matches(some.expression(), metadata);
        };
    }

    private static void assertWritten(String expected, Filter filter) {
        Expression expression = new FilterExpressionTextParser().parse(expected);
        FilterWriter written = FilterWriter.write(filter);
        assertEquals(new FilterWriter.Some(expression), written);
    }
}
