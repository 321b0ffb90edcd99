package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportFrontTest {

    @Test
    void nothingOnTheFrontIsDominatedAndAllElseIs() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<ReportFront.Point> points = new ArrayList<>();
            int count = 1 + random.nextInt(25);
            for (int i = 0; i < count; i++) { // few values, so that there are ties
                double millis = 1 + random.nextInt(12);
                double quality = random.nextInt(12) / 12.0;
                points.add(new ReportFront.Point(
                        ReportSample.system("s" + i, "s" + i, OptionalInt.empty(), quality, millis), millis, quality));
            }
            List<ReportFront.Point> front = ReportFront.of(points);
            assertFalse(front.isEmpty(), "seed " + seed);
            for (ReportFront.Point point : points) {
                boolean beaten = points.stream()
                        .anyMatch(other -> other.price() < point.price() && other.quality() >= point.quality()
                                || other.price() <= point.price() && other.quality() > point.quality());
                assertEquals(!beaten, front.contains(point), "seed " + seed);
            }
            for (int i = 1; i < front.size(); i++) {
                ReportFront.Point faster = front.get(i - 1);
                ReportFront.Point slower = front.get(i);
                assertTrue(faster.price() < slower.price() && faster.quality() < slower.quality()
                        || faster.price() == slower.price() && faster.quality() == slower.quality(), "seed " + seed);
            }
        }
    }

    @Test
    void onlyTimedSystemsWithAFigureCountAndEachOnce() {
        List<ReportFront.Point> points = ReportFront.points(
                List.of(ReportSample.system("untimed", "untimed", OptionalInt.empty(), 0.9, 0),
                        ReportSample.system("x", "x", OptionalInt.of(50), 0.7, 5),
                        ReportSample.system("x@50", "x", OptionalInt.of(50), 0.7, 5),
                        ReportSample.system("x@20", "x", OptionalInt.of(20), 0.6, 3)),
                "ndcg@10", ReportPrice.LATENCY);
        assertEquals(List.of("x", "x@20"), points.stream().map(point -> point.system().name()).toList());
        assertEquals(List.of(), ReportFront.points(ReportSample.systems(), "map", ReportPrice.LATENCY));
    }
}
