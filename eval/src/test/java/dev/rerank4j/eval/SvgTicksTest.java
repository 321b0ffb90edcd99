package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SvgTicksTest {

    @Test
    void areRoundAndEvenAndFew() {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4);
            double high = low + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(9) - 4) + 1e-7;
            int most = 4 + random.nextInt(9);
            String where = "seed " + seed + ": " + low + " to " + high + ", " + most;
            SvgTicks within = SvgTicks.within(low, high, most);
            assertTrue(!within.values().isEmpty() && within.values().size() <= most, where);
            double slack = (high - low) * 1e-6;
            within.values().forEach(value -> assertTrue(value >= low - slack && value <= high + slack, where));
            even(within, where);
            SvgTicks around = SvgTicks.around(low, high, most);
            assertTrue(around.first() <= low + slack && around.last() >= high - slack, where);
            assertTrue(around.values().size() <= most + 2, where);
            even(around, where);
            assertEquals(around.values().size(),
                    new HashSet<>(around.values().stream().map(around::label).toList()).size(), where);
        }
    }

    private static void even(SvgTicks ticks, String where) {
        List<Double> values = ticks.values();
        for (int i = 1; i < values.size(); i++) {
            BigDecimal step = BigDecimal.valueOf(values.get(i)).subtract(BigDecimal.valueOf(values.get(i - 1)));
            String digits = step.stripTrailingZeros().unscaledValue().toString();
            assertTrue(List.of("1", "2", "5").contains(digits), where + ": step " + step);
        }
    }

    @Test
    void wholeNumbersStayWhole() {
        for (int most = 2; most < 12; most++) {
            for (int high = 1; high < 3000; high += 7) {
                for (double value : SvgTicks.whole(0, high, most).values()) {
                    assertEquals(Math.rint(value), value, "0 to " + high);
                }
            }
        }
        assertEquals(List.of(0.0, 1.0), SvgTicks.whole(0, 1, 9).values());
    }

    @Test
    void logarithmicOnesAreRoundAndAscendAndStayWithin() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            double low = Math.pow(10, random.nextDouble() * 8 - 4);
            double high = low * Math.pow(10, random.nextDouble() * 7 + 0.05);
            int most = 4 + random.nextInt(8);
            String where = "seed " + seed + ": " + low + " to " + high + ", " + most;
            List<Double> values = SvgTicks.logarithmic(low, high, most).values();
            assertTrue(!values.isEmpty() && values.size() <= most, where + ": " + values);
            for (int i = 0; i < values.size(); i++) {
                assertTrue(values.get(i) >= low * 0.999 && values.get(i) <= high * 1.001, where);
                assertTrue(i == 0 || values.get(i) > values.get(i - 1), where);
            }
        }
        assertEquals(List.of(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0), SvgTicks.logarithmic(1, 100, 9).values());
        assertEquals(List.of(1.0, 10.0, 100.0), SvgTicks.logarithmic(1, 100, 4).values());
    }

    @Test
    void labelsHaveOnePrecision() {
        SvgTicks ticks = SvgTicks.around(-0.1, 0.1, 5);
        assertEquals(List.of("−0.10", "−0.05", "0.00", "0.05", "0.10"),
                ticks.values().stream().map(ticks::label).toList());
        SvgTicks thousands = SvgTicks.whole(0, 10_000, 3);
        assertEquals(List.of("0", "5000", "10,000"), thousands.values().stream().map(thousands::label).toList());
        assertEquals("0.5", SvgTicks.logarithmic(0.5, 50, 9).label(0.5));
    }

    @Test
    void aScaleKeepsItsEndsAndOrder() {
        SvgScale scale = SvgScale.logarithmic(1, 100, 0, 200);
        assertEquals(0, scale.at(1), 1e-9);
        assertEquals(100, scale.at(10), 1e-9);
        assertEquals(200, scale.at(100), 1e-9);
        assertEquals(75, SvgScale.linear(0, 4, 100, 0).at(1), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> SvgScale.linear(1, 1, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> SvgScale.linear(0, Double.NaN, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> SvgScale.logarithmic(0, 1, 0, 1));
    }
}
