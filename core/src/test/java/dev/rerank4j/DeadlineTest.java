package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void noneNeverExpires() {
        assertFalse(Deadline.none().expired());
        assertFalse(Deadline.none().isFinite());
        assertEquals(Duration.ofDays(36_500), Deadline.none().remaining());
        Deadline.none().check("test");
        assertEquals("none", Deadline.none().toString());
    }

    @Test
    void aHundredYearsAndMoreAreNone() {
        assertFalse(Deadline.in(Duration.ofDays(36_500)).isFinite());
        assertFalse(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).isFinite());
        assertTrue(Deadline.in(Duration.ofDays(36_499)).isFinite());
    }

    @Test
    void remainingNeverGrowsAndEndsAtZero() {
        Deadline deadline = Deadline.in(Duration.ofMillis(2));
        assertTrue(deadline.isFinite());
        Duration before = Duration.ofMillis(2);
        while (!deadline.expired()) {
            Duration now = deadline.remaining();
            assertTrue(now.compareTo(before) <= 0, now + " after " + before);
            before = now;
        }
        assertTrue(deadline.remaining().isZero());
        assertEquals("in 0 ms", deadline.toString());
    }

    @Test
    void checkThrowsOnceTheTimeIsUp() {
        Deadline.in(Duration.ofDays(1)).check("test");
        Deadline deadline = Deadline.in(Duration.ofNanos(1));
        while (!deadline.expired()) {
            Thread.onSpinWait();
        }
        RerankException e = assertThrows(RerankException.class, () -> deadline.check("scoring"));
        assertEquals(RerankException.Kind.TIMEOUT, e.kind());
        assertEquals("scoring did not finish before the deadline", e.getMessage());
    }

    @Test
    void aTimeoutIsLongerThanZero() {
        for (Duration timeout : new Duration[]{Duration.ZERO, Duration.ofNanos(-1)}) {
            assertEquals("timeout must be > 0, got " + timeout,
                    assertThrows(IllegalArgumentException.class, () -> Deadline.in(timeout)).getMessage());
        }
    }
}
