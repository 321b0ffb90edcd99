package dev.rerank4j;

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
    }

    @Test
    void aVeryLongTimeoutIsNone() {
        assertFalse(Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).isFinite());
    }

    @Test
    void remainingNeverGrowsAndEndsAtZero() {
        Deadline deadline = Deadline.in(Duration.ofNanos(1));
        while (!deadline.expired()) {
            Thread.onSpinWait();
        }
        assertTrue(deadline.remaining().isZero());
        assertThrows(RerankException.class, () -> deadline.check("test"));
    }

    @Test
    void zeroIsMisuse() {
        assertThrows(IllegalArgumentException.class, () -> Deadline.in(Duration.ZERO));
    }
}
