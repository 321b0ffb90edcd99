package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {

    private static final List<String> WORDS = List.of("parental", "leave", "leaves", "Elternzeit", "Elterngeld", "a",
            "of", "2024", "übernächste", "naïve", "職員は休暇を申請できます", "𝔘𝔫𝔦", "-", "");

    /** Two texts that talk of one thing hear each other, whatever the endings of their words. */
    @Test
    void whatIsAlikeCounts() {
        double[] averages = Neighbourhood.of(List.of("parental leave is granted", "granting leaves to parents",
                "printers need toner")).averages(new double[]{3, 1, -4});
        assertEquals(1, averages[0], 1e-9, "the second alone");
        assertEquals(3, averages[1], 1e-9, "the first alone");
        assertEquals(0, averages[2], 1e-9, "like no other: the average of all");
    }

    @Test
    void capitalsAndPunctuationDoNotCount() {
        double[] averages = Neighbourhood.of(List.of("Parental LEAVE!", "parental (leave)", "", " . ", "else"))
                .averages(new double[]{1, 2, 3, 4, 5});
        assertArrayEquals(new double[]{2, 1, 3, 3, 3}, averages, 1e-9);
    }

    @Test
    void thereMayBeOneOrNone() {
        assertEquals(0, Neighbourhood.of(List.of()).averages(new double[0]).length);
        assertArrayEquals(new double[]{7}, Neighbourhood.of(List.of("alone")).averages(new double[]{7}));
    }

    /** A text of which nothing is read, or a book: neither takes long, and the beginning is what is compared. */
    @Test
    void ofABookTheBeginningIsCompared() {
        String book = "parental leave " + "x".repeat(2_000_000);
        double[] averages = Neighbourhood.of(List.of(book, "parental leave", "zzzzz"))
                .averages(new double[]{1, 2, 9});
        assertEquals(2, averages[0], 1e-9);
        assertEquals(1, averages[1], 1e-9);
    }

    /** The sums over all texts at once are those over pairs, as the definition has them. */
    @Test
    void itIsTheAverageByCosine() {
        Seeded.check(200, random -> {
            List<String> texts = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                texts.add(text(random));
            }
            double[] scores = random.doubles(texts.size(), -3, 3).toArray();
            double[] averages = Neighbourhood.of(texts).averages(scores);
            assertArrayEquals(byPairs(texts, scores), averages, 1e-6);
            for (double average : averages) {
                assertTrue(average >= -3 - 1e-6 && average <= 3 + 1e-6, "an average is between the scores");
            }
        });
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
        }
        return text.toString();
    }

    private static double[] byPairs(List<String> texts, double[] scores) {
        List<Map<String, Double>> counts = texts.stream().map(NeighbourhoodTest::runs).toList();
        Set<String> all = new HashSet<>();
        counts.forEach(count -> all.addAll(count.keySet()));
        List<Map<String, Double>> vectors = new ArrayList<>();
        for (Map<String, Double> count : counts) {
            Map<String, Double> vector = new HashMap<>();
            count.forEach((run, times) -> vector.put(run, (1 + Math.log(times)) * Math.log((texts.size() + 1.0)
                    / counts.stream().filter(other -> other.containsKey(run)).count())));
            vectors.add(vector);
        }
        double[] averages = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double weights = 0;
            double sum = 0;
            double mean = 0;
            for (int j = 0; j < scores.length; j++) {
                double alike = j == i ? 0 : cosine(vectors.get(i), vectors.get(j));
                weights += alike;
                sum += alike * scores[j];
                mean += scores[j] / scores.length;
            }
            averages[i] = weights < 1e-9 ? mean : sum / weights;
        }
        return averages;
    }

    private static Map<String, Double> runs(String text) {
        Map<String, Double> runs = new HashMap<>();
        for (String word : text.toLowerCase(java.util.Locale.ROOT).split("[^\\p{L}\\p{M}\\p{N}]+")) {
            for (int at = 0; !word.isEmpty() && at <= Math.max(0, word.length() - 5); at++) {
                runs.merge(word.substring(at, Math.min(at + 5, word.length())), 1.0, Double::sum);
            }
        }
        return runs;
    }

    private static double cosine(Map<String, Double> a, Map<String, Double> b) {
        double dot = a.entrySet().stream().mapToDouble(run -> run.getValue() * b.getOrDefault(run.getKey(), 0.0))
                .sum();
        return dot == 0 ? 0 : dot / (norm(a) * norm(b));
    }

    private static double norm(Map<String, Double> vector) {
        return Math.sqrt(vector.values().stream().mapToDouble(value -> value * value).sum());
    }
}
