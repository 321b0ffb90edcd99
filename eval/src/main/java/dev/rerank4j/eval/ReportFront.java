package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The Pareto front of quality and latency: the systems that nothing measured is both as good as and better than. */
final class ReportFront {

    private ReportFront() {
    }

    /**
     * A system in the plane of quality and latency.
     *
     * @param millis finite, as quality is
     */
    record Point(SystemResult system, double millis, double quality) {

        /** Whether it is nowhere worse, and somewhere better. */
        boolean dominates(Point other) {
            return millis <= other.millis && quality >= other.quality
                    && (millis < other.millis || quality > other.quality);
        }
    }

    /** The timed systems with a finite mean, in their order; of those alike in family and depth the first. */
    static List<Point> points(List<SystemResult> systems, String metric) {
        List<Point> points = new ArrayList<>();
        for (SystemResult system : ReportFamilies.distinct(systems)) {
            Interval interval = system.metrics().get(metric);
            system.latency().ifPresent(latency -> {
                if (interval != null && Double.isFinite(interval.mean()) && Double.isFinite(latency.p50())) {
                    points.add(new Point(system, latency.p50(), interval.mean()));
                }
            });
        }
        return points;
    }

    /** The points that none dominates, the fastest first. */
    static List<Point> of(List<Point> points) {
        return points.stream().filter(point -> points.stream().noneMatch(other -> other.dominates(point)))
                .sorted(Comparator.comparingDouble(Point::millis)).toList();
    }
}
