package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Runs measured against judgments, query by query. Immutable; equal arguments give equal figures, as the random numbers
 * of the statistics come from the seed.
 *
 * <p>As in trec_eval, those queries count that the run answered and somebody judged; one whose documents were all judged
 * irrelevant counts, with 0. {@link #notes} says of such queries how many there are.
 */
public final class Evaluation {

    /** What sums in another order may differ by: such queries are ties. */
    private static final double ROUNDING = 1e-12;

    private final Qrels qrels;
    private final List<Metric> metrics;
    private final long seed;
    private final Map<String, Map<String, Map<String, Double>>> values = new LinkedHashMap<>(); // run, metric, query

    private Evaluation(Qrels qrels, List<Metric> metrics, long seed) {
        this.qrels = qrels;
        this.metrics = List.copyOf(metrics);
        this.seed = seed;
    }

    /**
     * Measures.
     *
     * @param qrels the judgments
     * @param runs of distinct names
     * @param metrics at least one
     * @param seed of the resampling: equal seeds give equal intervals and p
     * @return all values measured; intervals and p are computed when asked for
     * @throws IllegalArgumentException if two runs have one name, or there is no metric
     */
    public static Evaluation of(Qrels qrels, List<Run> runs, List<Metric> metrics, long seed) {
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("metrics must not be empty");
        }
        Evaluation evaluation = new Evaluation(qrels, metrics, seed);
        for (Run run : runs) {
            if (evaluation.values.putIfAbsent(run.name(), evaluation.measure(run)) != null) {
                throw new IllegalArgumentException("runs must have distinct names, got two of " + run.name());
            }
        }
        return evaluation;
    }

    private Map<String, Map<String, Double>> measure(Run run) {
        Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
        for (Metric metric : metrics) {
            Map<String, Double> perQuery = new LinkedHashMap<>();
            for (String query : qrels.queries()) {
                if (run.queries().contains(query)) {
                    perQuery.put(query, metric.of(qrels.grades(query), run.documents(query)));
                }
            }
            measured.put(metric.name(), perQuery);
        }
        return measured;
    }

    /** {@return names of the runs, in the order given} */
    public Set<String> systems() {
        return values.keySet();
    }

    /**
     * {@return each query's value; in the order of the judgments} Empty if there is no such run or metric.
     *
     * @param system the name of a run
     * @param metric the name of a metric
     */
    public Map<String, Double> values(String system, String metric) {
        return values.getOrDefault(system, Map.of()).getOrDefault(metric, Map.of());
    }

    /**
     * The mean of each metric with its interval, in the order of the metrics: the percentile bootstrap of 10,000
     * resamples of the queries (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3). Of a
     * handful of queries such intervals are too narrow.
     *
     * @param system the name of a run
     * @return zeros where no query counts; nothing if there is no such run
     */
    public Map<String, Interval> means(String system) {
        Map<String, Interval> means = new LinkedHashMap<>();
        if (!values.containsKey(system)) {
            return means;
        }
        for (Metric metric : metrics) {
            means.put(metric.name(), Significance.interval(array(values(system, metric.name())), seed));
        }
        return means;
    }

    /**
     * Compares pairs of systems on every metric, over the queries that both answered. P is that of the two-sided paired
     * randomization test (Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information
     * Retrieval Evaluation", CIKM 2007): how often the difference of means is as large when each query's two values are
     * swapped at random; of all assignments where up to 16 queries differ, else of 10,000, with one added to both
     * counts. It is corrected by Holm's method ("A Simple Sequentially Rejective Multiple Test Procedure", 1979) over
     * the pairs, metric by metric.
     *
     * @param pairs of names: the system compared with, then the one in question
     * @return for each metric, in its order, the pairs in theirs
     * @throws IllegalArgumentException if there is no run of such a name
     */
    public List<Comparison> compare(List<Pair> pairs) {
        List<Comparison> compared = new ArrayList<>();
        for (Metric metric : metrics) {
            List<double[]> differences = pairs.stream().map(pair -> differences(pair, metric.name())).toList();
            double[] p = Significance.holm(differences.stream()
                    .mapToDouble(difference -> Significance.randomization(difference, seed)).toArray());
            for (int i = 0; i < pairs.size(); i++) {
                compared.add(comparison(pairs.get(i), metric.name(), differences.get(i), p[i]));
            }
        }
        return compared;
    }

    /**
     * Two systems to compare.
     *
     * @param a the name of the system compared with
     * @param b the name of the system in question
     */
    public record Pair(String a, String b) {
    }

    private Comparison comparison(Pair pair, String metric, double[] differences, double p) {
        int wins = 0;
        int losses = 0;
        for (double difference : differences) {
            wins += difference > 0 ? 1 : 0;
            losses += difference < 0 ? 1 : 0;
        }
        Interval interval = Significance.interval(differences, seed);
        return new Comparison(pair.a(), pair.b(), metric, differences.length, interval.mean(), interval.low(),
                interval.high(), p, wins, differences.length - wins - losses, losses);
    }

    private double[] differences(Pair pair, String metric) {
        for (String name : List.of(pair.a(), pair.b())) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("there is no run " + name);
            }
        }
        Map<String, Double> a = values(pair.a(), metric);
        Map<String, Double> b = values(pair.b(), metric);
        return a.keySet().stream().filter(b::containsKey).mapToDouble(query -> b.get(query) - a.get(query))
                .map(difference -> Math.abs(difference) < ROUNDING ? 0 : difference).toArray();
    }

    private static double[] array(Map<String, Double> values) {
        return values.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * What a reader of the figures must know, a sentence each.
     *
     * @param runs those that were measured
     * @param knownDocument whether a document of this id exists; say yes always if that is not known
     * @return possibly none
     */
    public List<String> notes(List<Run> runs, Predicate<String> knownDocument) {
        List<String> notes = new ArrayList<>(qrels.warnings());
        List<String> hopeless = qrels.queries().stream().filter(query -> !qrels.hasRelevant(query)).toList();
        if (!hopeless.isEmpty()) {
            notes.add("judged queries without a relevant document, which count as 0 as trec_eval counts them: "
                    + Warnings.some(hopeless));
        }
        Set<String> unknown = new LinkedHashSet<>();
        for (String query : qrels.queries()) {
            qrels.grades(query).forEach((document, grade) -> {
                if (grade > 0 && !knownDocument.test(document)) {
                    unknown.add(document);
                }
            });
        }
        if (!unknown.isEmpty()) {
            notes.add("relevant documents that are not in the collection, which nobody can find and which lower every "
                    + "figure: " + Warnings.some(List.copyOf(unknown)));
        }
        for (Run run : runs) {
            notes.addAll(run.warnings());
            List<String> unanswered = qrels.queries().stream().filter(query -> !run.queries().contains(query)).toList();
            if (!unanswered.isEmpty()) {
                notes.add("judged queries that are not in " + run.name() + " and left out of its means, as trec_eval "
                        + "does: " + Warnings.some(unanswered));
            }
            List<String> unjudged = run.queries().stream().filter(query -> !qrels.queries().contains(query)).toList();
            if (!unjudged.isEmpty()) {
                notes.add("queries in " + run.name() + " that nobody judged, left out: " + Warnings.some(unjudged));
            }
        }
        if (runs.stream().map(run -> counted(run)).distinct().count() > 1) {
            notes.add("the systems answered different queries: each mean is over its own, comparisons are over those "
                    + "that both answered");
        }
        return notes;
    }

    private Set<String> counted(Run run) {
        Set<String> counted = new LinkedHashSet<>(qrels.queries());
        counted.retainAll(run.queries());
        return counted;
    }
}
