package dev.rerank4j.onnx;

/**
 * What a model has been doing since it was loaded.
 *
 * @param pendingTokens about how many tokens wait or run now; only requests for scores count
 * @param batches how many batches have been run, or begun
 * @param usefulTokens tokens in these batches
 * @param paddedTokens tokens and padding in these batches; what is above the useful ones was computed for nothing
 */
public record EngineActivity(long pendingTokens, long batches, long usefulTokens, long paddedTokens) {
}
