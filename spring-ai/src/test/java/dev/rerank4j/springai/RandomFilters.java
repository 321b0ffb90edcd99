package dev.rerank4j.springai;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.ExpressionType;
import org.springframework.ai.vectorstore.filter.Filter.Group;
import org.springframework.ai.vectorstore.filter.Filter.Key;
import org.springframework.ai.vectorstore.filter.Filter.Operand;

/**
 * Random metadata and filters on it, theirs and ours. Texts, numbers, dates and flags each have fields of their own, for
 * their evaluator throws where kinds meet; numbers and dates, which ranges compare, are always there, for theirs takes a
 * missing field for the least.
 */
final class RandomFilters {

    private static final List<String> TEXTS = List.of("red", "green", "blue", "");

    private RandomFilters() {
    }

    static Map<String, Object> metadata(Random random) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("year", number(random));
        metadata.put("price", random.nextInt(3) - 0.5);
        metadata.put("day", date(random));
        if (random.nextBoolean()) {
            metadata.put("colour", text(random));
        }
        if (random.nextBoolean()) {
            metadata.put("sold", random.nextBoolean());
        }
        return metadata;
    }

    static Expression expression(Random random, int depth) {
        int kind = depth == 0 ? 3 : random.nextInt(5);
        return switch (kind) {
            case 0 -> new Expression(ExpressionType.AND, operand(random, depth - 1), operand(random, depth - 1));
            case 1 -> new Expression(ExpressionType.OR, operand(random, depth - 1), operand(random, depth - 1));
            case 2 -> new Expression(ExpressionType.NOT, operand(random, depth - 1));
            default -> leaf(random);
        };
    }

    private static Operand operand(Random random, int depth) {
        Expression expression = expression(random, depth);
        return random.nextBoolean() ? new Group(expression) : expression;
    }

    private static Expression leaf(Random random) {
        boolean ordered = random.nextBoolean();
        List<ExpressionType> types = ordered
                ? List.of(ExpressionType.GT, ExpressionType.GTE, ExpressionType.LT, ExpressionType.LTE)
                : List.of(ExpressionType.EQ, ExpressionType.NE, ExpressionType.IN, ExpressionType.NIN);
        ExpressionType type = types.get(random.nextInt(4));
        String field = List.of("year", "price", "day", "colour", "sold").get(random.nextInt(ordered ? 3 : 5));
        Object value = type == ExpressionType.IN || type == ExpressionType.NIN
                ? IntStream.range(0, random.nextInt(3)).mapToObj(i -> constant(random, field)).toList()
                : constant(random, field);
        return new Expression(type, new Key(field), new org.springframework.ai.vectorstore.filter.Filter.Value(value));
    }

    /** One of ours, without {@code Contains}, which theirs have not. */
    static Filter filter(Random random, int depth) {
        int kind = depth == 0 ? 3 : random.nextInt(6);
        return switch (kind) {
            case 0 -> new Filter.And(filters(random, depth - 1));
            case 1 -> new Filter.Or(filters(random, depth - 1));
            case 2 -> new Filter.Not(filter(random, depth - 1));
            case 3 -> {
                String field = List.of("year", "price", "day").get(random.nextInt(3));
                Optional<Value> from = Optional.of(value(random, field)).filter(v -> random.nextBoolean());
                Optional<Value> to = Optional.of(value(random, field))
                        .filter(v -> from.isEmpty() || random.nextBoolean());
                yield new Filter.Range(field, from, random.nextBoolean(), to, random.nextBoolean());
            }
            case 4 -> {
                String field = anyField(random);
                yield new Filter.Equal(field, value(random, field));
            }
            default -> {
                String field = anyField(random);
                yield new Filter.In(field, random.nextInt(4) == 0 ? Set.of() : Set.of(value(random, field)));
            }
        };
    }

    private static List<Filter> filters(Random random, int depth) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> filter(random, depth)).toList();
    }

    private static String anyField(Random random) {
        return List.of("year", "price", "day", "colour", "sold").get(random.nextInt(5));
    }

    private static Value value(Random random, String field) {
        return MetadataValues.value(constant(random, field));
    }

    private static Object constant(Random random, String field) {
        return switch (field) {
            case "year" -> random.nextBoolean() ? number(random) : Double.valueOf(number(random).doubleValue());
            case "price" -> random.nextInt(3) - 0.5;
            case "day" -> date(random);
            case "colour" -> text(random);
            default -> random.nextBoolean();
        };
    }

    private static Number number(Random random) {
        int number = 2000 + random.nextInt(4);
        return random.nextBoolean() ? Integer.valueOf(number) : Long.valueOf(number);
    }

    private static String date(Random random) {
        return "2026-03-0" + (1 + random.nextInt(3)) + "T12:00:00Z";
    }

    private static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
