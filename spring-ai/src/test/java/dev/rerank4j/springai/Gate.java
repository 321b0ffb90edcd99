package dev.rerank4j.springai;

import java.util.concurrent.CountDownLatch;

/** Where a part under test waits until the test lets it go on; heeds interruption as a client of a remote store does. */
final class Gate {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    void pass() {
        reached.countDown();
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    void awaitReached() throws InterruptedException {
        reached.await();
    }

    void open() {
        open.countDown();
    }
}
