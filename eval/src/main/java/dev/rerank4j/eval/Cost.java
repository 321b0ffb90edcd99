package dev.rerank4j.eval;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What a thousand searches of a system take of services that others run and bill, as the services said it of searches
 * that were measured with nothing cached. What one's own machines cost is not in it.
 *
 * @param calls how many calls of services; not negative
 * @param units what is billed, in {@code unit}; empty if a service did not say, or several bill in different units
 * @param unit such as {@code search units} or {@code tokens}; empty if nothing is known to be billed
 * @param amount what it costs; empty where units or price are not known
 * @param currency of the amount, as people write it; may be empty
 * @param queries on how many searches it was measured
 */
public record Cost(double calls, OptionalDouble units, String unit, OptionalDouble amount, String currency,
        int queries) {

    /** Checks the numbers. */
    public Cost {
        if (!(calls >= 0 && Double.isFinite(calls))) {
            throw new IllegalArgumentException("calls must be a number >= 0, got " + calls);
        }
        Objects.requireNonNull(units, "units");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(amount, "amount");
        Objects.requireNonNull(currency, "currency");
    }

    /**
     * {@return the cost of a system that asks nobody else: nothing}
     *
     * @param queries on how many searches it was measured
     */
    public static Cost nothing(int queries) {
        return new Cost(0, OptionalDouble.of(0), "", OptionalDouble.of(0), "", queries);
    }
}
