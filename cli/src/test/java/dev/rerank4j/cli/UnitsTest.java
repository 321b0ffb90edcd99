package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({"200ms,200", "2s,2000", "1.5s,1500", "0.001s,1", "3m,180000", "1h,3600000", "' 20 ms ',20"})
    void aDurationIsANumberAndAUnit(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), Units.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "200", "ms", "-1s", "1 day", "1e3ms", "0ms", "0.0000000001s", "1S", "٣s", "1s1s"})
    void whatIsNoDurationIsRefusedWithAnExampleOrTheReason(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Units.duration(text));
        assertTrue(refusal.getMessage().contains("\"" + text + "\""), refusal.getMessage());
    }

    @Test
    void anAstronomicalDurationIsTheLongest() {
        assertEquals(Duration.ofNanos(Long.MAX_VALUE), Units.duration("999999999999h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "2s", "90s", "2m", "61m", "3h"})
    void aDurationIsPrintedAsItIsRead(String text) {
        assertEquals(text, Units.text(Units.duration(text)));
    }

    @ParameterizedTest
    @CsvSource({"1B,1", "64MiB,67108864", "1.5KiB,1536", "2GiB,2147483648"})
    void aSizeIsANumberAndABinaryUnit(String text, long bytes) {
        assertEquals(bytes, Units.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"64", "64MB", "0B", "0.5B", "-1B", "999999999999GiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Units.bytes(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1B", "1000B", "1KiB", "64MiB", "3GiB", "1025KiB"})
    void aSizeIsPrintedAsItIsRead(String text) {
        assertEquals(text, new ByteSize(Units.bytes(text)).toString());
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "999,999 B", "1000,1.0 KiB", "23068672,22.0 MiB", "1099511627776,1.0 TiB"})
    void sizesForPeopleAreShort(long bytes, String text) {
        assertEquals(text, Units.size(bytes));
    }
}
