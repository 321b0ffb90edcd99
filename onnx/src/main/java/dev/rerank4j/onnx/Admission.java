package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses work where too much waits already: an answer that comes too late helps nobody, and a queue without bound ends
 * in no memory. Safe for use by several threads.
 */
final class Admission {

    private final long capacity;
    private final AtomicLong pending = new AtomicLong();

    Admission(long capacity) {
        this.capacity = capacity;
    }

    /**
     * Lets a request of about so many tokens in. A very large one counts as a quarter of the capacity, so that it is
     * taken like others and cannot shut them all out.
     *
     * @throws RerankException {@code OVERLOADED} if it does not fit beside what is pending
     */
    Permit admit(long tokens) {
        long charge = Math.clamp(tokens, 1, Math.max(1, capacity / 4));
        long before = pending.getAndUpdate(now -> now + charge <= capacity ? now + charge : now);
        if (before + charge > capacity) {
            throw new RerankException(RerankException.Kind.OVERLOADED, "the model is busy: " + before
                    + " tokens are waiting and at most " + capacity + " may; try again later");
        }
        return () -> pending.addAndGet(-charge);
    }

    /** About how many tokens are waiting or running. */
    long pending() {
        return pending.get();
    }

    /** To be closed, once, when the request has ended. */
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }
}
