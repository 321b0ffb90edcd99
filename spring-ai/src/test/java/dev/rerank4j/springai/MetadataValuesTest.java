package dev.rerank4j.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MetadataValuesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** What the frameworks allow, what filters compare it as, and what comes back. */
    static final List<List<Object>> TYPES = List.of(
            List.of("text", Value.of("text"), "text"),
            List.of("", Value.of(""), ""),
            List.of(new StringBuilder("text"), Value.of("text"), "text"),
            List.of('c', Value.of("c"), "c"),
            List.of(true, Value.of(true), true),
            List.of((byte) 3, Value.of(3), 3),
            List.of((short) -3, Value.of(-3), -3),
            List.of(3, Value.of(3), 3),
            List.of(Integer.MIN_VALUE, Value.of(Integer.MIN_VALUE), (long) Integer.MIN_VALUE),
            List.of(3L, Value.of(3), 3),
            List.of(1L << 40, Value.of(1L << 40), 1L << 40),
            List.of((1L << 53) + 1, Value.of("9007199254740993"), "9007199254740993"),
            List.of(Long.MAX_VALUE, Value.of("9223372036854775807"), "9223372036854775807"),
            List.of(Long.MIN_VALUE, Value.of("-9223372036854775808"), "-9223372036854775808"),
            List.of(0.5f, Value.of(0.5), 0.5),
            List.of(2.5, Value.of(2.5), 2.5),
            List.of(1e300, Value.of(1e300), 1e300),
            List.of(-0.0, Value.of(0), 0),
            List.of(Double.NaN, Value.of("NaN"), "NaN"),
            List.of(Float.NEGATIVE_INFINITY, Value.of("-Infinity"), "-Infinity"),
            List.of(BigInteger.TEN, Value.of(10), 10),
            List.of(BigInteger.TWO.pow(60), Value.of("1152921504606846976"), "1152921504606846976"),
            List.of(new BigDecimal("0.1"), Value.of(0.1), 0.1),
            List.of(new BigDecimal("9007199254740993.0"), Value.of("9007199254740993.0"), "9007199254740993.0"),
            List.of(new AtomicInteger(7), Value.of(7), 7),
            List.of(DayOfWeek.MONDAY, Value.of("MONDAY"), "MONDAY"),
            List.of(Date.from(NOON), Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of(new java.sql.Date(NOON.toEpochMilli()), Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of(GregorianCalendar
                    .from(ZonedDateTime.ofInstant(NOON, TimeZone.getTimeZone("Asia/Tokyo").toZoneId())),
                    Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of(NOON, Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of(Instant.MAX, Value.of(Instant.MAX.toString()), Instant.MAX.toString()),
            List.of(OffsetDateTime.parse("2026-03-01T14:00:00+02:00"), Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of(LocalDate.of(2026, 3, 1), Value.of(Instant.parse("2026-03-01T00:00:00Z")), "2026-03-01T00:00:00Z"),
            List.of("2026-03-01T12:00:00Z", Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of("2026-03-01T12:00:00.250Z", Value.of(NOON.plusMillis(250)), "2026-03-01T12:00:00.250Z"),
            List.of("2026-03-01T14:00+02:00", Value.of(NOON), "2026-03-01T12:00:00Z"),
            List.of("2026-03-01", Value.of(Instant.parse("2026-03-01T00:00:00Z")), "2026-03-01T00:00:00Z"),
            List.of("2026-02-30", Value.of("2026-02-30"), "2026-02-30"),
            List.of("since 2026-03-01", Value.of("since 2026-03-01"), "since 2026-03-01"),
            List.of(List.of("a", "b"), Value.of("a", "b"), List.of("a", "b")),
            List.of(Arrays.asList("a", null, 2), new Value.Values(List.of(Value.of("a"), Value.of(2))),
                    List.of("a", 2)),
            List.of(List.of(), new Value.Values(List.of()), List.of()),
            List.of(List.of(List.of(1), List.of(2, 3)), numbers(1, 2, 3), List.of(1, 2, 3)),
            List.of(new String[]{"a"}, new Value.Values(List.of(Value.of("a"))), List.of("a")),
            List.of(new int[]{1, 2}, numbers(1, 2), List.of(1, 2)),
            List.of(new float[]{0.5f}, numbers(0.5), List.of(0.5)),
            List.of(Map.of("a", 1), Value.of("{a=1}"), "{a=1}"),
            List.of(UUID.fromString("00000000-0000-0001-0000-000000000002"),
                    Value.of("00000000-0000-0001-0000-000000000002"), "00000000-0000-0001-0000-000000000002"),
            List.of(URI.create("https://example.org/a"), Value.of("https://example.org/a"), "https://example.org/a"),
            List.of(Path.of("a", "b"), Value.of(Path.of("a", "b").toString()), Path.of("a", "b").toString()));

    private static Value numbers(double... numbers) {
        return new Value.Values(Arrays.stream(numbers).mapToObj(Value::of).toList());
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void everyTypeHasOneMeaning(List<Object> type) {
        Value value = MetadataValues.value(type.get(0));
        assertEquals(type.get(1), value);
        assertEquals(type.get(2), MetadataValues.object(value));
        assertEquals(value, MetadataValues.value(MetadataValues.object(value)), "and keeps it on the way back");
    }

    @Test
    void fieldsKeepTheirNames() {
        Map<String, Object> metadata = Map.of("a", 1, "b.c", "x", "", true);
        assertEquals(metadata, MetadataValues.objects(MetadataValues.values(metadata)));
    }
}
