package dev.rerank4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How alike some texts are, and what the scores of the others say of each. Texts are compared by the runs of
 * {@value #RUN} characters in their words (a shorter word is one itself), each weighing {@code (1 + ln tf) * ln((n + 1)
 * / df)} among the {@code n} texts; two are as alike as the cosine of these weights. Runs of characters find inflected
 * and compound words in any language without rules for one: McNamee and Mayfield, "Character N-Gram Tokenization for
 * European Language Text Retrieval", Information Retrieval 7, 2004. Immutable.
 */
final class Neighbourhood {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
    private static final int RUN = 5;
    /** Of a text, in characters; what is beyond is not compared. */
    private static final int COMPARED = 10_000;
    /** Below it two texts have nothing in common but rounding. */
    private static final double NOTHING = 1e-9;

    private final List<Weights> texts;
    private final int runs;

    /** Of a text, by the numbers of its runs; of length 1, or empty. */
    private record Weights(int[] runs, double[] values) {

        double dot(double[] others) {
            double sum = 0;
            for (int i = 0; i < runs.length; i++) {
                sum += values[i] * others[runs[i]];
            }
            return sum;
        }

        void addTo(double[] sums, double factor) {
            for (int i = 0; i < runs.length; i++) {
                sums[runs[i]] += factor * values[i];
            }
        }
    }

    private Neighbourhood(List<Weights> texts, int runs) {
        this.texts = texts;
        this.runs = runs;
    }

    /** In time and memory in proportion to the length of all texts; there may be none. */
    static Neighbourhood of(List<String> texts) {
        Map<String, Integer> numbers = new HashMap<>();
        List<Map<Integer, Integer>> counts = new ArrayList<>();
        for (String text : texts) {
            Map<Integer, Integer> count = new LinkedHashMap<>();
            WORD.matcher(text.substring(0, Math.min(COMPARED, text.length())).toLowerCase(Locale.ROOT)).results()
                    .map(MatchResult::group).forEach(word -> {
                        for (int at = 0; at == 0 || at + RUN <= word.length(); at++) {
                            String run = word.substring(at, Math.min(word.length(), at + RUN));
                            count.merge(numbers.computeIfAbsent(run, added -> numbers.size()), 1, Integer::sum);
                        }
                    });
            counts.add(count);
        }
        int[] having = new int[numbers.size()];
        counts.forEach(count -> count.keySet().forEach(run -> having[run]++));
        return new Neighbourhood(counts.stream().map(count -> weights(count, having, texts.size())).toList(),
                numbers.size());
    }

    private static Weights weights(Map<Integer, Integer> count, int[] having, int texts) {
        int[] runs = count.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] values = new double[runs.length];
        double squares = 0;
        for (int i = 0; i < runs.length; i++) {
            values[i] = (1 + Math.log(count.get(runs[i]))) * Math.log((texts + 1.0) / having[runs[i]]);
            squares += values[i] * values[i];
        }
        for (int i = 0; i < runs.length; i++) {
            values[i] /= Math.sqrt(squares);
        }
        return new Weights(runs, values);
    }

    /**
     * For each text the average of the others' scores, each weighing as much as it is alike; of a text that is like no
     * other the average of all.
     *
     * @param scores of the texts, in their order; finite
     */
    double[] averages(double[] scores) {
        double mean = 0;
        double[] alike = new double[runs]; // all texts together: a cosine with it is a sum of cosines
        double[] scored = new double[runs];
        for (int i = 0; i < scores.length; i++) {
            mean += scores[i] / scores.length;
            texts.get(i).addTo(alike, 1);
            texts.get(i).addTo(scored, scores[i]);
        }
        double[] averages = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            Weights text = texts.get(i);
            double itself = text.runs.length == 0 ? 0 : 1;
            double others = text.dot(alike) - itself;
            averages[i] = others < NOTHING ? mean : (text.dot(scored) - itself * scores[i]) / others;
        }
        return averages;
    }
}
