package dev.rerank4j.cli;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.SystemResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a report comes down to, in a sentence or two. */
final class Verdict {

    /** Below it a difference is taken for chance. */
    static final double SIGNIFICANT = 0.05;

    /** What deeper reranking has to gain to be worth a word. */
    private static final double GAIN = 0.005;

    private Verdict() {
    }

    /** Sentences, the answer first; none if there is nothing to compare. */
    static List<String> of(Report report) {
        List<String> sentences = new ArrayList<>();
        EvalReport.main(report).ifPresent(comparison -> {
            sentences.add(answer(comparison));
            depth(report, comparison).ifPresent(sentences::add);
            report.comparisons().stream().filter(other -> other.metric().equals(comparison.metric()))
                    .filter(other -> !other.equals(comparison) && isOfModels(other)).map(Verdict::answer)
                    .forEach(sentences::add);
        });
        return sentences;
    }

    /** Whether both rerank, with different models. */
    private static boolean isOfModels(Comparison c) {
        return c.a().contains("+") && c.b().contains(":");
    }

    private static String answer(Comparison c) {
        boolean reranking = c.b().startsWith(c.a() + "+");
        boolean clear = c.p() < SIGNIFICANT;
        String better = c.delta() > 0 ? c.b() : c.a();
        String worse = c.delta() > 0 ? c.a() : c.b();
        if (c.wins() + c.losses() == 0) {
            return (reranking ? "Reranking changes nothing here: " : isOfModels(c) ? "No gain: " : "No difference: ")
                    + c.b() + " and " + c.a()
                    + " have the same " + c.metric() + " on every query.";
        }
        String figures = String.format(Locale.ROOT, " (95 %% interval %s to %s, p %s).", signed(c.low()),
                signed(c.high()), p(c.p()));
        if (clear) {
            String claim = reranking
                    ? c.delta() > 0 ? "Reranking helps here: " : "Reranking hurts here: "
                    : isOfModels(c)
                            ? c.delta() > 0 ? "A gain: " : "A loss: "
                            : better + " is better: ";
            return claim + c.b() + " is " + number(Math.abs(c.delta())) + (c.delta() > 0 ? " above " : " below ")
                    + c.a() + " in " + c.metric() + figures;
        }
        return (isOfModels(c) && !reranking
                ? "No gain can be shown"
                : "No clear difference" + (reranking ? " by reranking" : "")) + ": " + better + " is "
                + number(Math.abs(c.delta())) + " above " + worse + " in " + c.metric() + ", but over " + c.queries()
                + (c.queries() == 1 ? " query" : " queries") + " that may be chance"
                + String.format(Locale.ROOT, " (difference %s to %s, p %s).", signed(c.low()), signed(c.high()),
                        p(c.p()));
    }

    /** From which depth on deeper reranking gains next to nothing. */
    private static Optional<String> depth(Report report, Comparison comparison) {
        List<SystemResult> curve = report.systems().stream()
                .filter(system -> system.family().equals(comparison.b()) && system.depth().isPresent()
                        && !system.name().equals(system.family()))
                .sorted(Comparator.comparingInt(system -> system.depth().getAsInt())).toList();
        String metric = comparison.metric();
        for (int i = 0; i < curve.size() - 1; i++) {
            double here = curve.get(i).metrics().get(metric).mean();
            if (curve.subList(i + 1, curve.size()).stream()
                    .allMatch(deeper -> deeper.metrics().get(metric).mean() <= here + GAIN)) {
                return Optional
                        .of("Reranking more than " + curve.get(i).depth().getAsInt() + " candidates gains less than "
                                + GAIN + " in " + metric + ".");
            }
        }
        return Optional.empty();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String signed(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }

    /** With its sign of comparison. */
    static String p(double p) {
        return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "= %.3f", p);
    }
}
