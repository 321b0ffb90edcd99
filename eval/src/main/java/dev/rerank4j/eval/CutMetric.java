package dev.rerank4j.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * {@link Metric#parse}.
 *
 * @param cut how many documents count at most
 */
record CutMetric(String name, Kind kind, int cut) implements Metric {

    /** What is measured. */
    enum Kind {
        NDCG, NDCG_EXP, MRR, MAP, RECALL, P, HIT, JUDGED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Metric parse(String name) {
        String wanted = name.strip().toLowerCase(Locale.ROOT);
        int at = wanted.indexOf('@');
        String word = at < 0 ? wanted : wanted.substring(0, at);
        Kind kind = Arrays.stream(Kind.values()).filter(known -> known.word().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("metric must be one of "
                        + Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.joining(", "))
                        + ", with a cut-off such as ndcg@10, got " + name));
        if (at < 0) {
            if (kind == Kind.P) {
                throw new IllegalArgumentException("metric p needs a cut-off such as p@10");
            }
            return new CutMetric(word, kind, Integer.MAX_VALUE);
        }
        String digits = wanted.substring(at + 1);
        if (!digits.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("the cut-off of a metric must be a number from 1, got " + name);
        }
        return new CutMetric(wanted, kind, Integer.parseInt(digits));
    }

    @Override
    public double of(Map<String, Integer> grades, List<String> documents) {
        List<String> top = documents.size() > cut ? documents.subList(0, cut) : documents;
        return switch (kind) {
            case NDCG, NDCG_EXP -> ndcg(grades, top);
            case MRR -> reciprocalRank(grades, top);
            case MAP -> averagePrecision(grades, top);
            case RECALL -> share(found(grades, top), relevant(grades));
            case P -> share(found(grades, top), cut);
            case HIT -> found(grades, top) > 0 ? 1 : 0;
            case JUDGED -> share(top.stream().filter(grades::containsKey).count(), top.size());
        };
    }

    private double ndcg(Map<String, Integer> grades, List<String> top) {
        int[] ideal = grades.values().stream().mapToInt(Integer::intValue).filter(grade -> grade > 0).toArray();
        Arrays.sort(ideal);
        if (ideal.length == 0) {
            return 0;
        }
        int highest = ideal[ideal.length - 1];
        double best = 0;
        for (int i = 0; i < Math.min(cut, ideal.length); i++) {
            best += gain(ideal[ideal.length - 1 - i], highest) / log2(i + 2);
        }
        double sum = 0;
        for (int i = 0; i < top.size(); i++) {
            int grade = grades.getOrDefault(top.get(i), 0);
            if (grade > 0) {
                sum += gain(grade, highest) / log2(i + 2);
            }
        }
        return sum / best;
    }

    /** Only ratios of gains matter: the exponential one is scaled by the highest, as no double holds 2^2000. */
    private double gain(int grade, int highest) {
        return kind == Kind.NDCG_EXP ? Math.scalb(1.0, grade - highest) - Math.scalb(1.0, -highest) : grade;
    }

    private static double reciprocalRank(Map<String, Integer> grades, List<String> top) {
        for (int i = 0; i < top.size(); i++) {
            if (grades.getOrDefault(top.get(i), 0) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    private static double averagePrecision(Map<String, Integer> grades, List<String> top) {
        double sum = 0;
        int found = 0;
        for (int i = 0; i < top.size(); i++) {
            if (grades.getOrDefault(top.get(i), 0) > 0) {
                sum += ++found / (i + 1.0);
            }
        }
        long relevant = relevant(grades);
        return relevant == 0 ? 0 : sum / relevant;
    }

    private static long found(Map<String, Integer> grades, List<String> top) {
        return top.stream().filter(document -> grades.getOrDefault(document, 0) > 0).count();
    }

    private static long relevant(Map<String, Integer> grades) {
        return grades.values().stream().filter(grade -> grade > 0).count();
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    private static double log2(int value) {
        return Math.log(value) / Math.log(2);
    }
}
