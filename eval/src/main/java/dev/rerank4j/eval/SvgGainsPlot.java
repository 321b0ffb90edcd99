package dev.rerank4j.eval;

import java.util.Comparator;
import java.util.List;

/** What every query gained or lost, as bars from the largest gain to the largest loss. */
final class SvgGainsPlot implements SvgPlot {

    /** A bar narrower than this is drawn together with its neighbours. */
    private static final double THINNEST = 1;

    private final Difference difference;
    private final List<Difference.Delta> sorted;
    private final long better;
    private final long worse;

    SvgGainsPlot(Difference difference) {
        this.difference = difference;
        this.sorted = difference.queries().stream().filter(delta -> Double.isFinite(gain(delta)))
                .sorted(Comparator.comparingDouble(delta -> -gain(delta))).toList();
        this.better = sorted.stream().filter(delta -> gain(delta) > 0).count();
        this.worse = sorted.stream().filter(delta -> gain(delta) < 0).count();
    }

    boolean isWorthwhile() {
        return !sorted.isEmpty();
    }

    @Override
    public String title() {
        return "Gains and losses in " + ReportNumbers.metricName(difference.metric()) + ", query by query";
    }

    @Override
    public String description() {
        return HtmlText.name(difference.after()) + " against " + HtmlText.name(difference.before()) + ": " + better
                + " better, "
                + (sorted.size() - better - worse) + " equal, " + worse + " worse. Largest gain "
                + ReportNumbers.signed(sorted.isEmpty() ? 0 : Math.max(0, gain(sorted.getFirst())))
                + ", largest loss "
                + ReportNumbers.signed(sorted.isEmpty() ? 0 : Math.min(0, gain(sorted.getLast()))) + ".";
    }

    @Override
    public int height(SvgSize size) {
        return size.height();
    }

    @Override
    public void draw(SvgWriter svg, SvgSize size) {
        double top = SvgAxes.TOP + 22;
        double bottom = height(size) - SvgAxes.BOTTOM;
        double right = size.width() - 26.0;
        double most = Math.max(0, gain(sorted.getFirst()));
        double least = Math.min(0, gain(sorted.getLast()));
        SvgTicks yTicks = most == least ? SvgTicks.around(-0.1, 0.1, 5) : SvgTicks.around(least, most, 6);
        SvgScale x = SvgScale.linear(0, sorted.size(), SvgAxes.LEFT, right);
        SvgScale y = SvgScale.linear(yTicks.first(), yTicks.last(), bottom, top);
        new SvgAxes(x, SvgTicks.whole(0, sorted.size(), size == SvgSize.NARROW ? 5 : 9),
                "queries, sorted by change", y, yTicks,
                "change in " + ReportNumbers.metricName(difference.metric())).draw(svg);
        if ((x.to() - x.from()) / sorted.size() >= THINNEST) {
            bars(svg, x, y);
        } else {
            outline(svg, x, y);
        }
        svg.line("zero", x.from(), y.at(0), x.to(), y.at(0));
        svg.text("tally gain", SvgWriter.Anchor.START, x.from(), SvgAxes.TOP + 6, tally(better, "better"));
        svg.text("tally", SvgWriter.Anchor.MIDDLE, (x.from() + x.to()) / 2, SvgAxes.TOP + 6,
                tally(sorted.size() - better - worse, "equal"));
        svg.text("tally loss", SvgWriter.Anchor.END, x.to(), SvgAxes.TOP + 6, tally(worse, "worse"));
    }

    private static String tally(long count, String word) {
        return ReportNumbers.number(Math.toIntExact(count)) + " " + word;
    }

    private void bars(SvgWriter svg, SvgScale x, SvgScale y) {
        double width = Math.min(28, (x.to() - x.from()) / sorted.size());
        double gap = width >= 4 ? 1 : width * 0.15;
        for (int i = 0; i < sorted.size(); i++) {
            Difference.Delta delta = sorted.get(i);
            double gain = gain(delta);
            if (gain != 0) {
                double middle = (x.at(i) + x.at(i + 1)) / 2;
                double edge = y.at(gain);
                svg.rect(gain > 0 ? "gain" : "loss", middle - (width - gap) / 2, Math.min(edge, y.at(0)), width - gap,
                        Math.max(0.8, Math.abs(edge - y.at(0))),
                        HtmlText.name(delta.query()) + ": " + ReportNumbers.signed(gain) + " ("
                                + ReportNumbers.metric(delta.before())
                                + " → " + ReportNumbers.metric(delta.after()) + ")");
            }
        }
    }

    /** One column for every unit of the picture, as high as its largest bar: not even a single loss disappears. */
    private void outline(SvgWriter svg, SvgScale x, SvgScale y) {
        SvgWriter.Path gains = new SvgWriter.Path();
        SvgWriter.Path losses = new SvgWriter.Path();
        int columns = (int) (x.to() - x.from());
        for (int column = 0; column < columns; column++) {
            int first = (int) ((long) column * sorted.size() / columns);
            int last = (int) ((long) (column + 1) * sorted.size() / columns) - 1;
            double left = x.from() + column;
            column(gains, left, y, Math.max(0, gain(sorted.get(first))));
            column(losses, left, y, Math.min(0, gain(sorted.get(last))));
        }
        if (!gains.isEmpty()) {
            svg.path("gain", gains, "");
        }
        if (!losses.isEmpty()) {
            svg.path("loss", losses, "");
        }
    }

    private static void column(SvgWriter.Path path, double left, SvgScale y, double value) {
        if (value != 0) {
            path.move(left, y.at(0)).line(left, y.at(value)).line(left + 1, y.at(value)).line(left + 1, y.at(0)).shut();
        }
    }

    private static double gain(Difference.Delta delta) {
        return delta.after() - delta.before();
    }
}
