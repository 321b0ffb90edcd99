package dev.rerank4j.springai;

import dev.rerank4j.Value;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Metadata as Spring AI has it, any object, and as filters compare it, a {@link Value}. The package says which is which. */
final class MetadataValues {

    private static final long EXACT = 1L << 53;
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern INSTANT = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})");
    private static final int LONGEST_MOMENT = 40;

    private MetadataValues() {
    }

    static Map<String, Value> values(Map<String, Object> metadata) {
        Map<String, Value> values = new HashMap<>();
        metadata.forEach((field, object) -> values.put(field, value(object)));
        return values;
    }

    static Map<String, Object> objects(Map<String, Value> metadata) {
        Map<String, Object> objects = new HashMap<>();
        metadata.forEach((field, value) -> objects.put(field, object(value)));
        return objects;
    }

    static Value value(Object object) {
        return switch (object) {
            case CharSequence text -> ofText(text.toString());
            case Boolean flag -> Value.of(flag.booleanValue());
            case Number number -> ofNumber(number);
            case Enum<?> constant -> Value.of(constant.name());
            case Date date -> ofInstant(Instant.ofEpochMilli(date.getTime()), object);
            case Calendar calendar -> ofInstant(calendar.toInstant(), object);
            case Instant instant -> ofInstant(instant, object);
            case OffsetDateTime time -> ofInstant(time.toInstant(), object);
            case ZonedDateTime time -> ofInstant(time.toInstant(), object);
            case LocalDate day -> ofInstant(day.atStartOfDay(ZoneOffset.UTC).toInstant(), object);
            case Iterable<?> several when !(object instanceof Path) -> ofSeveral(several);
            default -> object.getClass().isArray() ? ofSeveral(elements(object)) : Value.of(object.toString());
        };
    }

    /** The moment that all of the text names: a day, which begins in UTC, or a date and time with its offset. */
    static Optional<Value> moment(String text) {
        if (text.length() > LONGEST_MOMENT) {
            return Optional.empty();
        }
        try {
            if (DATE.matcher(text).matches()) {
                return Optional.of(Value.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()));
            }
            if (INSTANT.matcher(text).matches()) {
                return Optional.of(Value.of(OffsetDateTime.parse(text).toInstant()));
            }
        } catch (DateTimeException e) {
            return Optional.empty(); // 2026-02-30 is no date
        }
        return Optional.empty();
    }

    static Object object(Value value) {
        return switch (value) {
            case Value.Text text -> text.value();
            case Value.Flag flag -> flag.value();
            case Value.Number number -> ofDouble(number.value());
            case Value.Moment moment -> moment.value().truncatedTo(ChronoUnit.MILLIS).toString();
            case Value.Values several -> several.values().stream().map(MetadataValues::object).toList();
        };
    }

    private static Object ofDouble(double number) {
        if (number != Math.rint(number) || Math.abs(number) >= EXACT) {
            return number;
        }
        return Math.abs(number) <= Integer.MAX_VALUE ? (Object) (int) number : (Object) (long) number;
    }

    private static Value ofText(String text) {
        return moment(text).orElseGet(() -> Value.of(text));
    }

    private static Value ofNumber(Number number) {
        double nearest = number.doubleValue();
        boolean whole = switch (number) {
            case Double d -> false;
            case Float f -> false;
            case BigDecimal decimal -> decimal.stripTrailingZeros().scale() <= 0;
            default -> true;
        };
        // an identifier whose last digits a double would lose stays what it is
        boolean lost = whole && Math.abs(nearest) >= EXACT;
        return lost || !Double.isFinite(nearest) ? Value.of(number.toString()) : Value.of(nearest);
    }

    private static Value ofInstant(Instant instant, Object original) {
        try {
            return Value.of(instant);
        } catch (IllegalArgumentException e) {
            return Value.of(original.toString()); // farther away than a moment can be
        }
    }

    private static Value ofSeveral(Iterable<?> several) {
        List<Value> members = new ArrayList<>();
        for (@Nullable
        Object element : several) {
            if (element != null) {
                members.addAll(value(element).members());
            }
        }
        return new Value.Values(members);
    }

    private static List<@Nullable Object> elements(Object array) {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < Array.getLength(array); i++) {
            elements.add(Array.get(array, i));
        }
        return elements;
    }
}
