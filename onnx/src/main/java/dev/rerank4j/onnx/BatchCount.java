package dev.rerank4j.onnx;

import java.util.concurrent.atomic.LongAdder;

/** Counts what an engine runs. Safe for use by several threads. */
final class BatchCount {

    private final LongAdder batches = new LongAdder();
    private final LongAdder usefulTokens = new LongAdder();
    private final LongAdder paddedTokens = new LongAdder();

    /**
     * @param batch indexes into {@code lengths}
     * @param cells tokens and padding
     */
    void batch(int[] batch, int[] lengths, int cells) {
        long useful = 0;
        for (int sequence : batch) {
            useful += lengths[sequence];
        }
        batches.increment();
        usefulTokens.add(useful);
        paddedTokens.add(cells);
    }

    EngineActivity activity(long pendingTokens) {
        return new EngineActivity(pendingTokens, batches.sum(), usefulTokens.sum(), paddedTokens.sum());
    }
}
