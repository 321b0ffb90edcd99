package dev.rerank4j;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The moment after which nobody waits for an answer any more. Passed down through every stage, so that a caller's one
 * timeout bounds the sum of them. Immutable and safe for use by several threads; measured with
 * {@link System#nanoTime()}, hence indifferent to changes of the clock.
 */
public final class Deadline {

    /** Longer than a machine runs, short enough for the arithmetic of {@code nanoTime}. */
    private static final Duration FOREVER = Duration.ofDays(365 * 100);

    private static final Deadline NONE = new Deadline(Long.MAX_VALUE);

    private final long nanos; // Long.MAX_VALUE: never

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** {@return a deadline that never comes} */
    public static Deadline none() {
        return NONE;
    }

    /**
     * {@return the moment that is so far from now; a hundred years or more is {@link #none()}}
     *
     * @param timeout how long from now; longer than zero
     * @throws IllegalArgumentException if {@code timeout} is negative or zero
     */
    public static Deadline in(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
        }
        return timeout.compareTo(FOREVER) >= 0 ? NONE : new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** {@return whether there is one at all} */
    public boolean isFinite() {
        return nanos != Long.MAX_VALUE;
    }

    /** {@return whether the moment has come; never true of {@link #none()}} */
    public boolean expired() {
        return isFinite() && System.nanoTime() - nanos >= 0;
    }

    /** {@return what is left: zero if expired, a hundred years if there is no deadline} */
    public Duration remaining() {
        return isFinite() ? Duration.ofNanos(Math.max(0, nanos - System.nanoTime())) : FOREVER;
    }

    /**
     * Throws if the time is up; for long loops to call now and then.
     *
     * @param what what is being done, as the message's subject, such as {@code scoring}; no text of queries or
     *        documents
     * @throws RerankException of kind {@code TIMEOUT} if expired
     */
    public void check(String what) {
        if (expired()) {
            throw new RerankException(RerankException.Kind.TIMEOUT, what + " did not finish before the deadline");
        }
    }

    @Override
    public String toString() {
        return isFinite() ? "in " + TimeUnit.NANOSECONDS.toMillis(remaining().toNanos()) + " ms" : "none";
    }
}
