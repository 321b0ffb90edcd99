package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rerank4j.Deadline;
import dev.rerank4j.Scores;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Deadline MINUTE = Deadline.in(Duration.ofMinutes(1));

    private final AtomicLong waiting = new AtomicLong();
    private final ServedModel model = new ServedModel("model", BuiltIn.SCORER, 512, List::of,
            () -> new ServedModel.Load(waiting.get(), 0, 0, 0));
    private final RerankCall call = new RerankCall(Optional.empty(), "query", List.of("x".repeat(400)), 1);
    private final Pace pace = new Pace(2);

    /** So many tokens in a second of two cores. */
    private static Scores scored(int tokens) {
        return new Scores(new float[]{0}, new float[0], new int[]{tokens}, new BitSet(),
                new Scores.Timings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2)));
    }

    @Test
    void aCallThatWouldBeLateIsRefusedAtOnce() {
        pace.learn(model, scored(1000));
        waiting.set(20_000);
        assertDoesNotThrow(() -> pace.check(call, model, MINUTE));
        waiting.set(40_000); // forty seconds, and the clients that come later need some, too
        assertEquals(Reason.OVERLOADED,
                assertThrows(Refusal.class, () -> pace.check(call, model, MINUTE)).reason());
        assertDoesNotThrow(() -> pace.check(call, model, Deadline.in(Duration.ofMinutes(5))));
        assertDoesNotThrow(() -> pace.check(call, model, Deadline.none()));
    }

    @Test
    void whereNothingWaitsEveryCallIsTaken() {
        pace.learn(model, scored(1000));
        RerankCall large = new RerankCall(Optional.empty(), "query", List.of("x".repeat(10_000_000)), 1).withPieces(99);
        assertDoesNotThrow(() -> pace.check(large, model, MINUTE));
        waiting.set(1);
        assertThrows(Refusal.class, () -> pace.check(large, model, MINUTE));
    }

    @Test
    void beforeAnythingIsKnownEveryCallIsTaken() {
        waiting.set(1_000_000);
        assertDoesNotThrow(() -> pace.check(call, model, MINUTE));
        pace.learn(model, scored(10)); // says little
        assertDoesNotThrow(() -> pace.check(call, model, MINUTE));
    }

    @Test
    void aSlowStartIsForgotten() {
        pace.learn(model, scored(300));
        for (int i = 0; i < 20; i++) {
            pace.learn(model, scored(3000));
        }
        waiting.set(60_000); // twenty seconds now
        assertDoesNotThrow(() -> pace.check(call, model, MINUTE));
    }
}
