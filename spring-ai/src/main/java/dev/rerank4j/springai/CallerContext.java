package dev.rerank4j.springai;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to the thread that asks, such as the current observation or the user, for stages that run on threads of
 * their own: those are made while the caller waits, and so inherit it.
 */
final class CallerContext {

    private static final ContextSnapshotFactory SNAPSHOTS = ContextSnapshotFactory.builder().build();
    private static final ThreadLocal<@Nullable ContextSnapshot> CALLER = new InheritableThreadLocal<>();

    private CallerContext() {
    }

    /** Runs a search, whose stages can take over from this thread. */
    static <T> T handedOver(Supplier<T> search) {
        ContextSnapshot before = CALLER.get();
        CALLER.set(SNAPSHOTS.captureAll());
        try {
            return search.get();
        } finally {
            if (before == null) {
                CALLER.remove();
            } else {
                CALLER.set(before);
            }
        }
    }

    /** Runs a part of a stage as the caller of the search. */
    static <T> T taken(Supplier<T> work) {
        ContextSnapshot caller = CALLER.get();
        if (caller == null) {
            return work.get();
        }
        try (ContextSnapshot.Scope scope = caller.setThreadLocals()) {
            return work.get();
        }
    }
}
