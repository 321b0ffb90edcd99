package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The Pareto front of quality and its price: the systems that nothing measured is both as good as and better than. */
final class ReportFront {

    private ReportFront() {
    }

    /**
     * A system in the plane of quality and its price.
     *
     * @param price finite, as quality is
     */
    record Point(SystemResult system, double price, double quality) {

        /** Whether it is nowhere worse, and somewhere better. */
        boolean dominates(Point other) {
            return price <= other.price && quality >= other.quality
                    && (price < other.price || quality > other.quality);
        }
    }

    /** The systems with a price and a finite mean, in their order; of those alike in family and depth the first. */
    static List<Point> points(List<SystemResult> systems, String metric, ReportPrice price) {
        List<Point> points = new ArrayList<>();
        for (SystemResult system : ReportFamilies.distinct(systems)) {
            Interval interval = system.metrics().get(metric);
            price.of(system).ifPresent(given -> {
                if (interval != null && Double.isFinite(interval.mean()) && Double.isFinite(given)) {
                    points.add(new Point(system, given, interval.mean()));
                }
            });
        }
        return points;
    }

    /** The points that none dominates, the cheapest first. */
    static List<Point> of(List<Point> points) {
        return points.stream().filter(point -> points.stream().noneMatch(other -> other.dominates(point)))
                .sorted(Comparator.comparingDouble(Point::price)).toList();
    }
}
