package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Hit;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Retriever;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Filters in a real OpenSearch, against their definition. */
@Timeout(600)
class OpenSearchFiltersTest {

    private static final int PASSAGES = 200;
    private static final int FILTERS = 200;

    private static final List<String> FIELDS = List.of("a", "b", "tags", "größe", "n.a", "a.b", "\u0000", " x ", "_id");
    private static final List<String> TEXTS = List.of("", "10", "true", "red", "Red", "infrared", "a\u0000b", "\u0000",
            "a*b", "a?b", "a\\b", "axb", "🍎 apple", "苹果", "x".repeat(4_096), "x".repeat(4_097),
            "x".repeat(40_000) + "red", "🍎".repeat(1_024), "🍎".repeat(1_025), "e\u0301", "\u00e9");
    /** The engine refuses to look for longer ones inside others. */
    private static final List<String> SHORT_TEXTS = TEXTS.stream().filter(text -> text.length() < 100).toList();
    private static final double[] NUMBERS = {0, -0.0, 10, 1, -1, 0.1, 1e300, Double.MAX_VALUE, -Double.MAX_VALUE,
            Double.MIN_VALUE, -Double.MIN_VALUE, Math.PI, 9_007_199_254_740_993.0};
    private static final List<Instant> MOMENTS = List.of(Instant.EPOCH, Instant.EPOCH.plusNanos(1),
            Instant.EPOCH.minusNanos(1), Instant.EPOCH.plusMillis(10), Instant.parse("2026-11-23T12:00:00.123456789Z"),
            Instant.parse("1815-12-10T00:00:00Z"), Instant.ofEpochMilli(Long.MAX_VALUE),
            Instant.ofEpochMilli(Long.MIN_VALUE));

    @AfterAll
    static void clear() {
        RealOpenSearch.clear();
    }

    @Test
    void bothRetrieversAgreeWithTheDefinitionOfFilters() {
        try (OpenSearchIndex index = OpenSearchIndex.open(RealOpenSearch.options(RealOpenSearch.newIndex()),
                new WordEncoder(16))) {
            Random made = new Random(1);
            List<Passage> passages = new ArrayList<>();
            for (int i = 0; i < PASSAGES; i++) {
                passages.add(new Passage("p" + i, "d" + i, "", "word", Location.NONE, metadata(made)));
            }
            index.add(passages);
            index.commit();
            index.mark("key", "no passage");
            index.commit();
            int telling = 0;
            for (int seed = 0; seed < FILTERS; seed++) {
                Filter filter = filter(new Random(seed), 3);
                Set<String> expected = passages.stream().filter(passage -> filter.matches(passage.metadata()))
                        .map(Passage::id).collect(Collectors.toCollection(TreeSet::new));
                String message = "seed " + seed + ", " + filter.toString().replaceAll("(.)\\1{9,}", "$1...");
                assertEquals(expected, found(index.bm25(), filter), message);
                assertEquals(expected.size(), index.count(filter), message);
                if (seed % 4 == 0) {
                    assertEquals(expected, found(index.vector(), filter), message);
                }
                telling += expected.isEmpty() || expected.size() == PASSAGES ? 0 : 1;
            }
            assertTrue(telling > FILTERS / 4, "filters that tell passages apart: " + telling);
            assertEquals(passages.stream().collect(Collectors.toMap(Passage::documentId, List::of)),
                    index.passages(passages.stream().map(Passage::documentId).toList()));
        }
    }

    private static Set<String> found(Retriever retriever, Filter filter) {
        return retriever.retrieve(new Query("word", filter), PASSAGES + 1, Deadline.none()).hits().stream()
                .map(Hit::passage).map(Passage::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Filter filter(Random random, int depth) {
        String field = one(random, FIELDS);
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> new Filter.Equal(field, single(random));
            case 1 -> new Filter.In(field, new HashSet<>(several(random, () -> single(random))));
            case 2 -> range(random, field);
            case 3 -> new Filter.Contains(field, random.nextBoolean() ? "red" : one(random, SHORT_TEXTS));
            case 4 -> new Filter.And(several(random, () -> filter(random, depth - 1)));
            case 5 -> new Filter.Or(several(random, () -> filter(random, depth - 1)));
            default -> new Filter.Not(filter(random, depth - 1));
        };
    }

    private static Filter range(Random random, String field) {
        boolean moments = random.nextBoolean();
        Optional<Value> from = Optional.of(moments ? moment(random) : number(random));
        Optional<Value> to = Optional.of(moments ? moment(random) : number(random));
        return switch (random.nextInt(3)) {
            case 0 -> new Filter.Range(field, from, random.nextBoolean(), Optional.empty(), false);
            case 1 -> new Filter.Range(field, Optional.empty(), false, to, random.nextBoolean());
            default -> new Filter.Range(field, from, random.nextBoolean(), to, random.nextBoolean());
        };
    }

    private static Map<String, Value> metadata(Random random) {
        Map<String, Value> metadata = new HashMap<>();
        for (int i = random.nextInt(FIELDS.size()); i > 0; i--) {
            metadata.put(one(random, FIELDS), random.nextInt(4) == 0
                    ? new Value.Values(several(random, () -> single(random)))
                    : single(random));
        }
        return metadata;
    }

    private static Value single(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> number(random);
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> moment(random);
            default -> Value.of(one(random, TEXTS));
        };
    }

    private static Value moment(Random random) {
        return Value.of(one(random, MOMENTS));
    }

    private static Value number(Random random) {
        return Value.of(NUMBERS[random.nextInt(NUMBERS.length)]);
    }

    private static <T> T one(Random random, List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static <T> List<T> several(Random random, Supplier<T> supplier) {
        List<T> several = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(supplier.get());
        }
        return several;
    }
}
