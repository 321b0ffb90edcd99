package dev.rerank4j.bench;

import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the built-in model's probability means, over what {@link PoolDump} or {@code rerank candidates} wrote down:
 * Platt's parameters fitted without each collection, the expected calibration error with and without them, a
 * reliability table, and what a threshold on the best hit's probability lets through. The population is what users
 * see: the ten best of a default search. Arguments: the folder of the dumps, then the collections' folders.
 */
final class CalibrationStudy {

    private static final int SHOWN = 10;
    private static final int BINS = 10;

    private CalibrationStudy() {
    }

    /**
     * A hit that somebody sees.
     *
     * @param best the first of its ranking
     */
    private record Shown(double logit, boolean relevant, boolean best) {
    }

    public static void main(String[] args) throws IOException {
        Map<String, List<Shown>> collections = new LinkedHashMap<>();
        for (String collection : List.of(args).subList(1, args.length)) {
            Path folder = Path.of(collection);
            List<Shown> shown = new ArrayList<>();
            for (Pool pool : Pool.read(Path.of(args[0]), folder)) {
                shown.addAll(shown(pool));
            }
            collections.put(folder.getFileName().toString(), shown);
        }
        System.out
                .println("| left out | pairs | relevant | slope | intercept | error of the plain sigmoid | error with "
                        + "the others' parameters |\n|---|---|---|---|---|---|---|");
        double raw = 0;
        double fitted = 0;
        for (String out : collections.keySet()) {
            double[] platt = fit(collections.entrySet().stream().filter(entry -> !entry.getKey().equals(out))
                    .map(Map.Entry::getValue).toList());
            List<Shown> held = collections.get(out);
            double before = error(held, 1, 0);
            double after = error(held, platt[0], platt[1]);
            raw += before / collections.size();
            fitted += after / collections.size();
            System.out.printf(Locale.ROOT, "| %s | %d | %.3f | %.3f | %.3f | %.3f | %.3f |%n", out, held.size(),
                    held.stream().mapToInt(shown -> shown.relevant() ? 1 : 0).average().orElse(0), platt[0], platt[1],
                    before, after);
        }
        System.out.printf(Locale.ROOT, "| mean | | | | | %.3f | %.3f |%n", raw, fitted);
        double[] platt = fit(List.copyOf(collections.values()));
        System.out.printf(Locale.ROOT, "%nAll collections: slope %.4f, intercept %.4f%n%n", platt[0], platt[1]);
        reliability(collections, platt);
        thresholds(collections, platt);
    }

    private static List<Shown> shown(Pool pool) {
        List<Shown> shown = new ArrayList<>();
        for (Hit hit : pool.mixed(pool.fused(Fusion.standardized(1, 1), 50), Fusion.standardized(0.6, 1, 1))
                .top(SHOWN)) {
            shown.add(new Shown(pool.logit(hit.passage()), pool.grades()
                    .getOrDefault(hit.passage().documentId(), 0) > 0, shown.isEmpty()));
        }
        return shown;
    }

    /** Newton's method for logistic regression of one variable, each collection of the same weight. */
    private static double[] fit(List<List<Shown>> collections) {
        double slope = 0;
        double intercept = 0;
        for (int step = 0; step < 100; step++) {
            double g0 = 0;
            double g1 = 0;
            double h00 = 1e-9;
            double h01 = 0;
            double h11 = 1e-9;
            for (List<Shown> shown : collections) {
                for (Shown hit : shown) {
                    double p = sigmoid(slope * hit.logit() + intercept);
                    double difference = (p - (hit.relevant() ? 1 : 0)) / shown.size();
                    double weight = p * (1 - p) / shown.size();
                    g0 += difference;
                    g1 += difference * hit.logit();
                    h00 += weight;
                    h01 += weight * hit.logit();
                    h11 += weight * hit.logit() * hit.logit();
                }
            }
            double determinant = h00 * h11 - h01 * h01;
            intercept -= (h11 * g0 - h01 * g1) / determinant;
            slope -= (h00 * g1 - h01 * g0) / determinant;
        }
        return new double[]{slope, intercept};
    }

    /** Expected calibration error over ten bins of equal width (Naeini, Cooper and Hauskrecht, AAAI 2015). */
    private static double error(List<Shown> shown, double slope, double intercept) {
        double[] probabilities = new double[BINS];
        double[] relevant = new double[BINS];
        for (Shown hit : shown) {
            double p = sigmoid(slope * hit.logit() + intercept);
            int bin = Math.min(BINS - 1, (int) (p * BINS));
            probabilities[bin] += p;
            relevant[bin] += hit.relevant() ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(probabilities[bin] - relevant[bin]) / shown.size();
        }
        return error;
    }

    private static void reliability(Map<String, List<Shown>> collections, double[] platt) {
        System.out.println("| probability | share of hits | relevant | share, plain sigmoid | relevant, plain sigmoid |"
                + "\n|---|---|---|---|---|");
        for (int bin = 0; bin < BINS; bin++) {
            double[] fitted = bin(collections, platt[0], platt[1], bin);
            double[] plain = bin(collections, 1, 0, bin);
            System.out.printf(Locale.ROOT, "| %.1f to %.1f | %.3f | %.2f | %.3f | %.2f |%n", bin / 10.0,
                    (bin + 1) / 10.0, fitted[0], fitted[1], plain[0], plain[1]);
        }
        System.out.println();
    }

    private static double[] bin(Map<String, List<Shown>> collections, double slope, double intercept, int bin) {
        double share = 0;
        double relevant = 0;
        for (List<Shown> shown : collections.values()) {
            for (Shown hit : shown) {
                if (Math.min(BINS - 1, (int) (sigmoid(slope * hit.logit() + intercept) * BINS)) == bin) {
                    share += 1.0 / shown.size() / collections.size();
                    relevant += hit.relevant() ? 1.0 / shown.size() / collections.size() : 0;
                }
            }
        }
        return new double[]{share, share == 0 ? Double.NaN : relevant / share};
    }

    /** Of searches whose best hit is shown only from a probability on. */
    private static void thresholds(Map<String, List<Shown>> collections, double[] platt) {
        System.out
                .println("| threshold | answered | precision: best hit relevant, of those answered | recall: answered,"
                        + " of those whose best hit is relevant |\n|---|---|---|---|");
        for (int percent = 0; percent <= 80; percent += 10) {
            double answered = 0;
            double right = 0;
            double relevant = 0;
            for (List<Shown> shown : collections.values()) {
                List<Shown> best = shown.stream().filter(Shown::best).toList();
                for (Shown hit : best) {
                    double share = 1.0 / best.size() / collections.size();
                    boolean passes = sigmoid(platt[0] * hit.logit() + platt[1]) >= percent / 100.0;
                    answered += passes ? share : 0;
                    right += passes && hit.relevant() ? share : 0;
                    relevant += hit.relevant() ? share : 0;
                }
            }
            System.out.printf(Locale.ROOT, "| %.1f | %.2f | %.2f | %.2f |%n", percent / 100.0, answered,
                    right / answered, right / relevant);
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
