package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Native work that is no batch, tokenizing for one, on a platform thread: on a virtual one it would hold the carrier, and
 * a few large requests would keep everything else in the process from running.
 */
final class PoolTask {

    private PoolTask() {
    }

    /**
     * When this returns or throws, the work has ended: what it uses may be freed. If the thread is interrupted, the work
     * is told so, and the thread still is interrupted then.
     *
     * @param work is told, whenever it asks, whether it should give up
     * @throws RerankException as the work; {@code UNAVAILABLE} if the pool takes nothing any more
     */
    static <T> T run(Executor pool, Function<BooleanSupplier, T> work) {
        AtomicBoolean stop = new AtomicBoolean();
        FutureTask<T> task = new FutureTask<>(() -> work.apply(stop::get));
        try {
            pool.execute(task);
            return await(task, stop);
        } catch (RejectedExecutionException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "the model was closed", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            if (stop.get()) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T await(FutureTask<T> task, AtomicBoolean stop) throws ExecutionException {
        while (true) {
            try {
                return task.get();
            } catch (InterruptedException e) {
                stop.set(true); // and wait on: it ends at the next text
            }
        }
    }
}
