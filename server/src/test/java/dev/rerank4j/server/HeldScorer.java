package dev.rerank4j.server;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The built-in model behind a door that a test opens: so that requests are at work for as long as it takes to see it. */
final class HeldScorer implements Scorer {

    private final CountDownLatch door = new CountDownLatch(1);
    private final Semaphore entered = new Semaphore(0);
    private final AtomicInteger interrupted = new AtomicInteger();

    /** A catalogue of it alone. */
    Catalogue catalogue() {
        return new Catalogue(java.util.List.of(new ServedModel("held", this, 512, java.util.List::of,
                ServedModel.Load.UNKNOWN)), java.util.Optional.empty(), java.util.List.of());
    }

    /** Lets all through, from now on. */
    void open() {
        door.countDown();
    }

    /** Waits until so many more requests have come to the door. */
    void awaitEntered(int count) throws InterruptedException {
        if (!entered.tryAcquire(count, 30, TimeUnit.SECONDS)) {
            throw new AssertionError("no request came");
        }
    }

    /** How many were told to stop while they stood there. */
    int interrupted() {
        return interrupted.get();
    }

    @Override
    public String name() {
        return "held";
    }

    @Override
    public Scores score(ScoreRequest request) {
        entered.release();
        try {
            if (!door.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody opened");
            }
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "scoring was interrupted", e);
        }
        return BuiltIn.SCORER.score(request);
    }

    @Override
    public void close() {
        open();
    }
}
