package dev.rerank4j;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One stage of one search, run on another thread so that it can be left behind at the deadline. Its time is taken
 * inside the task, not around the wait. Started, awaited and asked for its report by the searching thread, in this
 * order.
 */
final class StageTask {

    private final String stage;
    private final Supplier<Ranking> work;
    private volatile long started;
    private volatile long finished;
    private @Nullable Future<Ranking> future;
    private @Nullable StageReport report;
    private @Nullable RerankException failure;

    StageTask(String stage, Supplier<Ranking> work) {
        this.stage = stage;
        this.work = work;
    }

    String stage() {
        return stage;
    }

    void startOn(ExecutorService executor) {
        started = System.nanoTime();
        future = executor.submit(() -> {
            started = System.nanoTime();
            try {
                return work.get();
            } finally {
                finished = System.nanoTime();
            }
        });
    }

    /** The stage's ranking, or empty if it failed or the deadline passed: then it is cancelled. */
    Optional<Ranking> await(Deadline deadline) throws InterruptedException {
        Future<Ranking> running = Objects.requireNonNull(future, "started");
        try {
            Ranking ranking = deadline.isFinite()
                    ? running.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)
                    : running.get();
            report = new StageReport.Completed(stage, Duration.ofNanos(finished - started), ranking.size());
            return Optional.of(ranking);
        } catch (TimeoutException e) {
            cancel();
            fail(new RerankException(RerankException.Kind.TIMEOUT, "cut off at the deadline", e),
                    System.nanoTime() - started);
        } catch (ExecutionException e) {
            fail(asRerankException(e.getCause()), finished - started);
        }
        return Optional.empty();
    }

    void cancel() {
        if (future != null) {
            future.cancel(true);
        }
    }

    /** After {@link #await}. */
    StageReport report() {
        return Objects.requireNonNull(report, "awaited");
    }

    /** After an {@link #await} that gave nothing. */
    RerankException failure() {
        return Objects.requireNonNull(failure, "failed");
    }

    private void fail(RerankException e, long nanos) {
        failure = e;
        report = new StageReport.Failed(stage, Duration.ofNanos(nanos), e.kind(), String.valueOf(e.getMessage()));
    }

    private static RerankException asRerankException(Throwable cause) {
        return switch (cause) {
            case RerankException known -> known;
            case IllegalArgumentException misuse -> new RerankException(RerankException.Kind.INVALID_REQUEST,
                    String.valueOf(misuse.getMessage()), misuse);
            default -> new RerankException(RerankException.Kind.INTERNAL,
                    "unexpected failure: " + cause.getClass().getName(), cause);
        };
    }
}
