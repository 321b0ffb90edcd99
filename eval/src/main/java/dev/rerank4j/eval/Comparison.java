package dev.rerank4j.eval;

/**
 * Two systems over the queries that both answered.
 *
 * @param a the system compared with
 * @param b the system in question
 * @param metric the metric's name
 * @param queries over how many queries
 * @param delta mean of b minus mean of a
 * @param low lower end of the difference's 95 % bootstrap confidence interval
 * @param high its upper end
 * @param p of a paired two-sided randomization test, Holm-corrected over the comparisons of one metric in a report
 * @param wins queries on which b is better
 * @param ties queries on which they are equal
 * @param losses queries on which a is better
 */
public record Comparison(String a, String b, String metric, int queries, double delta, double low, double high,
        double p, int wins, int ties, int losses) {
}
