package dev.rerank4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times several contestants in turn, so that a machine that drifts drifts for all of them. */
final class Rounds {

    /** A piece of work to be timed. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private final Map<String, Work> contestants = new LinkedHashMap<>();
    private final Map<String, double[]> seconds = new LinkedHashMap<>();

    Rounds add(String name, Work work) {
        contestants.put(name, work);
        return this;
    }

    /** Two rounds of warm-up, then {@code rounds} that count. */
    Rounds run(int rounds) throws Exception {
        contestants.keySet().forEach(name -> seconds.put(name, new double[rounds]));
        for (int round = -2; round < rounds; round++) {
            for (Map.Entry<String, Work> contestant : contestants.entrySet()) {
                long start = System.nanoTime();
                contestant.getValue().run();
                double time = (System.nanoTime() - start) / 1e9;
                if (round >= 0) {
                    seconds.get(contestant.getKey())[round] = time;
                }
            }
        }
        return this;
    }

    double median(String name) {
        return percentile(seconds.get(name), 50);
    }

    /** A row for each contestant: median, lowest and highest, and the median of the ratios to the first, round by round. */
    void print() {
        List<String> names = new ArrayList<>(seconds.keySet());
        double[] first = seconds.get(names.getFirst());
        System.out.printf("%-44s %9s %9s %9s %9s%n", "", "median s", "min s", "max s", "x first");
        for (String name : names) {
            double[] own = seconds.get(name);
            double[] ratios = new double[own.length];
            Arrays.setAll(ratios, i -> own[i] / first[i]);
            System.out.printf("%-44s %9.3f %9.3f %9.3f %9.2f%n", name, percentile(own, 50), percentile(own, 0),
                    percentile(own, 100), percentile(ratios, 50));
        }
    }

    static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round((sorted.length - 1) * percent / 100.0)];
    }
}
