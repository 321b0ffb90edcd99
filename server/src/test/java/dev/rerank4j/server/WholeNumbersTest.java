package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WholeNumbersTest {

    record Numbers(@Nullable Integer n, @Nullable Long m) {
    }

    private static Numbers read(String json) {
        return Json.lenient(Json.object(json.getBytes(StandardCharsets.UTF_8)), Numbers.class);
    }

    @ParameterizedTest
    @CsvSource({"5, 5", "5.0, 5", "5.00, 5", "5e0, 5", "50e-1, 5", "-0.0, 0", "2147483647, 2147483647"})
    void aWholeNumberMayBeWrittenInAnyWay(String written, int number) {
        assertEquals(new Numbers(number, (long) number), read("{\"n\":" + written + ",\"m\":" + written + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.5", "0.1", "1e999", "-1e999", "1e2147483646", "9223372036854775808",
            "\"5\"", "true", "[5]", "{\"n\":5}"})
    void whatIsNoneIsRefused(String written) {
        for (String name : new String[]{"n", "m"}) {
            Refusal refusal = assertThrows(Refusal.class, () -> read("{\"" + name + "\":" + written + "}"));
            assertTrue(refusal.sentence().contains("whole number"), refusal::sentence);
        }
    }

    @Test
    void nullIsNone() {
        assertEquals(new Numbers(null, null), read("{\"n\":null}"));
    }
}
