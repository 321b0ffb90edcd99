package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvaluationTest {

    private static final List<Metric> MRR = List.of(Metric.parse("mrr@10"));

    private static final Qrels QRELS = Qrels.of(ordered(Map.of("q1", Map.of("a", 1), "q2", Map.of("b", 2, "gone", 1),
            "q3", Map.of("c", 0, "d", -1), "q4", Map.of("a", 1))));

    @TempDir
    private Path folder;

    @Test
    void queriesCountThatTheRunAnsweredAndSomebodyJudged() {
        Run run = Run.of("x", ordered(Map.of("q1", List.of("a"), "q2", List.of("a", "b"), "q3", List.of("c"),
                "unjudged", List.of("a"))));
        Evaluation evaluation = Evaluation.of(QRELS, List.of(run), MRR, 1);
        assertEquals(Map.of("q1", 1.0, "q2", 0.5, "q3", 0.0), evaluation.values("x", "mrr@10"));
        assertEquals(0.5, evaluation.means("x").get("mrr@10").mean());
        assertEquals(List.of(
                "judged queries without a relevant document, which count as 0 as trec_eval counts them: 1 (q3)",
                "relevant documents that are not in the collection, which nobody can find and which lower every figure: "
                        + "1 (gone)",
                "judged queries that are not in x and left out of its means, as trec_eval does: 1 (q4)",
                "queries in x that nobody judged, left out: 1 (unjudged)"),
                evaluation.notes(List.of(run), id -> !id.equals("gone")));
    }

    @Test
    void anEmptyRunHasNoValuesAndItsWarningIsNoted() {
        Path file = Texts.file(folder, "empty.run", "");
        Run run = Run.read(file);
        Evaluation evaluation = Evaluation.of(QRELS, List.of(run), MRR, 1);
        assertEquals(Map.of(), evaluation.values("empty.run", "mrr@10"));
        assertEquals(new Interval(0, 0, 0), evaluation.means("empty.run").get("mrr@10"));
        assertTrue(evaluation.notes(List.of(run), id -> true).contains(file + " is empty: a run without any query"));
    }

    @Test
    void systemsOfDifferentQueriesAreComparedOnWhatBothAnsweredAndThatIsSaid() {
        Run a = Run.of("a", ordered(Map.of("q1", List.of("x", "a"), "q2", List.of("b"), "q4", List.of("a"))));
        Run b = Run.of("b", ordered(Map.of("q1", List.of("a"), "q2", List.of("x", "b"), "q3", List.of("a"))));
        Evaluation evaluation = Evaluation.of(QRELS, List.of(a, b), MRR, 1);
        Comparison comparison = evaluation.compare(List.of(new Evaluation.Pair("a", "b"))).getFirst();
        assertEquals(2, comparison.queries());
        assertEquals(0, comparison.delta());
        assertEquals(List.of(1, 0, 1), List.of(comparison.wins(), comparison.ties(), comparison.losses()));
        assertEquals(1, comparison.p());
        assertTrue(evaluation.notes(List.of(a, b), id -> true).getLast()
                .startsWith("the systems answered different queries"));
    }

    @Test
    void comparisonsAreOfEachMetricAndCorrectedWithinIt() {
        Random random = new Random(3);
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        Map<String, List<String>> good = new LinkedHashMap<>();
        Map<String, List<String>> same = new LinkedHashMap<>();
        Map<String, List<String>> base = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            grades.put("q" + i, Map.of("r", 1));
            base.put("q" + i, random.nextInt(3) == 0 ? List.of("r", "x", "y") : List.of("x", "y", "r"));
            good.put("q" + i, random.nextInt(3) > 0 ? List.of("r", "x", "y") : List.of("x", "r", "y"));
            same.put("q" + i, List.copyOf(base.get("q" + i)));
        }
        Evaluation evaluation = Evaluation.of(Qrels.of(grades),
                List.of(Run.of("base", base), Run.of("good", good), Run.of("same", same)),
                List.of(Metric.parse("mrr"), Metric.parse("hit@1")), 1);
        List<Comparison> comparisons = evaluation.compare(List.of(new Evaluation.Pair("base", "good"),
                new Evaluation.Pair("base", "same")));
        assertEquals(List.of("mrr", "mrr", "hit@1", "hit@1"), comparisons.stream().map(Comparison::metric).toList());
        Comparison better = comparisons.getFirst();
        assertTrue(better.delta() > 0.1 && better.low() > 0 && better.high() > better.delta(), better.toString());
        assertTrue(better.p() < 0.02 && better.wins() > better.losses(), better.toString());
        assertEquals(40, better.wins() + better.ties() + better.losses());
        assertEquals(evaluation.means("good").get("mrr").mean() - evaluation.means("base").get("mrr").mean(),
                better.delta(), 1e-12);
        Comparison equal = comparisons.get(1);
        assertEquals(new Comparison("base", "same", "mrr", 40, 0, 0, 0, 1, 0, 40, 0), equal);
        Comparison alone = evaluation.compare(List.of(new Evaluation.Pair("base", "good"))).getFirst();
        assertEquals(2 * alone.p(), better.p(), 1e-12);
    }

    @Test
    void equalArgumentsGiveEqualFigures() {
        Run a = Run.of("a", Map.of("q1", List.of("x", "a"), "q2", List.of("b")));
        Evaluation one = Evaluation.of(QRELS, List.of(a), MRR, 5);
        Evaluation two = Evaluation.of(QRELS, List.of(a), MRR, 5);
        assertEquals(one.means("a"), two.means("a"));
    }

    @Test
    void misuseIsRefused() {
        Run run = Run.of("x", Map.of());
        assertEquals("runs must have distinct names, got two of x", assertThrows(IllegalArgumentException.class,
                () -> Evaluation.of(QRELS, List.of(run, run), MRR, 1)).getMessage());
        assertEquals("metrics must not be empty", assertThrows(IllegalArgumentException.class,
                () -> Evaluation.of(QRELS, List.of(run), List.of(), 1)).getMessage());
        Evaluation evaluation = Evaluation.of(QRELS, List.of(run), MRR, 1);
        assertEquals("there is no run y", assertThrows(IllegalArgumentException.class,
                () -> evaluation.compare(List.of(new Evaluation.Pair("x", "y")))).getMessage());
    }

    private static <T> Map<String, T> ordered(Map<String, T> map) {
        return new TreeMap<>(map);
    }
}
