package dev.rerank4j;

import java.util.concurrent.CountDownLatch;

/** Where a fake stage waits until its test lets it go on or the pipeline interrupts it; tells the test of both. */
final class Gate {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    /** Waits; fails as a good stage does when it is interrupted. */
    void pass() {
        reached.countDown();
        try {
            open.await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "stage was interrupted", e);
        }
    }

    /** Waits on, however often it is interrupted. */
    void passStubbornly() {
        reached.countDown();
        boolean through = false;
        while (!through) {
            try {
                open.await();
                through = true;
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
    }

    void open() {
        open.countDown();
    }

    void awaitReached() throws InterruptedException {
        reached.await();
    }

    void awaitInterrupted() throws InterruptedException {
        interrupted.await();
    }
}
