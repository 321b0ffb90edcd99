package dev.rerank4j.eval;

/**
 * A mean over queries and its 95 % bootstrap confidence interval.
 *
 * @param mean over all queries that count
 * @param low the interval's lower end
 * @param high the interval's upper end
 */
public record Interval(double mean, double low, double high) {
}
