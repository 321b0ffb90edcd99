package dev.rerank4j.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one request. A lane runs one batch and then queues up again behind the lanes of other requests, so that
 * a short request never waits for the whole of a long one. All batches have this one owner: at the deadline, native code
 * is told to terminate.
 */
final class Job {

    /** Runs one batch. */
    @FunctionalInterface
    interface BatchRunner {
        void run(int[] batch, OrtSession.RunOptions options) throws OrtException;
    }

    private final List<int[]> batches;
    private final BatchRunner runner;
    private final OrtSession.RunOptions options;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger lanes = new AtomicInteger();
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>(); // when no lane runs any more
    private final long submitted = System.nanoTime();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong inference = new AtomicLong();
    private volatile boolean cancelled;
    private volatile @Nullable Throwable failure;

    Job(List<int[]> batches, BatchRunner runner) throws OrtException {
        this.batches = batches;
        this.runner = runner;
        options = new OrtSession.RunOptions();
    }

    /** Time between submission and the first batch. */
    long queueNanos() {
        return Math.max(0, started.get() - submitted);
    }

    /** Time inside batches, summed over the lanes. */
    long inferenceNanos() {
        return inference.get();
    }

    /**
     * Runs all batches; after it returns or throws, nothing of them runs any more.
     *
     * @throws RerankException {@code TIMEOUT} at the deadline; {@code UNAVAILABLE} if interrupted or the engine was closed
     */
    void run(Executor executor, int maxLanes, Deadline deadline) {
        try (options) {
            int count = Math.min(maxLanes, batches.size());
            lanes.set(count);
            for (int i = 0; i < count; i++) {
                queue(executor);
            }
            await(deadline);
        }
        Throwable cause = failure;
        if (cause instanceof RerankException known) {
            throw known;
        }
        if (cause != null) {
            throw new RerankException(RerankException.Kind.MODEL, "the model failed: " + cause.getMessage(), cause);
        }
    }

    private void await(Deadline deadline) {
        try {
            if (deadline.isFinite()) {
                done.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                done.get();
            }
        } catch (TimeoutException e) {
            cancel(new RerankException(RerankException.Kind.TIMEOUT, "the model did not finish before the deadline",
                    e));
        } catch (InterruptedException e) {
            cancel(new RerankException(RerankException.Kind.UNAVAILABLE, "scoring was interrupted", e));
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("completed normally only", e);
        }
    }

    private void cancel(RerankException reason) {
        failure = reason;
        cancelled = true;
        try {
            options.setTerminate(true);
        } catch (OrtException e) {
            reason.addSuppressed(e);
        }
        // Native code looks at the flag between two operators: a matter of milliseconds, and what it uses must stay open.
        // join() is not ended by an interrupt, which is what is wanted here.
        done.join();
    }

    private void queue(Executor executor) {
        try {
            executor.execute(() -> step(executor));
        } catch (RejectedExecutionException e) {
            fail(new RerankException(RerankException.Kind.UNAVAILABLE, "the model was closed", e));
            laneEnds();
        }
    }

    private void step(Executor executor) {
        int index = next.getAndIncrement();
        if (cancelled || index >= batches.size()) {
            laneEnds();
            return;
        }
        long start = System.nanoTime();
        started.compareAndSet(0, start);
        try {
            runner.run(batches.get(index), options);
        } catch (Throwable e) { // also errors: the waiting caller must hear of them
            fail(e);
        }
        inference.addAndGet(System.nanoTime() - start);
        if (next.get() < batches.size()) {
            queue(executor);
        } else {
            laneEnds();
        }
    }

    private void fail(Throwable e) {
        if (!cancelled) {
            failure = e;
            cancelled = true;
        }
    }

    private void laneEnds() {
        if (lanes.decrementAndGet() == 0) {
            done.complete(null);
        }
    }
}
