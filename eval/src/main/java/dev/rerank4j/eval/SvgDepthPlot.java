package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Quality against depth: a line for each family with its confidence band; what does not rerank is a dashed line. */
final class SvgDepthPlot implements SvgPlot {

    /** More bands than that cover each other. */
    private static final int BANDS = 4;

    /** A name at the right end of a line. */
    private record End(String name, String styleClass, double x, double y) {
    }

    private final String metric;
    private final ReportFamilies families;
    private final List<String> curves;
    private final List<SystemResult> flat;

    /**
     * @param metric the name of the metric to show; systems without a finite mean are left out
     */
    SvgDepthPlot(List<SystemResult> systems, String metric) {
        this.metric = metric;
        List<SystemResult> known = systems.stream().filter(
                system -> system.metrics().containsKey(metric) && Double.isFinite(system.metrics().get(metric).mean()))
                .toList();
        this.families = new ReportFamilies(known);
        this.curves = families.names().stream().filter(family -> !families.curve(family).isEmpty()).toList();
        this.flat = known.stream().filter(system -> system.depth().isEmpty()).toList();
    }

    /** Whether some family was measured at several depths: one depth makes no curve. */
    boolean isWorthwhile() {
        return curves.stream().anyMatch(family -> families.curve(family).size() > 1);
    }

    /** Whether the intervals are drawn. */
    boolean hasBands() {
        return curves.size() <= BANDS;
    }

    @Override
    public String title() {
        return ReportNumbers.metricName(metric) + " against depth";
    }

    @Override
    public String description() {
        String lines = curves.stream()
                .map(family -> HtmlText.name(family) + ": " + families.curve(family).stream()
                        .map(system -> ReportNumbers.metric(mean(system).mean()) + " at "
                                + system.depth().getAsInt())
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
        String first = flat.stream()
                .map(system -> HtmlText.name(system.name()) + ": " + ReportNumbers.metric(mean(system).mean()))
                .collect(Collectors.joining("; "));
        return lines + (first.isEmpty() ? "" : ". Without reranking: " + first) + ".";
    }

    @Override
    public int height(SvgSize size) {
        double labels = (curves.size() + flat.size()) * SvgText.LINE + SvgAxes.TOP + SvgAxes.BOTTOM;
        return (int) Math.max(size.height(), Math.ceil(labels));
    }

    @Override
    public void draw(SvgWriter svg, SvgSize size) {
        double gutter = Math.min(size.width() * 0.36,
                26 + names().stream().mapToDouble(SvgText::width).max().orElse(0));
        SvgScale x = depths(size.width() - gutter);
        List<Interval> intervals = new ArrayList<>();
        curves.forEach(family -> families.curve(family)
                .forEach(system -> intervals.add(hasBands() ? mean(system) : bare(system))));
        flat.forEach(system -> intervals.add(bare(system)));
        SvgTicks ticks = SvgAxes.metricTicks(intervals.stream().mapToDouble(Interval::low).min().orElse(0),
                intervals.stream().mapToDouble(Interval::high).max().orElse(1));
        SvgScale y = SvgScale.linear(ticks.first(), ticks.last(), height(size) - SvgAxes.BOTTOM, SvgAxes.TOP);
        List<Double> measured = curves.stream().flatMap(family -> families.curve(family).stream())
                .map(system -> (double) system.depth().getAsInt()).distinct().sorted().toList();
        new SvgAxes(x, new SvgTicks(measured, -1), "depth (candidates reranked)", y, ticks,
                ReportNumbers.metricName(metric) + (hasBands() ? ", mean and 95 % interval" : ", mean")).draw(svg);
        List<End> ends = new ArrayList<>();
        for (SystemResult system : flat) {
            double at = y.at(mean(system).mean());
            svg.line("flat", x.from(), at, x.to(), at);
            ends.add(new End(system.name(), "flat", x.to(), at));
        }
        if (hasBands()) {
            curves.forEach(family -> band(svg, x, y, family));
        }
        curves.forEach(family -> ends.add(curve(svg, x, y, family)));
        name(svg, ends, x.to(), size, height(size));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(curves);
        flat.forEach(system -> names.add(system.name()));
        return names;
    }

    private SvgScale depths(double right) {
        int least = curves.stream().mapToInt(family -> depth(families.curve(family).getFirst())).min().orElse(1);
        int most = curves.stream().mapToInt(family -> depth(families.curve(family).getLast())).max().orElse(1);
        return most >= 4 * least
                ? SvgScale.logarithmic(least / 1.12, most * 1.06, SvgAxes.LEFT, right)
                : SvgScale.linear(least - Math.max(0.5, (most - least) * 0.06),
                        most + Math.max(0.5, (most - least) * 0.04),
                        SvgAxes.LEFT, right);
    }

    private void band(SvgWriter svg, SvgScale x, SvgScale y, String family) {
        List<SystemResult> curve = families.curve(family);
        if (curve.size() == 1) {
            double at = x.at(depth(curve.getFirst()));
            Interval interval = mean(curve.getFirst());
            svg.line("whisker " + families.colour(family), at, y.at(interval.low()), at, y.at(interval.high()));
            return;
        }
        SvgWriter.Path path = new SvgWriter.Path();
        curve.forEach(system -> path.line(x.at(depth(system)), y.at(mean(system).high())));
        curve.reversed().forEach(system -> path.line(x.at(depth(system)), y.at(mean(system).low())));
        svg.path("band " + families.colour(family), path.shut(), "");
    }

    private End curve(SvgWriter svg, SvgScale x, SvgScale y, String family) {
        List<SystemResult> curve = families.curve(family);
        SvgWriter.Path path = new SvgWriter.Path();
        curve.forEach(system -> path.line(x.at(depth(system)), y.at(mean(system).mean())));
        svg.path("curve " + families.colour(family), path, "");
        for (SystemResult system : curve) {
            families.marker(svg, "marker", family, x.at(depth(system)), y.at(mean(system).mean()),
                    HtmlText.name(family) + " at " + depth(system) + ": " + ReportNumbers.metric(mean(system).mean())
                            + " ("
                            + ReportNumbers.range(mean(system)) + ")");
        }
        SystemResult last = curve.getLast();
        return new End(family, families.colour(family), x.at(depth(last)) + 8, y.at(mean(last).mean()));
    }

    /** Names beside the ends of their lines, moved apart, with a thin line to what they name. */
    private static void name(SvgWriter svg, List<End> ends, double right, SvgSize size, int height) {
        double[] at = SvgLabels.spread(ends.stream().mapToDouble(End::y).toArray(), SvgText.LINE, SvgAxes.TOP - 4,
                height - SvgAxes.BOTTOM + 4);
        for (int i = 0; i < at.length; i++) {
            End end = ends.get(i);
            SvgWriter.Path leader = new SvgWriter.Path().move(end.x(), end.y()).line(right + 2, end.y())
                    .line(right + 14, at[i]).line(right + 18, at[i]);
            svg.path("leader " + end.styleClass(), leader, "");
            svg.text("name", SvgWriter.Anchor.START, right + 22, at[i] + 4,
                    SvgText.fit(end.name(), size.width() - right - 22), HtmlText.name(end.name()));
        }
    }

    private Interval mean(SystemResult system) {
        Interval interval = system.metrics().get(metric);
        if (interval == null) {
            throw new IllegalArgumentException("systems must have been measured by " + metric);
        }
        return interval;
    }

    private Interval bare(SystemResult system) {
        double mean = mean(system).mean();
        return new Interval(mean, mean, mean);
    }

    private static int depth(SystemResult system) {
        return system.depth().orElseThrow();
    }
}
