package dev.rerank4j.eval;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Plausible reports with texts of our own, for tests and for looking at. */
final class ReportSample {

    private static final List<String> ASKED = List.of("Do night trains cause fewer emissions than flights?",
            "why does bread go stale faster in the refrigerator", "lighthouse keepers' working hours",
            "how do beavers choose where to build a dam", "effect of salt on the freezing point of sea water",
            "Which bridges were rebuilt after the flood?", "repair a leaking tap without special tools",
            "do trees talk through fungi", "best time of day to water tomatoes in a dry summer",
            "why are harbour cranes painted in bright colours", "noise of wind turbines at night",
            "¿Por qué cambian de color las hojas?", "how long does paint need to dry in winter",
            "ticket refund after a cancelled ferry", "does cold weather drain bicycle lamp batteries",
            "origin of the town's market square", "safe distance from nesting swans",
            "what makes a violin varnish last for centuries", "לוח זמנים של הרכבת", "snow load of a flat roof");

    private static final List<String> TITLES = List.of("Notes on the coastal railway", "A short history of bread",
            "Keeping the light: life on the rock", "Streams, dams and beavers", "Why the sea rarely freezes",
            "The flood and the bridges", "Household repairs, third edition", "Under the forest floor",
            "Gardening in dry years", "Paint, rust and salt air", "Living beside turbines", "Autumn leaves explained",
            "Ferry timetable and conditions", "Cycling through the winter", "The market square, 1400 to today",
            "Swans on the lower lake", "Varnish and tone", "Roofs under snow");

    private static final List<String> TEXTS = List.of(
            "The night train leaves at ten and arrives before breakfast. Over the same distance it causes about a tenth "
                    + "of the emissions of a flight, most of them from the power station rather than the locomotive, and "
                    + "nearly none where the line is fed by water power.",
            "Bread goes stale because its starch crystallises, and that happens fastest just above freezing: a loaf in the "
                    + "refrigerator is stale in a day, one in a box of wood in three, one in the freezer not at all.",
            "Two keepers shared the watch, six hours each, all year. Their working hours were written into a book that "
                    + "nobody read until the lighthouse was automated.",
            "Beavers choose a place by the sound of running water and by the trees that stand near it. A dam is begun where "
                    + "the stream is loud and shallow, and grows where it leaks.",
            "Salt lowers the freezing point: sea water of the usual kind freezes near minus two degrees, and what freezes "
                    + "is nearly fresh, as the salt stays behind in the water below.",
            "Of eleven bridges four were rebuilt in the first year after the flood, two of them in wood. The stone bridge "
                    + "at the mill was rebuilt last, and stands a metre higher than before.",
            "Close the valve, open the tap until it runs dry, and unscrew the upper part with the pliers from any kitchen "
                    + "drawer. No special tools are needed; a washer costs less than the water that is lost in a week.");

    private ReportSample() {
    }

    private static final double[] USUAL = {1, 1, 1, 1, 1, 0.631, 0.631, 0.5, 0.431, 0.387, 0};

    /** Systems of which one is paid for, and of another nobody says what it costs. */
    static Report billed() {
        return billed("USD");
    }

    static Report billed(String currency) {
        Map<String, Interval> good = Map.of("ndcg@10", new Interval(0.75, 0.71, 0.79));
        Map<String, Interval> fair = Map.of("ndcg@10", new Interval(0.70, 0.66, 0.74));
        return new Report("scifact", 300, false, List.of(),
                List.of(new SystemResult("hybrid", "hybrid", OptionalInt.empty(), fair,
                        Optional.of(new Latency(10, 20, 20)), Optional.of(Cost.nothing(20))),
                        new SystemResult("hybrid+rerank:acme", "hybrid+rerank:acme", OptionalInt.of(50), good,
                                Optional.of(new Latency(110, 220, 20)),
                                Optional.of(new Cost(1000, OptionalDouble.of(1000), "search units",
                                        OptionalDouble.of(2.5), currency, 20))),
                        new SystemResult("hybrid+rerank:own", "hybrid+rerank:own", OptionalInt.of(50), fair,
                                Optional.of(new Latency(90, 120, 20)),
                                Optional.of(new Cost(2000, OptionalDouble.empty(), "tokens", OptionalDouble.empty(),
                                        "", 20)))),
                List.of(), Optional.empty());
    }

