package dev.rerank4j.eval;

/**
 * The frame of a plot: ticks, faint lines across, and what the axes mean.
 *
 * @param xLabel below the plot, with its unit
 * @param yLabel above the plot, where it reads without turning one's head
 */
record SvgAxes(SvgScale x, SvgTicks xTicks, String xLabel, SvgScale y, SvgTicks yTicks, String yLabel) {

    /** Room left of the plot. */
    static final double LEFT = 46;

    /** Room above the plot. */
    static final double TOP = 34;

    /** Room below the plot. */
    static final double BOTTOM = 46;

    private static final double APART = 8;

    void draw(SvgWriter svg) {
        svg.group("axes");
        for (double value : yTicks.values()) {
            double at = y.at(value);
            svg.line("grid", x.from(), at, x.to(), at);
            svg.text("tick", SvgWriter.Anchor.END, x.from() - 8, at + 4, yTicks.label(value));
        }
        svg.line("base", x.from(), y.from(), x.to(), y.from());
        double free = Double.NEGATIVE_INFINITY;
        for (double value : xTicks.values()) {
            double at = x.at(value);
            String label = xTicks.label(value);
            double half = SvgText.width(label) / 2;
            if (at - half >= free) {
                svg.line("base", at, y.from(), at, y.from() + 5);
                svg.text("tick", SvgWriter.Anchor.MIDDLE, at, y.from() + 19, label);
                free = at + half + APART;
            }
        }
        svg.text("axis", SvgWriter.Anchor.MIDDLE, (x.from() + x.to()) / 2, y.from() + 40, xLabel);
        svg.text("axis", SvgWriter.Anchor.START, 0, 13, yLabel);
        svg.end();
    }

    /** A scale for values of a metric, from the bottom up, that shows their differences: it need not start at 0. */
    static SvgTicks metricTicks(double low, double high) {
        double middle = (low + high) / 2;
        double span = Math.max(high - low, 0.04);
        double from = Math.max(Math.min(0, low), middle - span * 0.54);
        double to = Math.min(Math.max(1, high), middle + span * 0.54);
        return SvgTicks.around(from, to, 8);
    }
}
