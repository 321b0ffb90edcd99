package dev.rerank4j.lucene;

import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** Well-formed passages of all sorts, from few values, so that they often meet. */
final class RandomPassages {

    static final List<String> FIELDS = List.of("a", "b", "tags", "größe", "n:a", "\u0000", "t:tags");

    private static final List<String> TEXTS = List.of("", "10", "true", "red", "Red", "infrared", "a\u0000b", "\u0000",
            "🍎 apple", "苹果", "x".repeat(4_095), "x".repeat(4_096), "x".repeat(4_097), "x".repeat(40_000) + "red",
            "🍎".repeat(1_024), "🍎".repeat(1_025), "e\u0301", "\u00e9");
    private static final double[] NUMBERS = {0, -0.0, 10, 1, -1, 0.1, 1e300, Double.MAX_VALUE, -Double.MAX_VALUE,
            Double.MIN_VALUE, -Double.MIN_VALUE, Math.PI};
    private static final List<Instant> MOMENTS = List.of(Instant.EPOCH, Instant.EPOCH.plusNanos(1),
            Instant.EPOCH.minusNanos(1), Instant.EPOCH.plusMillis(10), Instant.parse("2026-11-23T12:00:00.123456789Z"),
            Instant.parse("1815-12-10T00:00:00Z"), Instant.ofEpochMilli(Long.MAX_VALUE),
            Instant.ofEpochMilli(Long.MIN_VALUE));

    private final Random random;

    RandomPassages(Random random) {
        this.random = random;
    }

    Passage passage(String id, String documentId) {
        int start = random.nextInt(1_000);
        Location location = random.nextInt(5) == 0
                ? Location.NONE
                : new Location(text(), texts(3),
                        random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(1 + random.nextInt(3)),
                        start, start + random.nextInt(100_000));
        return new Passage(id, documentId, text(), "word " + text(), location, metadata());
    }

    Map<String, Value> metadata() {
        Map<String, Value> metadata = new HashMap<>();
        for (int i = random.nextInt(FIELDS.size()); i > 0; i--) {
            metadata.put(field(), random.nextInt(4) == 0 ? values() : single());
        }
        return metadata;
    }

    String field() {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    Value single() {
        return switch (random.nextInt(4)) {
            case 0 -> Value.of(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> moment();
            default -> Value.of(text());
        };
    }

    Value moment() {
        return Value.of(MOMENTS.get(random.nextInt(MOMENTS.size())));
    }

    Value number() {
        return Value.of(NUMBERS[random.nextInt(NUMBERS.length)]);
    }

    String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Value values() {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(single());
        }
        return new Value.Values(values);
    }

    private List<String> texts(int most) {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            texts.add(text());
        }
        return texts;
    }
}
