package dev.rerank4j.remote;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Filters as conditions of SQL. Comparisons are JSON paths in lax mode: they look into lists by themselves, and what is
 * of another kind, or is not there, is not equal and not in order.
 */
final class PostgresFilter {

    /** How many values one path names: a tree of them is walked for each passage, and deep ones are refused. */
    private static final int VALUES_A_PATH = 200;

    /** Gives, for a field, the JSON object that holds it. */
    private final UnaryOperator<String> holder;

    PostgresFilter(UnaryOperator<String> holder) {
        this.holder = holder;
    }

    Sql of(Filter filter) {
        return switch (filter) {
            case Filter.Equal equal -> oneOf(equal.field(), List.of(equal.value()));
            case Filter.In in -> oneOf(in.field(), List.copyOf(in.values()));
            case Filter.Range range -> isWellFormed(range.field())
                    ? path(range.field(), range(range))
                    : Sql.of("FALSE");
            case Filter.Contains contains -> contains(contains);
            case Filter.And and -> and.filters().isEmpty()
                    ? Sql.of("TRUE")
                    : Sql.joined(" AND ", and.filters().stream().map(this::of).toList(), "(", ")");
            case Filter.Or or -> or.filters().isEmpty()
                    ? Sql.of("FALSE")
                    : Sql.joined(" OR ", or.filters().stream().map(this::of).toList(), "(", ")");
            case Filter.Not not -> Sql.joined("", List.of(of(not.filter())), "NOT coalesce(", ", FALSE)");
        };
    }

    private Sql oneOf(String field, List<Value> values) {
        List<String> conditions = values.stream().flatMap(value -> equal(value).stream()).toList();
        if (conditions.isEmpty() || !isWellFormed(field)) {
            return Sql.of("FALSE");
        }
        List<Sql> paths = new ArrayList<>();
        for (int from = 0; from < conditions.size(); from += VALUES_A_PATH) {
            paths.add(path(field, String.join(" || ",
                    conditions.subList(from, Math.min(from + VALUES_A_PATH, conditions.size())))));
        }
        return Sql.joined(" OR ", paths, "(", ")");
    }

    /** Nothing if no stored value is equal to it. */
    private static Optional<String> equal(Value value) {
        return switch (value) {
            case Value.Text text -> isWellFormed(text.value())
                    ? Optional.of("@ == " + PostgresJson.quoted(text.value()))
                    : Optional.empty();
            case Value.Flag flag -> Optional.of("@ == " + flag.value());
            case Value.Number number -> Optional.of("@ == " + literal(number));
            case Value.Moment moment -> Optional.of("@." + PostgresJson.MILLIS + " == " + literal(moment));
            case Value.Values several -> throw new IllegalArgumentException("a filter compares with single values");
        };
    }

    private static String range(Filter.Range range) {
        List<String> bounds = new ArrayList<>();
        range.from().ifPresent(from -> bounds.add(bound(from, range.fromInclusive() ? " >= " : " > ")));
        range.to().ifPresent(to -> bounds.add(bound(to, range.toInclusive() ? " <= " : " < ")));
        return String.join(" && ", bounds);
    }

    private static String bound(Value value, String order) {
        return (value instanceof Value.Moment ? "@." + PostgresJson.MILLIS : "@") + order + literal(value);
    }

    private static String literal(Value value) {
        return switch (value) {
            case Value.Number number -> Double.toString(number.value());
            case Value.Moment moment -> Long.toString(moment.value().toEpochMilli());
            default -> throw new IllegalArgumentException("numbers and moments are in order");
        };
    }

    private Sql contains(Filter.Contains contains) {
        if (!isWellFormed(contains.field())) {
            return Sql.of("FALSE");
        }
        String values = "EXISTS (SELECT FROM jsonb_path_query(" + holder.apply(contains.field())
                + ", CAST(? AS jsonpath)) AS v(value) WHERE ";
        String texts = "lax $." + PostgresJson.quoted(contains.field()) + " ? (@.type() == \"string\")";
        if (isWellFormed(contains.text())) {
            return Sql.of(values + "strpos(value #>> '{}', ?) > 0)", texts, PostgresText.stored(contains.text()));
        }
        return halves(contains.text())
                .map(pattern -> Sql.of(values + "value #>> '{}' ~ ?)", texts, pattern))
                .orElse(Sql.of("FALSE"));
    }

    /**
     * A regular expression for a text that ends with the first half of a character, or begins with the second: any
     * character with this half will do. Nothing if there is a half in between, which no stored text has.
     */
    private static Optional<String> halves(String text) {
        boolean low = Character.isLowSurrogate(text.charAt(0));
        int last = text.length() - 1;
        boolean high = Character.isHighSurrogate(text.charAt(last));
        String whole = text.substring(low ? 1 : 0, high ? last : text.length());
        if (!isWellFormed(whole)) {
            return Optional.empty();
        }
        StringBuilder pattern = new StringBuilder("***:");
        if (low) {
            pattern.append('[');
            for (int first = Character.MIN_HIGH_SURROGATE; first <= Character.MAX_HIGH_SURROGATE; first++) {
                pattern.append(escaped(Character.toCodePoint((char) first, text.charAt(0))));
            }
            pattern.append(']');
        }
        PostgresText.stored(whole).codePoints().forEach(c -> pattern.append(escaped(c)));
        if (high) {
            int from = Character.toCodePoint(text.charAt(last), Character.MIN_LOW_SURROGATE);
            int to = Character.toCodePoint(text.charAt(last), Character.MAX_LOW_SURROGATE);
            pattern.append('[').append(escaped(from)).append('-').append(escaped(to)).append(']');
        }
        return Optional.of(pattern.toString());
    }

    private static String escaped(int codePoint) {
        return String.format(Locale.ROOT, "\\U%08x", codePoint);
    }

    private Sql path(String field, String condition) {
        return Sql.of(holder.apply(field) + " @?? CAST(? AS jsonpath)",
                "lax $." + PostgresJson.quoted(field) + " ? (" + condition + ")");
    }

    private static boolean isWellFormed(String text) {
        return WellFormed.is(text);
    }
}
