package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Quality against its price, and the Pareto front. */
final class SvgFrontPlot implements SvgPlot {

    /** Beyond this ratio of the dearest to the cheapest a linear axis would crowd the cheap ones. */
    private static final double WIDE_RANGE = 6;

    private final ReportPrice price;
    private final List<SystemResult> systems;
    private final String metric;
    private final ReportFamilies families;
    private final List<ReportFront.Point> points;
    private final List<ReportFront.Point> front;

    SvgFrontPlot(List<SystemResult> systems, String metric, ReportPrice price) {
        this.price = price;
        this.systems = systems;
        this.metric = metric;
        this.families = new ReportFamilies(systems);
        this.points = ReportFront.points(systems, metric, price);
        this.front = ReportFront.of(points);
    }

    /** Whether there is anything to weigh: one point is nothing to choose from. */
    boolean isWorthwhile() {
        return points.size() > 1 && price.comparable(systems) && points.stream().anyMatch(point -> point.price() > 0);
    }

    /** The names of the front's members with their figures, the cheapest first. */
    List<String> members() {
        return front.stream().map(this::told).toList();
    }

    /** What is given for quality. */
    String word() {
        return price.word();
    }

    /** How to read it. */
    String explanation() {
        return "Higher and further left is better. Filled: the Pareto front, where nothing measured is both as "
                + (price == ReportPrice.LATENCY
                        ? "fast and better."
                        : "cheap and better. What is not known to cost anything in particular is left out.");
    }

    @Override
    public String title() {
        return ReportNumbers.metricName(metric) + " against " + price.word();
    }

    @Override
    public String description() {
        return "On the Pareto front: " + String.join("; ", members()) + ". Not on it: "
                + (points.size() == front.size()
                        ? "none"
                        : points.stream().filter(point -> !front.contains(point)).map(this::told)
                                .collect(Collectors.joining("; ")))
                + ".";
    }

    @Override
    public int height(SvgSize size) {
        return size.height();
    }

    @Override
    public void draw(SvgWriter svg, SvgSize size) {
        double bottom = height(size) - SvgAxes.BOTTOM;
        double right = size.width() - 14.0;
        double cheapest = points.stream().mapToDouble(ReportFront.Point::price).min().orElse(1);
        double dearest = points.stream().mapToDouble(ReportFront.Point::price).max().orElse(1);
        boolean wide = cheapest > 0 && dearest / cheapest > WIDE_RANGE;
        SvgScale x;
        SvgTicks xTicks;
        if (wide) {
            x = SvgScale.logarithmic(cheapest / 1.35, dearest * 1.35, SvgAxes.LEFT, right);
            xTicks = SvgTicks.logarithmic(x.low(), x.high(), 9);
        } else {
            xTicks = SvgTicks.around(0, dearest > 0 ? dearest * 1.08 : 1, 7);
            x = SvgScale.linear(xTicks.first(), xTicks.last(), SvgAxes.LEFT, right);
        }
        SvgTicks yTicks = SvgAxes.metricTicks(points.stream().mapToDouble(ReportFront.Point::quality).min().orElse(0),
                points.stream().mapToDouble(ReportFront.Point::quality).max().orElse(1));
        SvgScale y = SvgScale.linear(yTicks.first(), yTicks.last(), bottom, SvgAxes.TOP);
        new SvgAxes(x, xTicks, price.axis(systems) + (wide ? ", log scale" : ""), y, yTicks,
                ReportNumbers.metricName(metric) + ", mean").draw(svg);
        svg.path("front", stairs(x, y), "");
        families.names().forEach(family -> track(svg, x, y, family));
        for (ReportFront.Point point : points) {
            families.marker(svg, front.contains(point) ? "marker" : "marker hollow", point.system().family(),
                    x.at(point.price()), y.at(point.quality()), told(point));
        }
        name(svg, x, y);
    }

    /** From depth to depth of one family. */
    private void track(SvgWriter svg, SvgScale x, SvgScale y, String family) {
        SvgWriter.Path path = new SvgWriter.Path();
        families.curve(family).forEach(system -> points.stream().filter(point -> point.system().equals(system))
                .forEach(point -> path.line(x.at(point.price()), y.at(point.quality()))));
        if (!path.isEmpty()) {
            svg.path("track " + families.colour(family), path, "");
        }
    }

    /** Up where a dearer system is better: at each price the best quality to be had. */
    private SvgWriter.Path stairs(SvgScale x, SvgScale y) {
        SvgWriter.Path path = new SvgWriter.Path();
        double height = y.from();
        for (ReportFront.Point point : front) {
            path.line(x.at(point.price()), height).line(x.at(point.price()), y.at(point.quality()));
            height = y.at(point.quality());
        }
        return path.line(x.to(), height);
    }

    private void name(SvgWriter svg, SvgScale x, SvgScale y) {
        SvgLabels labels = new SvgLabels(
                new SvgLabels.Box(x.from() + 2, y.to() - 12, x.to() + 12, y.from() - 3));
        points.forEach(point -> labels.avoid(new SvgLabels.Box(x.at(point.price()) - 6, y.at(point.quality()) - 6,
                x.at(point.price()) + 6, y.at(point.quality()) + 6)));
        List<ReportFront.Point> byImportance = new ArrayList<>(front);
        points.stream().filter(point -> !front.contains(point)).forEach(byImportance::add);
        for (ReportFront.Point point : byImportance) {
            boolean member = front.contains(point);
            double left = x.at(point.price());
            double top = y.at(point.quality());
            String shown = SvgText.fit(families.label(point.system()), (x.to() - x.from()) * 0.6);
            labels.beside(left, top, shown, member).ifPresent(place -> {
                if (place.far()) {
                    svg.line("pointer", left, top + (member ? -7 : 7), left,
                            member ? place.y() + 3 : place.y() - SvgText.SIZE + 1);
                }
                svg.text(member ? "name strong" : "name", place.anchor(), place.x(), place.y(), shown, told(point));
            });
        }
    }

    private String told(ReportFront.Point point) {
        return HtmlText.name(families.label(point.system())) + " (" + ReportNumbers.metric(point.quality()) + ", "
                + price.told(point.system()) + ")";
    }
}
