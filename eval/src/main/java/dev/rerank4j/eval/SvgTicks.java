package dev.rerank4j.eval;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Round numbers along an axis, ascending: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param decimals how many each label has; negative where each has as many as it needs
 */
record SvgTicks(List<Double> values, int decimals) {

    private static final int[] ROUND = {1, 2, 5, 10};

    /** Forgives what a division loses, so that the end of a range is in it. */
    private static final double TINY = 1e-9;

    /**
     * Ticks within a range: at most so many, and at least one.
     *
     * @param most at least 4
     */
    static SvgTicks within(double low, double high, int most) {
        BigDecimal step = step(low, high, most);
        return of(step, (long) Math.ceil(low / step.doubleValue() - TINY),
                (long) Math.floor(high / step.doubleValue() + TINY));
    }

    /** Whole numbers within a range, at most so many. */
    static SvgTicks whole(double low, double high, int most) {
        BigDecimal step = step(low, high, most).max(BigDecimal.ONE);
        return of(step, (long) Math.ceil(low / step.doubleValue() - TINY),
                (long) Math.floor(high / step.doubleValue() + TINY));
    }

    /** Ticks that enclose a range: the first is not above its low end, the last not below its high end. */
    static SvgTicks around(double low, double high, int most) {
        BigDecimal step = step(low, high, most);
        return of(step, (long) Math.floor(low / step.doubleValue() + TINY),
                (long) Math.ceil(high / step.doubleValue() - TINY));
    }

    /**
     * Ticks for a logarithmic axis within a range above 0: at most so many, and at least one.
     *
     * @param most at least 4
     */
    static SvgTicks logarithmic(double low, double high, int most) {
        for (int[] mantissas : new int[][]{{1, 2, 5}, {1}}) {
            List<Double> values = decades(low, high, mantissas, 1);
            if (values.size() <= most) {
                SvgTicks even = within(low, high, most);
                return values.size() < 2 && even.values().size() > values.size()
                        ? new SvgTicks(even.values(), -1)
                        : new SvgTicks(values, -1);
            }
        }
        int every = 2;
        List<Double> values = decades(low, high, new int[]{1}, every);
        while (values.size() > most) {
            values = decades(low, high, new int[]{1}, ++every);
        }
        return new SvgTicks(values, -1);
    }

    double first() {
        return values.getFirst();
    }

    double last() {
        return values.getLast();
    }

    /** The number as it stands at the axis. */
    String label(double value) {
        BigDecimal number = BigDecimal.valueOf(value);
        String plain = decimals < 0
                ? number.stripTrailingZeros().toPlainString()
                : ReportNumbers.fixed(value, decimals);
        if (value == Math.rint(value) && Math.abs(value) >= 10_000 && Math.abs(value) < 1e9) {
            return ReportNumbers.number((int) value).replace('-', ReportNumbers.MINUS);
        }
        return plain.replace('-', ReportNumbers.MINUS);
    }

    private static List<Double> decades(double low, double high, int[] mantissas, int every) {
        List<Double> values = new ArrayList<>();
        int first = Math.floorDiv((int) Math.floor(Math.log10(low)), every) * every;
        for (int exponent = first; exponent <= Math.ceil(Math.log10(high)); exponent += every) {
            for (int mantissa : mantissas) {
                double value = BigDecimal.valueOf(mantissa).scaleByPowerOfTen(exponent).doubleValue();
                if (value >= low * (1 - TINY) && value <= high * (1 + TINY)) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    private static BigDecimal step(double low, double high, int most) {
        double least = (high - low) / (most - 1);
        int exponent = (int) Math.floor(Math.log10(least));
        for (int round : ROUND) {
            BigDecimal step = BigDecimal.valueOf(round).scaleByPowerOfTen(exponent);
            if (step.doubleValue() >= least * (1 - TINY)) {
                return step;
            }
        }
        return BigDecimal.ONE.scaleByPowerOfTen(exponent + 1);
    }

    private static SvgTicks of(BigDecimal step, long first, long last) {
        List<Double> values = new ArrayList<>();
        for (long i = first; i <= last; i++) {
            values.add(step.multiply(BigDecimal.valueOf(i)).doubleValue());
        }
        return new SvgTicks(values, Math.max(0, step.stripTrailingZeros().scale()));
    }
}
