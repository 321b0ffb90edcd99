package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {

    @Test
    void valuesOfDifferentKindsAreNeverEqual() {
        List<Value> values = List.of(Value.of("1"), Value.of(1), Value.of(true), Value.of(Instant.ofEpochMilli(1)),
                Value.of("1", "2"), Value.of("true"));
        for (Value a : values) {
            for (Value b : values) {
                assertEquals(a == b, a.equals(b), a + " and " + b);
            }
        }
    }

    @Test
    void thereIsOneZero() {
        assertEquals(Value.of(0.0), Value.of(-0.0));
        assertEquals(Value.of(0.0).hashCode(), Value.of(-0.0).hashCode());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numbersAreFinite(double number) {
        assertEquals("number must be finite, got " + number,
                assertThrows(IllegalArgumentException.class, () -> Value.of(number)).getMessage());
    }

    @Test
    void momentsFitMilliseconds() {
        for (Instant fits : List.of(Instant.ofEpochMilli(Long.MIN_VALUE), Instant.EPOCH,
                Instant.ofEpochMilli(Long.MAX_VALUE))) {
            Filter range = Filter.Range.atLeast("when", Value.of(fits));
            assertTrue(range.matches(Map.of("when", Value.of(fits))));
        }
        for (Instant tooFar : List.of(Instant.MIN, Instant.MAX, Instant.ofEpochMilli(Long.MIN_VALUE).minusNanos(1),
                Instant.ofEpochMilli(Long.MAX_VALUE).plusNanos(1))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Value.of(tooFar));
            assertTrue(e.getMessage().endsWith(", got " + tooFar), e.getMessage());
        }
    }

    @Test
    void severalValuesAreNotNestedAndKeepTheirOrder() {
        assertEquals(List.of(Value.of("b"), Value.of("a"), Value.of("b")), Value.of("b", "a", "b").members());
        assertNotEquals(Value.of("a", "b"), Value.of("b", "a"));
        assertEquals(List.of(), new Value.Values(List.of()).members());
        assertThrows(IllegalArgumentException.class, () -> new Value.Values(List.of(Value.of("a", "b"))));
    }

    @Test
    void aSingleValueIsItsOwnMember() {
        for (Value value : List.of(Value.of("a"), Value.of(1), Value.of(false), Value.of(Instant.EPOCH))) {
            assertEquals(List.of(value), value.members());
        }
    }

    @Test
    void oneTextIsNotAListOfTexts() {
        assertEquals(new Value.Text("a"), Value.of("a"));
        assertEquals(new Value.Values(List.of(Value.of("a"))), Value.of(new String[]{"a"}));
    }
}