    static List<Difference.Delta> deltas(Random random, int queries) {
        List<Difference.Delta> deltas = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            int level = random.nextInt(USUAL.length);
            int moved = random.nextInt(3) == 0 ? (int) Math.round(random.nextGaussian() * 2.5 - 1.2) : 0;
            deltas.add(new Difference.Delta("q" + (i + 1), USUAL[level],
                    USUAL[Math.max(0, Math.min(USUAL.length - 1, level + moved))]));
        }
        return deltas;
    }

    static Difference difference(Random random, int queries) {
        List<Difference.Delta> deltas = deltas(random, queries);
        List<Difference.Delta> most = deltas.stream().filter(delta -> delta.before() != delta.after())
                .sorted(Comparator.comparingDouble(delta -> -Math.abs(delta.after() - delta.before()))).limit(20)
                .toList();
        List<Difference.Change> changes = new ArrayList<>();
        for (int i = 0; i < most.size(); i++) {
            changes.add(new Difference.Change(most.get(i).query(), ASKED.get(i % ASKED.size()), most.get(i).before(),
                    most.get(i).after(), hits(i, place(most.get(i).before()), 1),
                    hits(i, place(most.get(i).after()), 3)));
        }
        return new Difference("hybrid", "hybrid+rerank", "ndcg@10", deltas, changes);
    }

    private static int place(double ndcg) {
        return ndcg == 0 ? 11 : (int) Math.round(Math.pow(2, 1 / ndcg) - 1);
    }

    /** The document that answers at its place, if that is shown; the others in an order that differs by the turn. */
    private static List<Difference.Shown> hits(int query, int place, int turn) {
        List<Difference.Shown> hits = new ArrayList<>();
        for (int i = 0; hits.size() < 5; i++) {
            hits.add(shown((query + 1 + (i * turn + turn) % (TEXTS.size())) % TEXTS.size(),
                    i % 2 == 0 ? OptionalInt.of(0) : OptionalInt.empty()));
            if (hits.getLast().document().equals(shown(query % TEXTS.size(), OptionalInt.empty()).document())) {
                hits.removeLast();
            }
            if (hits.size() + 1 == place && hits.size() < 5) {
                hits.add(shown(query % TEXTS.size(), OptionalInt.of(1)));
            }
        }
        if (place == 1) {
            hits.remove(4);
            hits.removeIf(hit -> hit.grade().orElse(0) > 0);
            hits.addFirst(shown(query % TEXTS.size(), OptionalInt.of(1)));
        }
        return hits.subList(0, Math.min(5, hits.size()));
    }

    private static Difference.Shown shown(int which, OptionalInt grade) {
        return new Difference.Shown("doc-" + (1000 + 37 * which), which == 5 ? "" : TITLES.get(which), TEXTS.get(which),
                grade);
    }

    static SystemResult system(String name, String family, OptionalInt depth, double quality, double millis) {
        Map<String, Interval> metrics = new LinkedHashMap<>();
        metrics.put("ndcg@10", new Interval(quality, quality - 0.043, quality + 0.041));
        metrics.put("recall@50", new Interval(quality + 0.16, quality + 0.127, Math.min(1, quality + 0.19)));
        metrics.put("mrr@10", new Interval(quality - 0.03, quality - 0.075, quality + 0.016));
        return new SystemResult(name, family, depth, metrics,
                millis > 0 ? Optional.of(new Latency(millis, millis * 1.9, 200)) : Optional.empty());
    }

    static List<SystemResult> systems() {
        return systems(0.724, 0.741);
    }

    private static List<SystemResult> systems(double hybrid, double reranked) {
        List<SystemResult> systems = new ArrayList<>();
        systems.add(system("bm25", "bm25", OptionalInt.empty(), hybrid - 0.045, 1.4));
        systems.add(system("vector", "vector", OptionalInt.empty(), hybrid - 0.011, 6.8));
        systems.add(system("hybrid", "hybrid", OptionalInt.empty(), hybrid, 8.1));
        int[] depths = {10, 20, 50, 100};
        double[][] quality = {{-0.026, -0.015, -0.009, -0.008}, {-0.006, -0.002, 0, -0.003},
                {-0.003, -0.008, -0.022, -0.034}};
        double[][] millis = {{19, 34, 78, 149}, {26, 41, 86, 158}, {24, 40, 84, 155}};
        String[] families = {"bm25+rerank", "hybrid+rerank", "hybrid+model"};
        for (int family = 0; family < families.length; family++) {
            systems.add(system(families[family], families[family], OptionalInt.of(50),
                    base(family, hybrid, reranked) + quality[family][2],
                    millis[family][2]));
            for (int i = 0; i < depths.length; i++) {
                systems.add(system(families[family] + "@" + depths[i], families[family], OptionalInt.of(depths[i]),
                        base(family, hybrid, reranked) + quality[family][i], millis[family][i]));
            }
        }
        return systems;
    }

    private static double base(int family, double hybrid, double reranked) {
        return family == 1 ? reranked : hybrid;
    }

    static List<Comparison> comparisons(Difference difference) {
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.add(comparison(difference, Significance.randomization(difference.queries().stream()
                .mapToDouble(delta -> delta.after() - delta.before()).toArray(), 1)));
        comparisons
                .add(new Comparison("bm25", "bm25+rerank", "ndcg@10", 300, 0.036, 0.014, 0.058, 0.0004, 58, 219, 23));
        comparisons.add(new Comparison("hybrid", "hybrid+model", "ndcg@10", 300, -0.022, -0.041, -0.004, 0.021, 26, 227,
                47));
        comparisons.add(new Comparison("bm25", "vector", "ndcg@10", 300, 0.034, -0.006, 0.073, 0.18, 94, 131, 75));
        comparisons.add(new Comparison("bm25", "hybrid", "ndcg@10", 300, 0.045, 0.021, 0.07, 0.0002, 88, 160, 52));
        comparisons.add(new Comparison("hybrid", "hybrid+rerank", "recall@50", 300, 0, 0, 0, 1, 0, 300, 0));
        comparisons.add(new Comparison("bm25", "bm25+rerank", "recall@50", 300, 0, 0, 0, 1, 0, 300, 0));
        comparisons.add(new Comparison("bm25", "hybrid", "recall@50", 300, 0.031, 0.012, 0.052, 0.003, 19, 276, 5));
        return comparisons;
    }

    static Comparison comparison(Difference difference, double p) {
        double[] gains = difference.queries().stream().mapToDouble(delta -> delta.after() - delta.before()).toArray();
        int wins = (int) java.util.Arrays.stream(gains).filter(gain -> gain > 0).count();
        int losses = (int) java.util.Arrays.stream(gains).filter(gain -> gain < 0).count();
        Interval interval = Significance.interval(gains, 1);
        return new Comparison(difference.before(), difference.after(), difference.metric(), gains.length,
                interval.mean(),
                interval.low(), interval.high(), p, wins, gains.length - wins - losses, losses);
    }

    static Report report() {
        Difference difference = difference(new Random(5), 300);
        return new Report("scifact", 300, false,
                List.of("3 judged queries have no relevant document (q12, q77, q203) and count as 0, as trec_eval counts "
                        + "them"),
                systems(mean(difference, Difference.Delta::before), mean(difference, Difference.Delta::after)),
                comparisons(difference), Optional.of(difference));
    }

    private static double mean(Difference difference, ToDoubleFunction<Difference.Delta> side) {
        return difference.queries().stream().mapToDouble(side).average().orElse(0);
    }

    static String html(Report report) throws IOException {
        java.io.StringWriter out = new java.io.StringWriter();
        ReportHtml.write(report, out);
        return out.toString();
    }

    /**
     * Writes pages to look at: {@code sample.html} and the awkward ones.
     *
     * @param args the folder
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        Map<String, Report> pages = new LinkedHashMap<>();
        pages.put("sample", report());
        pages.putAll(ReportEdges.all());
        for (Map.Entry<String, Report> page : pages.entrySet()) {
            try (Writer out = Files.newBufferedWriter(folder.resolve(page.getKey() + ".html"))) {
                ReportHtml.write(page.getValue(), out);
            }
        }
    }
}
