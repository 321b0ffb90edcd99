package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import dev.rerank4j.Value;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Random filters let pass what their own {@code test} lets pass, for random metadata of the types they compare with. */
class FiltersPropertyTest {

    private static final int RUNS = 5_000;
    private static final List<String> TEXTS = List.of("", "a", "A", "ab", "bab", "1", "é", "\uD83C\uDF4E");
    private static final List<UUID> IDS = List.of(new UUID(0, 0), new UUID(1, 2), new UUID(-1, -1));
    private static final List<Double> NUMBERS = List.of(0.0, -0.0, 1.0, 2.0, 0.1, 0.5, -3.25, 1e10, 9007199254740992.0,
            -9007199254740992.0);
    private static final List<String> NUMERIC = List.of("int", "long", "float", "double");

    @Test
    void theirsAsOurs() {
        int passed = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Metadata metadata = metadata(random, random.nextBoolean());
            Filter theirs = theirs(random, 4);
            boolean expected = theirs.test(metadata);
            assertEquals(expected, Filters.ours(theirs).matches(Segments.values(metadata)),
                    "with seed " + seed + ": " + theirs + " of " + metadata);
            passed += expected ? 1 : 0;
        }
        assertTrue(passed > RUNS / 10 && passed < RUNS * 9 / 10, "both must occur: " + passed);
    }

    @Test
    void oursAsTheirs() {
        int passed = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Metadata metadata = metadata(random, true);
            dev.rerank4j.Filter ours = ours(random, 4);
            boolean expected = ours.matches(Segments.values(metadata));
            Filters.Condition theirs = Filters.theirs(ours);
            assertEquals(expected, theirs.condition().map(filter -> filter.test(metadata)).orElse(theirs.always()),
                    "with seed " + seed + ": " + ours + " of " + metadata);
            passed += expected ? 1 : 0;
        }
        assertTrue(passed > RUNS / 10 && passed < RUNS * 9 / 10, "both must occur: " + passed);
    }

    @Test
    void thereAndBack() {
        for (long seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Map<String, Value> metadata = Segments.values(metadata(random, true));
            dev.rerank4j.Filter ours = ours(random, 3);
            Filters.Condition theirs = Filters.theirs(ours);
            assertEquals(ours.matches(metadata),
                    theirs.condition().map(filter -> Filters.ours(filter).matches(metadata)).orElse(theirs.always()),
                    "with seed " + seed + ": " + ours);
        }
    }

    /** Each field has its type and may be missing; UUIDs are of theirs or, as many stores give them back, texts. */
    private static Metadata metadata(Random random, boolean idsAsTexts) {
        Metadata metadata = new Metadata();
        perhaps(random, () -> metadata.put("text", one(random, TEXTS)));
        perhaps(random, () -> idsAsTexts
                ? metadata.put("id", one(random, IDS).toString())
                : metadata.put("id", one(random, IDS)));
        perhaps(random, () -> metadata.put("int", random.nextInt(-2, 4)));
        perhaps(random, () -> metadata.put("long", one(random, NUMBERS).longValue()));
        perhaps(random, () -> metadata.put("float", one(random, NUMBERS).floatValue()));
        perhaps(random, () -> metadata.put("double", one(random, NUMBERS)));
        return metadata;
    }

    private static void perhaps(Random random, Supplier<Metadata> put) {
        if (random.nextInt(5) > 0) {
            put.get();
        }
    }

    private static Filter theirs(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new And(theirs(random, depth - 1), theirs(random, depth - 1));
                case 1 -> new Or(theirs(random, depth - 1), theirs(random, depth - 1));
                default -> new Not(theirs(random, depth - 1));
            };
        }
        return switch (random.nextInt(5)) {
            case 0 -> new ContainsString("text", one(random, TEXTS));
            case 1 -> new IsGreaterThan(one(random, NUMERIC), bound(random));
            case 2 -> random.nextBoolean()
                    ? new IsGreaterThanOrEqualTo(one(random, NUMERIC), bound(random))
                    : random.nextBoolean()
                            ? new IsLessThan(one(random, NUMERIC), bound(random))
                            : new IsLessThanOrEqualTo(one(random, NUMERIC), bound(random));
            case 3 -> random.nextBoolean()
                    ? equal(random, IsEqualTo::new)
                    : equal(random, IsNotEqualTo::new);
            default -> random.nextBoolean() ? in(random, IsIn::new) : in(random, IsNotIn::new);
        };
    }

    private static Filter equal(Random random, BiFunction<String, Object, Filter> operator) {
        return switch (random.nextInt(3)) {
            case 0 -> operator.apply("text", one(random, TEXTS));
            case 1 -> operator.apply("id", one(random, IDS));
            default -> operator.apply(one(random, NUMERIC), number(random));
        };
    }

    private static Filter in(Random random,
            BiFunction<String, Collection<?>, Filter> operator) {
        int count = random.nextInt(1, 4);
        return switch (random.nextInt(3)) {
            case 0 -> operator.apply("text", many(count, () -> one(random, TEXTS)));
            case 1 -> operator.apply("id", many(count, () -> one(random, IDS)));
            default -> operator.apply(one(random, NUMERIC), many(count, () -> number(random)));
        };
    }

    private static Number number(Random random) {
        double value = one(random, NUMBERS);
        return switch (random.nextInt(4)) {
            case 0 -> (int) value;
            case 1 -> (long) value;
            case 2 -> (float) value;
            default -> value;
        };
    }

    private static Comparable<?> bound(Random random) {
        return (Comparable<?>) number(random);
    }

    private static dev.rerank4j.Filter ours(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            Supplier<List<dev.rerank4j.Filter>> operands = () -> Stream.generate(() -> ours(random, depth - 1))
                    .limit(random.nextInt(4)).toList();
            return switch (random.nextInt(3)) {
                case 0 -> new dev.rerank4j.Filter.And(operands.get());
                case 1 -> new dev.rerank4j.Filter.Or(operands.get());
                default -> new dev.rerank4j.Filter.Not(ours(random, depth - 1));
            };
        }
        return switch (random.nextInt(5)) {
            case 0 -> new dev.rerank4j.Filter.Contains("text", one(random, TEXTS));
            case 1 -> new dev.rerank4j.Filter.Range(one(random, NUMERIC), Optional.of(Value.of(one(random, NUMBERS))),
                    random.nextBoolean(), Optional.empty(), random.nextBoolean());
            case 2 -> new dev.rerank4j.Filter.Range(one(random, NUMERIC), Optional.of(Value.of(one(random, NUMBERS))),
                    random.nextBoolean(), Optional.of(Value.of(one(random, NUMBERS))), random.nextBoolean());
            case 3 -> random.nextBoolean()
                    ? new dev.rerank4j.Filter.Equal("text", Value.of(one(random, TEXTS)))
                    : new dev.rerank4j.Filter.Equal(one(random, NUMERIC), Value.of(one(random, NUMBERS)));
            default -> random.nextBoolean()
                    ? new dev.rerank4j.Filter.In("id", values(random, () -> Value.of(one(random, IDS).toString())))
                    : new dev.rerank4j.Filter.In(one(random, NUMERIC),
                            values(random, () -> Value.of(one(random, NUMBERS))));
        };
    }

    private static Set<Value> values(Random random, Supplier<Value> value) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> value.get()).collect(Collectors.toSet());
    }

    private static List<Object> many(int count, Supplier<Object> value) {
        return Stream.generate(value).limit(count).toList();
    }

    private static <T> T one(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
