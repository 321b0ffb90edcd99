package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MetricTest {

    private static final List<String> WORDS = List.of("ndcg", "ndcg_exp", "mrr", "map", "recall", "p", "hit", "judged");

    @Test
    void valuesOfASmallCaseAreThoseOfTheFormulas() {
        Map<String, Integer> grades = Map.of("a", 2, "b", 1, "c", 0, "d", -1, "e", 1);
        List<String> ranked = List.of("x", "a", "d", "b", "c");
        double dcg = 2 / log2(3) + 1 / log2(5);
        double best = 2 / log2(2) + 1 / log2(3) + 1 / log2(4);
        assertEquals(dcg / best, Metric.parse("ndcg@5").of(grades, ranked), 1e-12);
        double exponential = 3 / log2(3) + 1 / log2(5);
        double bestExponential = 3 / log2(2) + 1 / log2(3) + 1 / log2(4);
        assertEquals(exponential / bestExponential, Metric.parse("ndcg_exp@5").of(grades, ranked), 1e-12);
        assertEquals(2 / log2(3) / (2 / log2(2) + 1 / log2(3)), Metric.parse("ndcg@2").of(grades, ranked), 1e-12);
        assertEquals(0.5, Metric.parse("mrr@10").of(grades, ranked));
        assertEquals(0, Metric.parse("mrr@1").of(grades, ranked));
        assertEquals((1 / 2.0 + 2 / 4.0) / 3, Metric.parse("map").of(grades, ranked), 1e-12);
        assertEquals(1 / 2.0 / 3, Metric.parse("map@3").of(grades, ranked), 1e-12);
        assertEquals(2 / 3.0, Metric.parse("recall").of(grades, ranked), 1e-12);
        assertEquals(1 / 3.0, Metric.parse("recall@3").of(grades, ranked), 1e-12);
        assertEquals(0.2, Metric.parse("p@10").of(grades, ranked), 1e-12);
        assertEquals(1, Metric.parse("hit@2").of(grades, ranked));
        assertEquals(0, Metric.parse("hit@1").of(grades, ranked));
        assertEquals(0.8, Metric.parse("judged@10").of(grades, ranked), 1e-12);
        assertEquals(2 / 3.0, Metric.parse("judged@3").of(grades, ranked), 1e-12);
    }

    @Test
    void everyValueIsWithinZeroAndOneAndAPerfectRankingHasOne() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Map<String, Integer> grades = grades(random);
            List<String> ranked = ranking(random);
            List<String> perfect = new ArrayList<>(grades.keySet());
            perfect.sort((a, b) -> grades.get(b) - grades.get(a));
            boolean relevant = grades.values().stream().anyMatch(grade -> grade > 0);
            for (String name : names()) {
                Metric metric = Metric.parse(name);
                double value = metric.of(grades, ranked);
                assertTrue(value >= 0 && value <= 1, name + " is " + value + ", seed " + seed);
                double best = metric.of(grades, perfect);
                assertTrue(best >= value - 1e-12, name + " of the perfect ranking is " + best + ", seed " + seed);
                if (relevant && !name.matches("(recall|map|p)(@.*)?")) {
                    assertEquals(1, best, 1e-12, name + ", seed " + seed);
                }
                if (relevant && name.matches("recall|map")) {
                    assertEquals(1, best, 1e-12, name + ", seed " + seed);
                }
            }
        }
    }

    @Test
    void movingARelevantDocumentUpNeverHurts() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Map<String, Integer> grades = grades(random);
            List<String> ranked = ranking(random);
            int place = 1 + random.nextInt(ranked.size() - 1);
            boolean better = grades.getOrDefault(ranked.get(place), 0) > Math.max(0,
                    grades.getOrDefault(ranked.get(place - 1), 0));
            List<String> swapped = new ArrayList<>(ranked);
            Collections.swap(swapped, place, place - 1);
            for (String name : names()) {
                Metric metric = Metric.parse(name);
                if (better && !name.startsWith("judged")) {
                    assertTrue(metric.of(grades, swapped) >= metric.of(grades, ranked) - 1e-12,
                            name + ", seed " + seed);
                }
            }
        }
    }

    @Test
    void documentsOfEqualGradeCanBeExchanged() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Map<String, Integer> grades = grades(random);
            List<String> ranked = ranking(random);
            List<String> others = new ArrayList<>(ranked);
            for (int i = 0; i < 20; i++) {
                int a = random.nextInt(ranked.size());
                int b = random.nextInt(ranked.size());
                boolean equal = grades.containsKey(others.get(a)) == grades.containsKey(others.get(b))
                        && grades.getOrDefault(others.get(a), 0).equals(grades.getOrDefault(others.get(b), 0));
                if (equal) {
                    Collections.swap(others, a, b);
                }
            }
            for (String name : names()) {
                assertEquals(Metric.parse(name).of(grades, ranked), Metric.parse(name).of(grades, others), 0,
                        name + ", seed " + seed);
            }
        }
    }

    @Test
    void whatFollowsTheCutOffDoesNotMatter() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Map<String, Integer> grades = grades(random);
            List<String> ranked = ranking(random);
            for (String word : WORDS) {
                Metric metric = Metric.parse(word + "@7");
                assertEquals(metric.of(grades, ranked.subList(0, 7)), metric.of(grades, ranked), 0, word + seed);
            }
        }
    }

    @Test
    void nothingRelevantAndNothingFoundAreZero() {
        for (String name : names()) {
            assertEquals(0, Metric.parse(name).of(Map.of("a", 1), List.of()), name);
            if (!name.startsWith("judged")) {
                assertEquals(0, Metric.parse(name).of(Map.of("a", 0, "b", -3), List.of("a", "b")), name);
            }
        }
    }

    @Test
    void hugeGradesGiveNumbers() {
        Map<String, Integer> grades = Map.of("a", Integer.MAX_VALUE, "b", 3000, "c", Integer.MIN_VALUE);
        assertEquals(1, Metric.parse("ndcg_exp").of(grades, List.of("a", "b", "c")), 1e-12);
        assertEquals(1 / log2(3), Metric.parse("ndcg_exp").of(grades, List.of("b", "a", "c")), 1e-12);
        assertEquals(1, Metric.parse("ndcg").of(grades, List.of("a", "b", "c")), 1e-12);
    }

    @Test
    void namesAreReadInCapitalsAndWithBlanksAround() {
        assertEquals("ndcg@10", Metric.parse(" nDCG@10 ").name());
        assertEquals("map", Metric.parse("MAP").name());
    }

    @Test
    void anErrorSaysWhatIsAllowed() {
        assertMessage("metric must be one of ndcg, ndcg_exp, mrr, map, recall, p, hit, judged, with a cut-off such as "
                + "ndcg@10, got err@20", "err@20");
        assertMessage("the cut-off of a metric must be a number from 1, got ndcg@0", "ndcg@0");
        assertMessage("the cut-off of a metric must be a number from 1, got ndcg@", "ndcg@");
        assertMessage("the cut-off of a metric must be a number from 1, got mrr@ten", "mrr@ten");
        assertMessage("metric p needs a cut-off such as p@10", "p");
    }

    private static void assertMessage(String message, String name) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> Metric.parse(name)).getMessage());
    }

    private static List<String> names() {
        return WORDS.stream().flatMap(word -> Stream.of(word, word + "@1", word + "@5", word + "@100"))
                .filter(name -> !name.equals("p")).toList();
    }

    private static Map<String, Integer> grades(Random random) {
        Map<String, Integer> grades = new LinkedHashMap<>();
        for (int i = random.nextInt(1, 15); i > 0; i--) {
            grades.put("d" + random.nextInt(40), random.nextInt(-1, 5));
        }
        return grades;
    }

    private static List<String> ranking(Random random) {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            documents.add("d" + i);
        }
        Collections.shuffle(documents, random);
        return documents.subList(0, random.nextInt(8, 40));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
