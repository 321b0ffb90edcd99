package dev.rerank4j.server;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens in other threads. */
final class Until {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    private Until() {
    }

    /**
     * Looks until a condition holds.
     *
     * @throws AssertionError if it does not within half a minute
     */
    static void holds(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > AT_MOST.toNanos()) {
                throw new AssertionError("not within " + AT_MOST + ": " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
