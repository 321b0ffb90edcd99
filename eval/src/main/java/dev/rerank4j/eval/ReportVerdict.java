package dev.rerank4j.eval;

import static dev.rerank4j.eval.HtmlText.name;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a report comes down to, in words no stronger than its figures.
 *
 * @param headline the answer, without a full stop
 * @param figures what the answer rests on
 * @param remarks sentences: what it costs, what to beware of
 */
record ReportVerdict(Tone tone, String headline, String figures, List<String> remarks) {

    /** Which way the answer goes. */
    enum Tone {
        BETTER, WORSE, UNCLEAR
    }

    /** A difference with a p value below it is called clear. */
    static final double CLEAR = 0.05;

    /** With fewer queries only huge differences can be told from chance. */
    private static final int FEW = 25;

    static ReportVerdict of(Report report) {
        Optional<Comparison> tested = main(report);
        if (tested.isPresent()) {
            return compared(report, tested.get());
        }
        if (report.difference().isPresent()) {
            return untested(report, report.difference().get());
        }
        return alone(report);
    }

    /** The comparison of the two systems shown in detail, else the first one. */
    static Optional<Comparison> main(Report report) {
        if (report.difference().isEmpty()) {
            return report.comparisons().stream().findFirst();
        }
        Difference shown = report.difference().get();
        return report.comparisons().stream().filter(comparison -> comparison.a().equals(shown.before())
                && comparison.b().equals(shown.after()) && comparison.metric().equals(shown.metric())).findFirst();
    }

    private static ReportVerdict compared(Report report, Comparison c) {
        String metric = ReportNumbers.metricName(c.metric());
        if (c.queries() == 0) {
            return new ReportVerdict(Tone.UNCLEAR, "Nothing to compare",
                    name(c.a()) + " and " + name(c.b()) + " answered no judged query in common", List.of());
        }
        boolean reranking = reranking(report, c.a(), c.b());
        if (c.wins() + c.losses() == 0) {
            return new ReportVerdict(Tone.UNCLEAR, reranking ? "Reranking changes nothing here" : "No difference",
                    name(c.b()) + " and " + name(c.a()) + " have the same " + metric + " on "
                            + (c.queries() == 1
                                    ? "the one query"
                                    : "all " + ReportNumbers.number(c.queries()) + " queries"),
                    remarks(report, c));
        }
        boolean clear = c.p() < CLEAR;
        Tone tone = !clear ? Tone.UNCLEAR : c.delta() > 0 ? Tone.BETTER : Tone.WORSE;
        String headline = switch (tone) {
            case BETTER -> reranking ? "Reranking helps" : name(c.b()) + " is better than " + name(c.a());
            case WORSE -> reranking ? "Reranking hurts" : name(c.b()) + " is worse than " + name(c.a());
            case UNCLEAR -> reranking ? "No clear difference by reranking" : "No clear difference";
        };
        String figures = metric + " " + means(report, c) + " (" + ReportNumbers.signed(c.delta()) + ", 95 % "
                + ReportNumbers.signedRange(c.low(), c.high()) + ", p "
                + (c.p() < 0.001 ? "" : "= ") + ReportNumbers.p(c.p()) + "; "
                + ReportNumbers.count(c.wins(), "query", "queries") + " better, " + ReportNumbers.number(c.losses())
                + " worse, " + ReportNumbers.number(c.ties()) + " equal)";
        return new ReportVerdict(tone, headline, figures, remarks(report, c));
    }

    private static ReportVerdict untested(Report report, Difference shown) {
        double before = shown.queries().stream().mapToDouble(Difference.Delta::before).average().orElse(0);
        double after = shown.queries().stream().mapToDouble(Difference.Delta::after).average().orElse(0);
        return new ReportVerdict(Tone.UNCLEAR, name(shown.after()) + " against " + name(shown.before()),
                ReportNumbers.metricName(shown.metric()) + " " + ReportNumbers.metric(before) + " → "
                        + ReportNumbers.metric(after) + " (" + ReportNumbers.signed(after - before) + ", not tested)",
                few(report.queries()));
    }

    private static ReportVerdict alone(Report report) {
        record Mean(String system, String metric, Interval interval) {
        }
        Optional<Mean> best = report.systems().stream()
                .flatMap(system -> system.metrics().entrySet().stream().limit(1)
                        .map(first -> new Mean(system.name(), first.getKey(), first.getValue())))
                .filter(mean -> Double.isFinite(mean.interval().mean()))
                .max(Comparator.comparingDouble(mean -> mean.interval().mean()));
        return best.map(mean -> new ReportVerdict(Tone.UNCLEAR,
                name(mean.system()) + ": " + ReportNumbers.metricName(mean.metric()) + " "
                        + ReportNumbers.metric(mean.interval().mean()),
                "95 % interval " + ReportNumbers.range(mean.interval()) + "; "
                        + (report.systems().size() == 1
                                ? "there is nothing to compare it with"
                                : "the highest mean, not tested against the others"),
                few(report.queries())))
                .orElseGet(() -> new ReportVerdict(Tone.UNCLEAR, "Nothing was measured", "no system has a figure",
                        List.of()));
    }

    /** Over the queries that count in the comparison, where they are known. */
    private static String means(Report report, Comparison c) {
        double before = report.difference().filter(shown -> !shown.queries().isEmpty())
                .map(shown -> shown.queries().stream().mapToDouble(Difference.Delta::before).average().orElse(0))
                .or(() -> system(report, c.a()).map(system -> system.metrics().get(c.metric())).map(Interval::mean))
                .orElse(Double.NaN);
        return Double.isFinite(before)
                ? ReportNumbers.metric(before) + " → " + ReportNumbers.metric(before + c.delta())
                : "of " + name(c.b()) + " against " + name(c.a());
    }

    private static List<String> remarks(Report report, Comparison c) {
        List<String> remarks = new ArrayList<>();
        if (c.wins() + c.losses() > 0 && c.p() >= CLEAR) {
            remarks.add("With " + ReportNumbers.count(c.queries(), "query", "queries")
                    + ", a difference of this size may be chance.");
        }
        remarks.addAll(few(c.queries()));
        cost(report, c).ifPresent(remarks::add);
        return remarks;
    }

    private static List<String> few(int queries) {
        return queries < FEW
                ? List.of("Only " + ReportNumbers.count(queries, "query", "queries")
                        + ": judge more of them before you decide anything by these figures.")
                : List.of();
    }

    private static Optional<String> cost(Report report, Comparison c) {
        Optional<Latency> before = system(report, c.a()).flatMap(SystemResult::latency);
        Optional<Latency> after = system(report, c.b()).flatMap(SystemResult::latency);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("The median search takes " + ReportNumbers.millis(after.get().p50()) + " instead of "
                + ReportNumbers.millis(before.get().p50()) + ".");
    }

    /** Whether the second system is the one of the two that reranks. */
    private static boolean reranking(Report report, String a, String b) {
        return system(report, a).filter(system -> system.depth().isEmpty()).isPresent()
                && system(report, b).filter(system -> system.depth().isPresent()).isPresent();
    }

    private static Optional<SystemResult> system(Report report, String name) {
        return report.systems().stream().filter(system -> system.name().equals(name)).findFirst();
    }
}
