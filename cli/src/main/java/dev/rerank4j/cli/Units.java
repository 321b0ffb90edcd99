package dev.rerank4j.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values with units, as options and the configuration file have them: {@code 200ms}, {@code 1.5s}, {@code 64MiB}. */
final class Units {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)\\s*([a-zA-Z]+)");

    private Units() {
    }

    /**
     * @throws IllegalArgumentException if it is not a number followed by ms, s, m or h, or not longer than zero
     */
    static Duration duration(String text) {
        Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
        String unit = parts.matches() ? parts.group(2) : "";
        Duration one = switch (unit) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> throw new IllegalArgumentException(
                    "must be a number with one of the units ms, s, m, h, such as 200ms, got \"" + text + "\"");
        };
        BigDecimal nanos = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(one.toNanos()));
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Duration.ofNanos(Long.MAX_VALUE);
        }
        Duration duration = Duration.ofNanos(nanos.longValue());
        if (duration.isZero()) {
            throw new IllegalArgumentException("must be longer than zero, got \"" + text + "\"");
        }
        return duration;
    }

    /** The shortest text that {@link #duration} reads back, to the millisecond. */
    static String text(Duration duration) {
        long millis = Math.max(1, duration.toMillis());
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /**
     * @throws IllegalArgumentException if it is not a number followed by B, KiB, MiB or GiB, or less than one byte
     */
    static long bytes(String text) {
        Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
        String unit = parts.matches() ? parts.group(2) : "";
        int shift = switch (unit) {
            case "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> throw new IllegalArgumentException(
                    "must be a number with one of the units B, KiB, MiB, GiB, such as 64MiB, got \"" + text + "\"");
        };
        BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(1L << shift));
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("must be at least 1B and not astronomical, got \"" + text + "\"");
        }
        return bytes.longValue();
    }

    /** A size for people: three digits at most before the unit, such as {@code 22.7 MiB}. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        BigDecimal value = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (value.compareTo(BigDecimal.valueOf(1000)) >= 0 && unit < units.length - 1) {
            value = value.divide(BigDecimal.valueOf(1024), 6, RoundingMode.HALF_UP);
            unit++;
        }
        return value.setScale(unit == 0 ? 0 : 1, RoundingMode.HALF_UP) + " " + units[unit];
    }

    /** A number with separated thousands: {@code 12,345}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
