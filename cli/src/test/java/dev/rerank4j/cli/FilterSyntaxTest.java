package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterSyntaxTest {

    private static final Map<String, Value> SHOE = Map.of(
            "category", Value.of("shoes"),
            "price", Value.of(99.5),
            "size", Value.of("42"),
            "sale", Value.of(true),
            "since", Value.of(Instant.parse("2024-03-31T10:00:00Z")),
            "tags", Value.of("red", "sealed=yes"));

    private static boolean matches(String... conditions) {
        return FilterSyntax.parse(List.of(conditions), SHOE.keySet()).matches(SHOE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "category=shoes|true", "category=Shoes|false", "category = shoes|true", "category!=shoes|false",
            "category!=hats|true", "category~hoe|true", "category~bag|false", "tags=red|true", "tags=sealed=yes|true",
            "price=99.5|true", "price=99.50|true", "price<100|true", "price<99.5|false", "price<=99.5|true",
            "price>99.5|false", "price>=99.5|true", "price>-1e3|true", "size=42|true", "size=42.0|false",
            "sale=true|true", "sale=false|false", "sale!=false|true",
            "since=2024-03-31|true", "since=2024-04-01|false", "since=2024-03-31T10:00:00Z|true",
            "since=2024-03-31T12:00:00+02:00|true", "since=2024-03-31T10:00:00|true",
            "since>=2024-03-31|true", "since>2024-03-31|false", "since>2024-03-30|true", "since<=2024-03-31|true",
            "since<2024-03-31|false", "since<2024-04-01|true", "since<=2024-03-30|false",
            "since>2024-03-31T09:59:59Z|true", "since>=2024-03-31T10:00:01Z|false"})
    void aConditionHoldsForWhatItSays(String condition, boolean expected) {
        assertEquals(expected, matches(condition));
    }

    @Test
    void severalConditionsMustAllHold() {
        assertTrue(matches("category=shoes", "price<100"));
        assertEquals(false, matches("category=shoes", "price<90"));
    }

    @Test
    void noConditionIsNoFilter() {
        assertSame(Filter.NONE, FilterSyntax.parse(List.of(), Set.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"category", "=shoes", " =x", "", "price"})
    void whatIsNoConditionIsRefusedWithAnExample(String condition) {
        UsageException refusal = assertThrows(UsageException.class, () -> matches(condition));
        assertTrue(refusal.getMessage().contains("such as category=shoes, got \"" + condition + "\""),
                refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"price<cheap", "price>=", "since<31.3.2024", "price<NaN", "price<1e999"})
    void onlyNumbersAndDatesHaveAnOrder(String condition) {
        UsageException refusal = assertThrows(UsageException.class, () -> matches(condition));
        assertTrue(refusal.getMessage().contains("numbers and dates"), refusal.getMessage());
    }

    @Test
    void anUnknownFieldIsRefusedWithTheNearestAndAllOthers() {
        UsageException refusal = assertThrows(UsageException.class, () -> matches("prize<100"));
        assertEquals("--filter names a field that no document of the index has, prize; did you mean price? "
                + "known are category, price, sale, since, size, tags", refusal.getMessage());
    }

    @Test
    void theEmptyValueIsAValue() {
        assertEquals(false, matches("category="));
        assertTrue(matches("category!="));
    }
}
