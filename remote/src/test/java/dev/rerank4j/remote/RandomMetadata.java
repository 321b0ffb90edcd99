package dev.rerank4j.remote;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Metadata and filters of few values, some of them odd, so that they meet. */
final class RandomMetadata {

    private static final List<String> FIELDS = List.of("a", "b", "c d", "\"quoted\" ? $.x \\ 'n'", "\uD83C\uDDEB",
            "nul\0");
    private static final List<String> TEXTS = List.of("", "red", "xxred", "re\0d", "\0", "\uFDD0\uFDD1\uFDD1",
            "\uFDD1\uFDD1", "\"red\" || true", "@ ? ($ == 1)", "red\\", "%_", "\uD83C\uDDEB\uD83C\uDDF7", "1", "true",
            "e\u0301", "\u00E9", "\n\t\u0085\u2028");
    private static final double[] NUMBERS = {0, -0.0, 1, 1.5, -1e300, 4.9e-324, 1e22, 0.1, 1.7976931348623157e308,
            123_456_789_012_345_678.0};

    private final Random random;

    RandomMetadata(Random random) {
        this.random = random;
    }

    Map<String, Value> metadata() {
        Map<String, Value> metadata = new HashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            metadata.put(field(), random.nextInt(4) == 0 ? new Value.Values(several(this::single)) : single());
        }
        return metadata;
    }

    Filter filter(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> new Filter.Equal(field(), single());
            case 1 -> new Filter.In(field(), new HashSet<>(several(this::single)));
            case 2 -> range();
            case 3 -> new Filter.Contains(field(), switch (random.nextInt(5)) {
                case 0 -> "\uD83C"; // the first half of a character
                case 1 -> "\uDDEB"; // a second half
                case 2 -> "red";
                default -> text();
            });
            case 4 -> new Filter.And(several(() -> filter(depth - 1)));
            case 5 -> new Filter.Or(several(() -> filter(depth - 1)));
            default -> new Filter.Not(filter(depth - 1));
        };
    }

    private Filter range() {
        boolean moments = random.nextBoolean();
        Optional<Value> from = Optional.of(moments ? moment() : number());
        Optional<Value> to = Optional.of(moments ? moment() : number());
        return switch (random.nextInt(3)) {
            case 0 -> new Filter.Range(field(), from, random.nextBoolean(), Optional.empty(), false);
            case 1 -> new Filter.Range(field(), Optional.empty(), false, to, random.nextBoolean());
            default -> new Filter.Range(field(), from, random.nextBoolean(), to, random.nextBoolean());
        };
    }

    private <T> List<T> several(Supplier<T> one) {
        List<T> several = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            several.add(one.get());
        }
        return several;
    }

    private String field() {
        return FIELDS.get(random.nextInt(FIELDS.size()));
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Value number() {
        return Value.of(NUMBERS[random.nextInt(NUMBERS.length)]);
    }

    private Value moment() {
        return Value.of(Instant.ofEpochSecond(random.nextInt(-1, 2), random.nextInt(3) * 999_999L));
    }

    private Value single() {
        return switch (random.nextInt(5)) {
            case 0 -> number();
            case 1 -> moment();
            case 2 -> Value.of(random.nextBoolean());
            default -> Value.of(text());
        };
    }
}
