package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filters of the command line: {@code field=value}, and {@code !=}, {@code <}, {@code <=}, {@code >}, {@code >=}
 * and {@code ~} (contains). A shell has no types, so a value means every kind it reads as: {@code year=2024} finds the
 * number and the text. A date without time is the whole day in UTC.
 */
final class FilterSyntax {

    private static final Pattern CONDITION = Pattern.compile("([^=<>!~]+)(!=|<=|>=|=|<|>|~)(.*)", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

    private FilterSyntax() {
    }

    /**
     * All conditions together.
     *
     * @param known the fields of the index
     * @throws UsageException if one cannot be read or names a field that the index does not have
     */
    static Filter parse(List<String> conditions, Set<String> known) {
        return parse(conditions, known::contains, () -> known);
    }

    /**
     * All conditions together.
     *
     * @param allowed whether the index has a field
     * @param known the fields of the index, for the message if it has not
     * @throws UsageException if one cannot be read or names a field that the index does not have
     */
    static Filter parse(List<String> conditions, Predicate<String> allowed, Supplier<Set<String>> known) {
        return together(conditions.stream().map(condition -> parse(condition, allowed, known)).toList());
    }

    /**
     * All conditions together, whatever fields there are.
     *
     * @throws UsageException if one cannot be read
     */
    static Filter parse(List<String> conditions) {
        return together(conditions.stream().map(condition -> parse(condition, field -> true, Set::of)).toList());
    }

    private static Filter together(List<Filter> filters) {
        return switch (filters.size()) {
            case 0 -> Filter.NONE;
            case 1 -> filters.getFirst();
            default -> new Filter.And(filters);
        };
    }

    private static Filter parse(String condition, Predicate<String> allowed, Supplier<Set<String>> known) {
        Matcher parts = CONDITION.matcher(condition);
        if (!parts.matches() || parts.group(1).isBlank()) {
            throw new UsageException("--filter must be a field, one of = != < <= > >= ~ and a value, such as "
                    + "category=shoes, got \"" + condition + "\"");
        }
        String field = parts.group(1).strip();
        String value = parts.group(3).strip();
        if (!allowed.test(field)) {
            throw new UsageException("--filter names a field that no document of the index has, " + field
                    + Nearest.hint(field, known.get()));
        }
        return switch (parts.group(2)) {
            case "=" -> equal(field, value);
            case "!=" -> new Filter.Not(equal(field, value));
            case "~" -> new Filter.Contains(field, value);
            case "<" -> range(condition, field, Optional.empty(), false, bound(value, true), false);
            case "<=" -> atMost(condition, field, value);
            case ">" -> above(condition, field, value);
            case ">=" -> range(condition, field, bound(value, true), true, Optional.empty(), false);
            default -> throw new IllegalStateException("no such operator");
        };
    }

    private static Filter equal(String field, String value) {
        List<Filter> readings = new ArrayList<>();
        readings.add(new Filter.Equal(field, Value.of(value)));
        number(value).ifPresent(number -> readings.add(new Filter.Equal(field, number)));
        if (value.equals("true") || value.equals("false")) {
            readings.add(new Filter.Equal(field, Value.of(Boolean.parseBoolean(value))));
        }
        day(value).ifPresent(day -> readings.add(new Filter.Range(field, Optional.of(startOf(day)), true,
                Optional.of(startOf(day.plusDays(1))), false)));
        moment(value).ifPresent(moment -> readings.add(new Filter.Equal(field, moment)));
        return readings.size() == 1 ? readings.getFirst() : new Filter.Or(readings);
    }

    /** The whole day is at most this day: below the start of the next. */
    private static Filter atMost(String condition, String field, String value) {
        return day(value).isPresent()
                ? range(condition, field, Optional.empty(), false, bound(value, false), false)
                : range(condition, field, Optional.empty(), false, bound(value, true), true);
    }

    private static Filter above(String condition, String field, String value) {
        return day(value).isPresent()
                ? range(condition, field, bound(value, false), true, Optional.empty(), false)
                : range(condition, field, bound(value, true), false, Optional.empty(), false);
    }

    private static Filter range(String condition, String field, Optional<Value> from, boolean fromInclusive,
            Optional<Value> to, boolean toInclusive) {
        if (from.isEmpty() && to.isEmpty()) {
            throw new UsageException("--filter compares with numbers and dates such as 2024-12-31 or "
                    + "2024-12-31T18:00:00Z, got \"" + condition + "\"");
        }
        return new Filter.Range(field, from, fromInclusive, to, toInclusive);
    }

    /** What the value is a bound of: a number, a moment, or the start of a day or of the one after it. */
    private static Optional<Value> bound(String value, boolean startOfDay) {
        return number(value)
                .or(() -> day(value).map(day -> startOf(startOfDay ? day : day.plusDays(1))))
                .or(() -> moment(value));
    }

    private static Optional<Value> number(String value) {
        if (!NUMBER.matcher(value).matches()) {
            return Optional.empty();
        }
        double number = Double.parseDouble(value);
        return Double.isFinite(number) ? Optional.of(Value.of(number)) : Optional.empty();
    }

    private static Optional<LocalDate> day(String value) {
        try {
            return Optional.of(LocalDate.parse(value));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Value> moment(String value) {
        try {
            return Optional.of(Value.of(OffsetDateTime.parse(value).toInstant()));
        } catch (DateTimeParseException e) {
            try {
                return Optional.of(Value.of(LocalDateTime.parse(value).toInstant(ZoneOffset.UTC)));
            } catch (DateTimeParseException neither) {
                return Optional.empty();
            }
        }
    }

    private static Value startOf(LocalDate day) {
        Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        return Value.of(start);
    }
}
