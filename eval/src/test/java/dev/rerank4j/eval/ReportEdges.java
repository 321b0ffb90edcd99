package dev.rerank4j.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Reports that a page is easily drawn wrong for. */
final class ReportEdges {

    static final String HOSTILE = "<script>alert('x')</script> & \"quoted\" ]]> <!-- \u0000\u0008\u001b[31m \uD800 lone "
            + "\uDC00 \uFFFF \u202Eright to left\u202C שלום עולם " + "long".repeat(200) + " 😀 </style></svg>";

    private ReportEdges() {
    }

    static Map<String, Report> all() {
        Map<String, Report> all = new LinkedHashMap<>();
        all.put("nothing", new Report("nothing", 0, false, List.of(), List.of(), List.of(), Optional.empty()));
        all.put("one-system", report(List.of(ReportSample.system("bm25", "bm25", OptionalInt.empty(), 0.6, 0)), 300));
        all.put("one-timed", report(List.of(ReportSample.system("bm25", "bm25", OptionalInt.empty(), 0.6, 3)), 300));
        all.put("two-runs", twoRuns());
        all.put("one-query", compared(List.of(new Difference.Delta("only", 0.2, 0.9)), 1));
        all.put("no-change", compared(flat(300), 1));
        all.put("all-better", compared(moved(40, 0.1), 0.00001));
        all.put("all-worse", compared(moved(40, -0.1), 0.00001));
        all.put("ten-thousand", compared(ReportSample.deltas(new Random(3), 10_000), 0.00001));
        all.put("thirty-systems", thirty());
        all.put("same-figures", same());
        all.put("not-a-number", report(List.of(nan("a"), nan("b")), 0));
        all.put("synthetic", synthetic());
        all.put("hostile", hostile());
        return all;
    }

    private static Report report(List<SystemResult> systems, int queries) {
        return new Report("edge", queries, false, List.of(), systems, List.of(), Optional.empty());
    }

    private static Report twoRuns() {
        Difference difference = new Difference("a.run", "b.run", "ndcg@10", moved(12, -0.02), List.of());
        return new Report("qrels.txt", 12, false, List.of(),
                List.of(ReportSample.system("a.run", "a.run", OptionalInt.empty(), 0.5, 0),
                        ReportSample.system("b.run", "b.run", OptionalInt.empty(), 0.48, 0)),
                List.of(ReportSample.comparison(difference, 0.3)), Optional.of(difference));
    }

    private static List<Difference.Delta> flat(int queries) {
        return moved(queries, 0);
    }

    private static List<Difference.Delta> moved(int queries, double by) {
        List<Difference.Delta> deltas = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            deltas.add(new Difference.Delta("q" + i, 0.5, 0.5 + by * (1 + i % 4)));
        }
        return deltas;
    }

    private static Report compared(List<Difference.Delta> deltas, double p) {
        Difference difference = new Difference("hybrid", "hybrid+rerank", "ndcg@10", deltas, List.of());
        return new Report("edge", deltas.size(), false, List.of(), ReportSample.systems(),
                List.of(ReportSample.comparison(difference, p)), Optional.of(difference));
    }

    private static Report thirty() {
        Random random = new Random(11);
        List<SystemResult> systems = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            systems.add(ReportSample.system("first-stage-number-" + i, "first-stage-number-" + i, OptionalInt.empty(),
                    0.6 + random.nextDouble() * 0.02, 1 + random.nextDouble() * 10));
        }
        for (int i = 0; i < 20; i++) {
            String family = "family-" + i / 2 + "+rerank";
            int depth = i % 2 == 0 ? 20 : 100;
            systems.add(ReportSample.system(family + "@" + depth, family, OptionalInt.of(depth),
                    0.61 + random.nextDouble() * 0.04, depth * (1 + random.nextDouble() * 0.3)));
        }
        return report(systems, 250);
    }

    private static Report same() {
        List<SystemResult> systems = new ArrayList<>();
        for (int depth : new int[]{10, 11, 12}) {
            systems.add(new SystemResult("x@" + depth, "x", OptionalInt.of(depth),
                    Map.of("hit@1", new Interval(1, 1, 1)), Optional.of(new Latency(0, 0, 1))));
        }
        return report(systems, 4);
    }

    private static SystemResult nan(String name) {
        return new SystemResult(name, name, OptionalInt.of(10),
                Map.of("ndcg@10", new Interval(Double.NaN, Double.NaN, Double.NaN)),
                Optional.of(new Latency(Double.NaN, Double.POSITIVE_INFINITY, 0)));
    }

    private static Report synthetic() {
        Report sample = ReportSample.report();
        return new Report(sample.data(), sample.queries(), true, sample.notes(), sample.systems(), sample.comparisons(),
                sample.difference());
    }

    private static Report hostile() {
        Difference.Shown shown = new Difference.Shown(HOSTILE, HOSTILE, HOSTILE + "x".repeat(50_000),
                OptionalInt.of(2));
        Difference.Shown blank = new Difference.Shown("", "", "", OptionalInt.of(-1));
        Difference difference = new Difference(HOSTILE, HOSTILE + "+rerank", "ndcg@10",
                List.of(new Difference.Delta(HOSTILE, 0, 1)),
                List.of(new Difference.Change(HOSTILE, HOSTILE, 0, 1, List.of(blank, shown), List.of(shown, blank)),
                        new Difference.Change("", "", 1, 0, List.of(), List.of())));
        return new Report(HOSTILE, 1, true, List.of(HOSTILE),
                List.of(ReportSample.system(HOSTILE, HOSTILE, OptionalInt.empty(), 0.2, 3),
                        ReportSample.system(HOSTILE + "@10", HOSTILE + "r", OptionalInt.of(10), 0.3, 30),
                        ReportSample.system(HOSTILE + "@20", HOSTILE + "r", OptionalInt.of(20), 0.35, 50)),
                List.of(ReportSample.comparison(difference, 1)), Optional.of(difference));
    }
}
