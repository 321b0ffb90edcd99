package dev.rerank4j.eval;

/**
 * How long searches of a system took, one after another, nothing cached.
 *
 * @param p50 the median, in milliseconds
 * @param p99 the 99th percentile, in milliseconds
 * @param queries how many searches were timed
 */
public record Latency(double p50, double p99, int queries) {
}
