package dev.rerank4j;

import java.util.Random;
import java.util.function.Consumer;

/** Runs a property on many random inputs; a failure names the seed that repeats it. */
final class Seeded {

    private Seeded() {
    }

    static void check(int runs, Consumer<Random> property) {
        for (long seed = 0; seed < runs; seed++) {
            try {
                property.accept(new Random(seed));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
