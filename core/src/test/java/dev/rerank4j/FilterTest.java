package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FilterTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final Map<String, Value> SHOE = Map.of(
            "category", Value.of("shoes"),
            "price", Value.of(59.9),
            "stock", Value.of(-0.0),
            "sale", Value.of(true),
            "added", Value.of(NOON),
            "tags", Value.of("red", "running"),
            "sizes", new Value.Values(List.of(Value.of(41), Value.of(44))),
            "nothing", new Value.Values(List.of()));

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource
    void table(Filter filter, boolean expected) {
        assertEquals(expected, filter.matches(SHOE));
        assertEquals(!expected, new Filter.Not(filter).matches(SHOE));
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row(true, Filter.NONE),
                row(true, equal("category", Value.of("shoes"))),
                row(false, equal("category", Value.of("Shoes"))),
                row(false, equal("category", Value.of("shoe"))),
                row(false, equal("colour", Value.of("red"))),
                row(true, equal("price", Value.of(59.9))),
                row(false, equal("price", Value.of("59.9"))),
                row(true, equal("stock", Value.of(0))),
                row(true, equal("stock", Value.of(-0.0))),
                row(true, equal("sale", Value.of(true))),
                row(false, equal("sale", Value.of(false))),
                row(false, equal("sale", Value.of("true"))),
                row(true, equal("added", Value.of(NOON))),
                row(true, equal("added", Value.of(NOON.plusNanos(999_999)))),
                row(false, equal("added", Value.of(NOON.plusNanos(1_000_000)))),
                row(false, equal("added", Value.of(NOON.minusNanos(1)))),
                row(true, equal("tags", Value.of("running"))),
                row(false, equal("tags", Value.of("red, running"))),
                row(false, equal("nothing", Value.of(""))),
                row(true, in("category", Value.of("hats"), Value.of("shoes"))),
                row(false, in("category", Value.of("hats"), Value.of(1))),
                row(false, in("category")),
                row(true, in("tags", Value.of("blue"), Value.of("red"))),
                row(true, in("added", Value.of("x"), Value.of(NOON.plusNanos(5)))),
                row(true, Filter.Range.atLeast("price", Value.of(59.9))),
                row(false, Filter.Range.above("price", Value.of(59.9))),
                row(true, Filter.Range.above("price", Value.of(59.8))),
                row(true, Filter.Range.atMost("price", Value.of(59.9))),
                row(false, Filter.Range.below("price", Value.of(59.9))),
                row(true, Filter.Range.below("price", Value.of(60))),
                row(false, Filter.Range.atLeast("category", Value.of(0))),
                row(false, Filter.Range.atLeast("colour", Value.of(0))),
                row(true, Filter.Range.atMost("stock", Value.of(0))),
                row(true, Filter.Range.atLeast("stock", Value.of(0))),
                row(true, Filter.Range.atLeast("added", Value.of(NOON.plusNanos(999_999)))),
                row(false, Filter.Range.above("added", Value.of(NOON))),
                row(false, Filter.Range.atLeast("added", Value.of(0))),
                row(false, Filter.Range.atLeast("price", Value.of(Instant.EPOCH))),
                row(true, range("price", 50, true, 60, true)),
                row(false, range("price", 60, true, 50, true)),
                row(true, range("sizes", 44, true, 44, true)),
                row(false, range("sizes", 41, false, 44, false)),
                row(false, range("nothing", -1e9, true, 1e9, true)),
                row(true, contains("category", "hoe")),
                row(true, contains("category", "")),
                row(false, contains("category", "HOE")),
                row(true, contains("tags", "unn")),
                row(false, contains("tags", "redrun")),
                row(false, contains("price", "5")),
                row(false, contains("nothing", "")),
                row(false, contains("colour", "")),
                row(true, new Filter.And(List.of())),
                row(false, new Filter.Or(List.of())),
                row(true, new Filter.Not(equal("colour", Value.of("red")))),
                row(true, new Filter.And(List.of(equal("sale", Value.of(true)), contains("tags", "red")))),
                row(false, new Filter.And(List.of(equal("sale", Value.of(true)), contains("tags", "blue")))),
                row(true, new Filter.Or(List.of(equal("sale", Value.of(false)), contains("tags", "red")))),
                // one size below 42 and another above 43: each comparison may be satisfied by another value
                row(true, new Filter.And(List.of(Filter.Range.below("sizes", Value.of(42)),
                        Filter.Range.above("sizes", Value.of(43))))));
    }

    @Test
    void nothingButNoneAndNotPassesWithoutMetadata() {
        assertTrue(Filter.NONE.matches(Map.of()));
        assertFalse(contains("any", "").matches(Map.of()));
        assertTrue(new Filter.Not(contains("any", "")).matches(Map.of()));
    }

    @Test
    void deMorganHolds() {
        Seeded.check(2000, random -> {
            Map<String, Value> metadata = metadata(random);
            List<Filter> filters = filters(random, 2);
            List<Filter> negated = filters.stream().<Filter>map(Filter.Not::new).toList();
            assertEquals(new Filter.Not(new Filter.And(filters)).matches(metadata),
                    new Filter.Or(negated).matches(metadata));
            assertEquals(new Filter.Not(new Filter.Or(filters)).matches(metadata),
                    new Filter.And(negated).matches(metadata));
        });
    }

    @Test
    void andOrAndNotAreThoseOfTheirParts() {
        Seeded.check(2000, random -> {
            Map<String, Value> metadata = metadata(random);
            List<Filter> filters = filters(random, 2);
            long passing = filters.stream().filter(filter -> filter.matches(metadata)).count();
            assertEquals(passing == filters.size(), new Filter.And(filters).matches(metadata));
            assertEquals(passing > 0, new Filter.Or(filters).matches(metadata));
        });
    }

    @Test
    void inIsEqualToOneOfThem() {
        Seeded.check(2000, random -> {
            Map<String, Value> metadata = metadata(random);
            Set<Value> values = new HashSet<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                values.add(single(random));
            }
            List<Filter> each = values.stream().<Filter>map(value -> new Filter.Equal("a", value)).toList();
            assertEquals(new Filter.Or(each).matches(metadata), new Filter.In("a", values).matches(metadata));
        });
    }

    @Test
    void severalValuesPassIfOneOfThemDoes() {
        Seeded.check(2000, random -> {
            Filter filter = comparison(random, "a");
            Value value = value(random);
            boolean one = value.members().stream().anyMatch(member -> filter.matches(Map.of("a", member)));
            assertEquals(one, filter.matches(Map.of("a", value)), () -> filter + " on " + value);
        });
    }

    @Test
    void aBoundExcludesOrIncludesJustItsValue() {
        Seeded.check(2000, random -> {
            Value value = random.nextBoolean() ? number(random) : moment(random);
            Value bound = value instanceof Value.Number ? number(random) : moment(random);
            Map<String, Value> metadata = Map.of("a", value);
            boolean equal = new Filter.Equal("a", bound).matches(metadata);
            boolean above = Filter.Range.above("a", bound).matches(metadata);
            boolean below = Filter.Range.below("a", bound).matches(metadata);
            assertEquals(1, Stream.of(equal, above, below).filter(b -> b).count(), value + " and " + bound);
            assertEquals(above || equal, Filter.Range.atLeast("a", bound).matches(metadata));
            assertEquals(below || equal, Filter.Range.atMost("a", bound).matches(metadata));
        });
    }

    @Test
    void filtersCopyWhatTheyAreMadeOf() {
        List<Filter> filters = new ArrayList<>(List.of(Filter.NONE));
        Filter.And and = new Filter.And(filters);
        Filter.Or or = new Filter.Or(filters);
        Set<Value> values = new HashSet<>(Set.of(Value.of("x")));
        Filter.In in = new Filter.In("a", values);
        filters.clear();
        values.clear();
        assertEquals(1, and.filters().size());
        assertEquals(1, or.filters().size());
        assertEquals(1, in.values().size());
    }

    @Test
    void misuseIsNamed() {
        Value several = Value.of("a", "b");
        misuse("filter field must not be blank", () -> equal(" ", Value.of(1)));
        misuse("filter field must not be blank", () -> in("", Value.of(1)));
        misuse("filter field must not be blank", () -> contains("\t", "x"));
        misuse("filter field must not be blank", () -> Filter.Range.above("", Value.of(1)));
        misuse("a filter compares with single values", () -> equal("a", several));
        misuse("a filter compares with single values", () -> in("a", Value.of(1), several));
        misuse("range on a must have a bound",
                () -> new Filter.Range("a", Optional.empty(), true, Optional.empty(), true));
        misuse("range on a must have numbers or moments as bounds",
                () -> Filter.Range.above("a", Value.of("x")));
        misuse("range on a must have numbers or moments as bounds",
                () -> Filter.Range.below("a", several));
        misuse("range on a must have bounds of one kind",
                () -> new Filter.Range("a", Optional.of(Value.of(1)), true, Optional.of(Value.of(NOON)), true));
        misuse("range on a must have bounds of one kind",
                () -> new Filter.Range("a", Optional.of(Value.of(1)), true, Optional.of(Value.of("x")), true));
    }

    private static void misuse(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static Arguments row(boolean expected, Filter filter) {
        return Arguments.of(filter, expected);
    }

    private static Filter equal(String field, Value value) {
        return new Filter.Equal(field, value);
    }

    private static Filter in(String field, Value... values) {
        return new Filter.In(field, Set.of(values));
    }

    private static Filter contains(String field, String text) {
        return new Filter.Contains(field, text);
    }

    private static Filter range(String field, double from, boolean fromInclusive, double to, boolean toInclusive) {
        return new Filter.Range(field, Optional.of(Value.of(from)), fromInclusive, Optional.of(Value.of(to)),
                toInclusive);
    }

    private static List<Filter> filters(Random random, int depth) {
        List<Filter> filters = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            filters.add(filter(random, depth));
        }
        return filters;
    }

    private static Filter filter(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 1 : 4)) {
            case 0 -> comparison(random, random.nextBoolean() ? "a" : "b");
            case 1 -> new Filter.And(filters(random, depth - 1));
            case 2 -> new Filter.Or(filters(random, depth - 1));
            default -> new Filter.Not(filter(random, depth - 1));
        };
    }

    private static Filter comparison(Random random, String field) {
        return switch (random.nextInt(4)) {
            case 0 -> new Filter.Equal(field, single(random));
            case 1 -> new Filter.In(field, Set.of(single(random)));
            case 2 -> {
                boolean numbers = random.nextBoolean();
                Optional<Value> from = Optional.of(numbers ? number(random) : moment(random));
                Optional<Value> to = random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(numbers ? number(random) : moment(random));
                yield new Filter.Range(field, from, random.nextBoolean(), to, random.nextBoolean());
            }
            default -> new Filter.Contains(field, random.nextBoolean() ? "" : "x");
        };
    }

    private static Map<String, Value> metadata(Random random) {
        Map<String, Value> metadata = new HashMap<>();
        for (String field : List.of("a", "b")) {
            if (random.nextInt(4) > 0) {
                metadata.put(field, value(random));
            }
        }
        return metadata;
    }

    private static Value value(Random random) {
        if (random.nextInt(3) > 0) {
            return single(random);
        }
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(single(random));
        }
        return new Value.Values(values);
    }

    private static Value single(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Value.of(random.nextBoolean() ? "x" : "xy");
            case 1 -> number(random);
            case 2 -> Value.of(random.nextBoolean());
            default -> moment(random);
        };
    }

    private static Value number(Random random) {
        return Value.of(random.nextInt(3) - 1.0);
    }

    /** Three milliseconds, on both sides of 1970, and nanoseconds that do not count. */
    private static Value moment(Random random) {
        return Value.of(Instant.ofEpochMilli(random.nextInt(3) - 1).plusNanos(random.nextInt(1_000_000)));
    }
}
