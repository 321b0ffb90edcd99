package dev.rerank4j.onnx;

/**
 * How a model uses the machine.
 *
 * @param threads how many batches run at once, each on a platform thread of its own; at least 1
 * @param intraOpThreads how many threads ONNX Runtime uses within a batch; at least 1. {@code threads * intraOpThreads}
 *        should not exceed the cores.
 * @param batchTokens how many tokens a batch may have, padding included; at least 1. A single longer pair is a batch of
 *        its own. Bounds the memory of a batch.
 * @param queueTokens how many tokens may be waiting or running before a request is refused as {@code OVERLOADED}; at
 *        least 1. A request of any size is taken when nothing else waits.
 */
public record EngineOptions(int threads, int intraOpThreads, int batchTokens, int queueTokens) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one of them is below 1
     */
    public EngineOptions {
        atLeastOne("threads", threads);
        atLeastOne("intraOpThreads", intraOpThreads);
        atLeastOne("batchTokens", batchTokens);
        atLeastOne("queueTokens", queueTokens);
    }

    /**
     * {@return a thread for each core and one core for each batch, in small batches: this gave the most pairs a second
     * (docs/benchmarks.md has the measurement)} Larger batches are slower on a CPU, because they do not fit its caches.
     */
    public static EngineOptions defaults() {
        return new EngineOptions(Runtime.getRuntime().availableProcessors(), 1, 512, 512 * 512);
    }

    private static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }
}
