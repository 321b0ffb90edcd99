package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Filters as the native API has them: a condition as people type it ({@code "price<100"}), a list of filters of which
 * all must hold, or an object with one of {@code and}, {@code or}, {@code not}, or with {@code field} and one of {@code
 * equal}, {@code in}, {@code above}, {@code at_least}, {@code below}, {@code at_most}, {@code contains}.
 */
final class FilterJson {

    /** More would take longer to check than to search. */
    private static final int MOST = 1000;

    private static final List<String> COMPARISONS = List.of("equal", "in", "above", "at_least", "below", "at_most",
            "contains");

    private final Function<String, Filter> conditions;
    private int count;

    /**
     * @param conditions reads what people type
     */
    FilterJson(Function<String, Filter> conditions) {
        this.conditions = conditions;
    }

    /**
     * @throws Refusal if it is no filter, or has more than a thousand conditions and values
     */
    Filter read(@Nullable JsonNode node) {
        if (node == null || count == 0 && node.isNull()) {
            return Filter.NONE;
        }
        countTo(1);
        try {
            return switch (node.getNodeType()) {
                case STRING -> conditions.apply(node.textValue());
                case ARRAY -> new Filter.And(all(node));
                case OBJECT -> object(node);
                default -> throw new Refusal(Reason.MALFORMED,
                        "filter must be a text, a list or an object, got " + Json.kind(node));
            };
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid(String.valueOf(e.getMessage()));
        }
    }

    private List<Filter> all(JsonNode nodes) {
        if (!nodes.isArray()) {
            throw new Refusal(Reason.MALFORMED, "and, or of a filter must be lists, got " + Json.kind(nodes));
        }
        List<Filter> filters = new ArrayList<>();
        nodes.forEach(node -> filters.add(read(node)));
        return filters;
    }

    private Filter object(JsonNode node) {
        if (node.size() == 1 && node.has("and")) {
            return new Filter.And(all(node.get("and")));
        }
        if (node.size() == 1 && node.has("or")) {
            return new Filter.Or(all(node.get("or")));
        }
        if (node.size() == 1 && node.has("not")) {
            return new Filter.Not(read(node.get("not")));
        }
        Optional<String> comparison = COMPARISONS.stream().filter(node::has).findFirst();
        if (node.size() != 2 || !node.path("field").isTextual() || comparison.isEmpty()) {
            throw new Refusal(Reason.MALFORMED, "an object of a filter must have one of and, or, not; or field and one "
                    + "of " + String.join(", ", COMPARISONS));
        }
        return comparison(node.get("field").textValue(), comparison.get(), node.get(comparison.get()));
    }

    private Filter comparison(String field, String comparison, JsonNode node) {
        return switch (comparison) {
            case "equal" -> new Filter.Equal(field, value(node));
            case "in" -> new Filter.In(field, values(node));
            case "above" -> Filter.Range.above(field, value(node));
            case "at_least" -> Filter.Range.atLeast(field, value(node));
            case "below" -> Filter.Range.below(field, value(node));
            case "at_most" -> Filter.Range.atMost(field, value(node));
            case "contains" -> new Filter.Contains(field, text(node));
            default -> throw new IllegalStateException("no such comparison");
        };
    }

    private static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw new Refusal(Reason.MALFORMED, "contains of a filter must be a text, got " + Json.kind(node));
        }
        return node.textValue();
    }

    private void countTo(int more) {
        count += more;
        if (count > MOST) {
            throw Refusal.invalid("filter must have at most " + MOST + " conditions and values of in together");
        }
    }

    private Set<Value> values(JsonNode nodes) {
        if (!nodes.isArray()) {
            throw new Refusal(Reason.MALFORMED, "in of a filter must be a list of values, got " + Json.kind(nodes));
        }
        countTo(nodes.size());
        Set<Value> values = new HashSet<>();
        nodes.forEach(node -> values.add(value(node)));
        return values;
    }

    /**
     * A single value of metadata: a text, a number, true or false, or {@code {"moment": "2026-01-31T00:00:00Z"}}.
     *
     * @throws Refusal if it is none
     */
    static Value value(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> Value.of(node.textValue());
            case BOOLEAN -> Value.of(node.booleanValue());
            case NUMBER -> {
                double number = node.doubleValue();
                if (!Double.isFinite(number)) {
                    throw new Refusal(Reason.MALFORMED, "a number of metadata must fit into 64 bits");
                }
                yield Value.of(number);
            }
            case OBJECT -> moment(node);
            default -> throw new Refusal(Reason.MALFORMED, "a value of metadata must be a text, a number, true, false "
                    + "or a moment, got " + Json.kind(node));
        };
    }

    private static Value moment(JsonNode node) {
        try {
            if (node.size() == 1 && node.path("moment").isTextual()) {
                return Value.of(Instant.parse(node.get("moment").textValue()));
            }
        } catch (DateTimeParseException | IllegalArgumentException e) {
            // said below
        }
        throw new Refusal(Reason.MALFORMED, "a moment of metadata must be like {\"moment\": \"2026-01-31T00:00:00Z\"}");
    }
}
