package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Difference;
import dev.rerank4j.eval.Report;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a report says of models that stand side by side. */
class VerdictTest {

    private static final String BUILT_IN = "hybrid+rerank:built-in";
    private static final String MINE = "hybrid+rerank:mine";

    private static Comparison comparison(String a, String b, double delta, double p) {
        return new Comparison(a, b, "ndcg@10", 40, delta, delta - 0.02, delta + 0.02, p, delta == 0 ? 0 : 20, 10,
                delta == 0 ? 0 : 10);
    }

    /** The first comparison is the one that is shown. */
    private static List<String> verdict(Comparison... comparisons) {
        Comparison shown = comparisons[0];
        return Verdict.of(new Report("handbook", 40, false, List.of(), List.of(), List.of(comparisons),
                Optional.of(new Difference(shown.a(), shown.b(), shown.metric(), List.of(), List.of()))));
    }

    @Test
    void aClearGainIsOne() {
        assertEquals(
                List.of("A gain: hybrid+rerank:mine is 0.050 above hybrid+rerank:built-in in ndcg@10 (95 % interval "
                        + "+0.030 to +0.070, p = 0.010)."),
                verdict(comparison(BUILT_IN, MINE, 0.05, 0.01)));
    }

    @Test
    void aClearLossIsNoGain() {
        assertEquals(
                List.of("A loss: hybrid+rerank:mine is 0.050 below hybrid+rerank:built-in in ndcg@10 (95 % interval "
                        + "-0.070 to -0.030, p < 0.001)."),
                verdict(comparison(BUILT_IN, MINE, -0.05, 0.0001)));
    }

    @Test
    void whatMayBeChanceIsNoGainThatCanBeShown() {
        assertEquals(
                List.of("No gain can be shown: hybrid+rerank:mine is 0.010 above hybrid+rerank:built-in in ndcg@10, "
                        + "but over 40 queries that may be chance (difference -0.010 to +0.030, p = 0.050)."),
                verdict(comparison(BUILT_IN, MINE, 0.01, 0.05)));
    }

    @Test
    void besideTheFirstStageModelsAreComparedWithEachOtherToo() {
        assertEquals(List.of("Reranking helps here: hybrid+rerank:mine is 0.080 above hybrid in ndcg@10 (95 % interval "
                + "+0.060 to +0.100, p = 0.001).",
                "No gain: hybrid+rerank:mine and hybrid+rerank:built-in have the same ndcg@10 on every query."),
                verdict(comparison("hybrid", MINE, 0.08, 0.001), comparison("hybrid", BUILT_IN, 0.08, 0.001),
                        comparison(BUILT_IN, MINE, 0, 1), comparison("bm25", MINE, 0.1, 0.001)));
    }
}
