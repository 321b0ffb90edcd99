package dev.rerank4j.ingest;

import dev.rerank4j.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** Texts that are points in time. */
final class Moments {

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
    private static final Pattern INSTANT = Pattern
            .compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})");
    private static final int LONGEST = 40;

    private Moments() {
    }

    /**
     * The moment that the whole text names: an ISO-8601 date, which is its first moment in UTC, or a date and time with
     * its offset from UTC. A time without offset is no moment: nobody knows where it was.
     */
    static Optional<Value> of(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            if (DATE.matcher(text).matches()) {
                return Optional.of(Value.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()));
            }
            if (INSTANT.matcher(text).matches()) {
                Instant instant = OffsetDateTime.parse(text).toInstant();
                return Optional.of(Value.of(instant));
            }
        } catch (DateTimeException e) {
            return Optional.empty(); // 2026-02-30 is no date
        }
        return Optional.empty();
    }

    /** The text as a moment if it is one, else as it is. */
    static Value orText(String text) {
        return of(text).orElseGet(() -> Value.of(text));
    }
}
