package dev.rerank4j.server;

import org.jspecify.annotations.Nullable;

/** How many of the best are wanted, as each dialect says it. */
final class Tops {

    private Tops() {
    }

    /**
     * All if nobody says; more than there are is all.
     *
     * @param name of the key, for the message
     * @throws Refusal below 1
     */
    static int atLeastOne(String name, @Nullable Integer top) {
        if (top != null && top < 1) {
            throw Refusal.invalid(name + " must be >= 1, got " + top);
        }
        return top == null ? RerankCall.ALL : top;
    }

    /**
     * The same, but 0 is all, too.
     *
     * @throws Refusal below 0
     */
    static int orZero(String name, @Nullable Integer top) {
        if (top != null && top < 0) {
            throw Refusal.invalid(name + " must be >= 0, got " + top);
        }
        return top == null || top == 0 ? RerankCall.ALL : top;
    }
}
