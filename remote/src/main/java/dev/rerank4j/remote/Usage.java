package dev.rerank4j.remote;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a service says that a call consumed. What it does not say is empty: nothing is estimated.
 *
 * @param inputTokens tokens read, or all of them if the service does not tell reading from writing
 * @param outputTokens tokens written
 * @param billedUnits what is paid for, in the unit of the service, such as Cohere's search units
 */
public record Usage(OptionalLong inputTokens, OptionalLong outputTokens, OptionalDouble billedUnits) {

    /** A service that says nothing. */
    public static final Usage UNKNOWN = new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.empty());

    /**
     * {@return both together; what only one of them knows counts as it is}
     *
     * @param other of another call
     */
    public Usage plus(Usage other) {
        return new Usage(sum(inputTokens, other.inputTokens), sum(outputTokens, other.outputTokens),
                billedUnits.isEmpty()
                        ? other.billedUnits
                        : OptionalDouble.of(billedUnits.getAsDouble() + other.billedUnits.orElse(0)));
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        return one.isEmpty() ? other : OptionalLong.of(one.getAsLong() + other.orElse(0));
    }
}
