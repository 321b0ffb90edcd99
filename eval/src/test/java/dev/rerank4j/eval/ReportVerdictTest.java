package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReportVerdictTest {

    private static Report report(Comparison comparison, int depth) {
        return new Report("data", comparison.queries(), false, List.of(),
                List.of(ReportSample.system("hybrid", "hybrid", OptionalInt.empty(), 0.724, 8.04),
                        ReportSample.system("hybrid+rerank", "hybrid+rerank",
                                depth > 0 ? OptionalInt.of(depth) : OptionalInt.empty(), 0.741, 48.2)),
                List.of(comparison), Optional.empty());
    }

    private static Comparison comparison(double delta, double p, int wins, int ties, int losses) {
        return new Comparison("hybrid", "hybrid+rerank", "ndcg@10", wins + ties + losses, delta, delta - 0.019,
                delta + 0.019, p, wins, ties, losses);
    }

    @Test
    void claimsNothingThatMayBeChance() {
        ReportVerdict verdict = ReportVerdict.of(report(comparison(0.017, 0.08, 41, 229, 30), 50));
        assertEquals(ReportVerdict.Tone.UNCLEAR, verdict.tone());
        assertEquals("No clear difference by reranking", verdict.headline());
        assertEquals("nDCG@10 0.724 → 0.741 (+0.017, 95 % −0.002…+0.036, p = 0.080; 41 queries better, 30 worse, "
                + "229 equal)", verdict.figures());
        assertEquals("With 300 queries, a difference of this size may be chance.", verdict.remarks().getFirst());
    }

    @Test
    void saysThatRerankingHelpsOrHurts() {
        ReportVerdict helps = ReportVerdict.of(report(comparison(0.03, 0.0002, 61, 219, 20), 50));
        assertEquals("Reranking helps", helps.headline());
        assertEquals(ReportVerdict.Tone.BETTER, helps.tone());
        assertTrue(helps.figures().contains("p < 0.001"), helps.figures());
        assertEquals(List.of("The median search takes 48\u202Fms instead of 8.0\u202Fms."), helps.remarks());
        ReportVerdict hurts = ReportVerdict.of(report(comparison(-0.03, 0.01, 20, 219, 61), 50));
        assertEquals("Reranking hurts", hurts.headline());
        assertEquals(ReportVerdict.Tone.WORSE, hurts.tone());
    }

    @Test
    void namesSystemsOfWhichItDoesNotKnowWhatTheyDo() {
        assertEquals("hybrid+rerank is better than hybrid",
                ReportVerdict.of(report(comparison(0.03, 0.01, 61, 219, 20), 0)).headline());
        assertEquals("hybrid+rerank is worse than hybrid",
                ReportVerdict.of(report(comparison(-0.03, 0.01, 61, 219, 20), 0)).headline());
    }

    @Test
    void warnsOfFewQueries() {
        ReportVerdict verdict = ReportVerdict.of(report(comparison(0.3, 0.002, 9, 1, 0), 50));
        assertTrue(verdict.remarks().getFirst().startsWith("Only 10 queries"), verdict.remarks().toString());
    }

    @Test
    void tellsEqualSystemsFromUnansweredQueries() {
        assertEquals("Reranking changes nothing here",
                ReportVerdict.of(report(comparison(0, 1, 0, 300, 0), 50)).headline());
        assertEquals("Nothing to compare", ReportVerdict.of(report(comparison(0, 1, 0, 0, 0), 50)).headline());
    }

    @Test
    void takesTheComparisonThatIsShownInDetail() {
        Report sample = ReportSample.report();
        Comparison main = ReportVerdict.main(sample).orElseThrow();
        assertEquals("hybrid", main.a());
        assertEquals("hybrid+rerank", main.b());
        Report untested = new Report("d", 300, false, List.of(), sample.systems(), List.of(), sample.difference());
        ReportVerdict verdict = ReportVerdict.of(untested);
        assertEquals(ReportVerdict.Tone.UNCLEAR, verdict.tone());
        assertTrue(verdict.figures().endsWith("not tested)"), verdict.figures());
    }

    @Test
    void neverShowsANegativeNothing() {
        assertEquals("0.000", ReportNumbers.signed(-0.0001));
        assertEquals("0.000", ReportNumbers.signed(0.0001));
        assertEquals("0.000", ReportNumbers.signed(-0.0));
        assertEquals("−0.001", ReportNumbers.signed(-0.0006));
        assertEquals("–", ReportNumbers.metric(Double.NaN));
        assertFalse(ReportNumbers.metricName("my-metric@3").isEmpty());
        assertEquals("my-metric@3", ReportNumbers.metricName("my-metric@3"));
        assertEquals("MAP", ReportNumbers.metricName("map"));
    }
}
