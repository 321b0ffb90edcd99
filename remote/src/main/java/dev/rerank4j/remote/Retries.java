package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether and when a call is tried again.
 *
 * @param most how often
 */
record Retries(int most) {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    /** A service that wants a longer pause is not waited for, whatever the deadline. */
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(2);

    /**
     * How long to wait before the next attempt; empty if there is to be none: because it would not help, or was tried
     * often enough, or nobody would wait for it any more.
     *
     * @param attempts how many there were
     */
    Optional<Duration> pause(int attempts, Refused refused, Deadline deadline) {
        if (!refused.passing() || attempts > most) {
            return Optional.empty();
        }
        Duration pause = refused.pause().orElseGet(() -> backoff(attempts));
        return Optional.of(pause).filter(wait -> wait.compareTo(LONGEST_ASKED) <= 0)
                .filter(wait -> wait.compareTo(deadline.remaining()) < 0);
    }

    /** Twice as long each time, less up to a half, so that those who failed together do not come back together. */
    private static Duration backoff(int attempts) {
        long nanos = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(attempts - 1, 10));
        return Duration.ofNanos((long) (nanos * ThreadLocalRandom.current().nextDouble(0.5, 1)));
    }
}
