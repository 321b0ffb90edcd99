package dev.rerank4j.eval;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A report as a page for persons: one file that needs nothing else, no network and no scripts, for screens of any width,
 * light or dark, and for paper.
 *
 * <p>A verdict in words, the table of systems, quality against depth, against latency and against cost, gains and losses query by
 * query, the comparisons with their statistics, and the queries that changed most with what both systems found. A
 * section that would be empty is left out. The markup is well-formed XML; every text of a query or document is escaped.
 */
public final class ReportHtml {

    private final Report report;
    private final HtmlWriter html = new HtmlWriter();
    private int plots;

    private ReportHtml(Report report) {
        this.report = report;
    }

    /**
     * Writes the page.
     *
     * @param report what to show
     * @param out stays open and is flushed; must encode as UTF-8
     * @throws IOException if {@code out} throws it; what was written until then stays
     */
    public static void write(Report report, Writer out) throws IOException {
        out.write(new ReportHtml(report).page());
        out.flush();
    }

    private String page() {
        html.doctype().open("html").attribute("lang", "en");
        html.open("head").open("meta").attribute("charset", "utf-8").close();
        html.open("meta").attribute("name", "viewport").attribute("content", "width=device-width, initial-scale=1")
                .close();
        html.open("meta").attribute("http-equiv", "Content-Security-Policy")
                .attribute("content", "default-src 'none'; style-src 'unsafe-inline'").close();
        html.open("meta").attribute("name", "color-scheme").attribute("content", "light dark").close();
        html.leaf("title", "Evaluation of " + HtmlText.name(report.data())).leaf("style", style());
        html.close().open("body");
        header();
        html.open("main");
        verdict();
        notes();
        section("Systems", "The bold figure is the highest mean of its column; by itself that does not make it clearly "
                + "better than the next. Strips show the intervals of the first metric on one scale.",
                () -> new ReportSystems(report.systems()).write(html));
        curves();
        report.difference().ifPresent(this::gains);
        if (!report.comparisons().isEmpty()) {
            section("Comparisons",
                    "Over the queries that both systems answered. A difference is called better or worse "
                            + "where p, corrected for the number of comparisons, is below 0.05.",
                    () -> new ReportComparisons(report.comparisons()).write(html));
        }
        report.difference().ifPresent(this::changes);
        html.close();
        footer();
        return html.close().close().finish();
    }

    private void header() {
        html.open("header").leaf("p", "eyebrow", "Rerank4j evaluation");
        html.foreign("h1", "", HtmlText.brief(report.data(), 120));
        html.leaf("p", "muted", ReportNumbers.count(report.queries(), "judged query", "judged queries") + " · "
                + ReportNumbers.count(report.systems().size(), "system", "systems"));
        html.close();
    }

    private void verdict() {
        if (report.synthetic()) {
            html.open("section", "banner").attribute("role", "note");
            html.leaf("strong", "Synthetic queries.");
            html.text(
                    " Nobody asked these queries: they were made from the documents themselves, and the document that a "
                            + "query was made from is the only one taken for relevant. The figures tell systems apart that find "
                            + "known items; they do not tell how well your users are served. Judged queries of real people are "
                            + "better, even a few dozen.");
            html.close();
        }
        ReportVerdict verdict = ReportVerdict.of(report);
        html.open("section", "verdict " + verdict.tone().name().toLowerCase(Locale.ROOT));
        html.leaf("h2", HtmlText.line(verdict.headline()) + (report.synthetic() ? " (synthetic queries)" : ""));
        html.leaf("p", "figures", HtmlText.line(verdict.figures()));
        if (!verdict.remarks().isEmpty()) {
            html.leaf("p", "remarks", String.join(" ", verdict.remarks()));
        }
        report.difference().ifPresent(difference -> {
            html.open("p", "muted").text("Compared: ").foreign("bdi", "", HtmlText.name(difference.after()))
                    .text(" with ")
                    .foreign("bdi", "", HtmlText.name(difference.before())).text(".").close();
        });
        html.close();
    }

    private void notes() {
        if (!report.notes().isEmpty()) {
            html.open("section", "notes").leaf("h2", "To know when reading").open("ul");
            report.notes().forEach(note -> html.foreign("li", "", HtmlText.brief(note, 500)));
            html.close().close();
        }
    }

    private void curves() {
        String metric = report.systems().stream().flatMap(system -> system.metrics().keySet().stream()).findFirst()
                .orElse("");
        SvgDepthPlot depth = new SvgDepthPlot(report.systems(), metric);
        List<SvgFrontPlot> fronts = Stream.of(ReportPrice.values())
                .map(price -> new SvgFrontPlot(report.systems(), metric, price)).filter(SvgFrontPlot::isWorthwhile)
                .toList();
        if (!depth.isWorthwhile() && fronts.isEmpty()) {
            return;
        }
        html.open("div", "pair");
        if (depth.isWorthwhile()) {
            section("Quality against depth",
                    (depth.hasBands() ? "Bands are 95 % intervals. " : "The intervals stand in the table. ")
                            + "Dashed: systems that do not rerank. The quality axis need not start at 0.",
                    () -> figure(depth, SvgSize.WIDE, SvgSize.NARROW));
        }
        fronts.forEach(this::front);
        html.close();
    }

    private void front(SvgFrontPlot plot) {
        section("Quality against " + plot.word(), plot.explanation(), () -> {
            figure(plot, SvgSize.WIDE, SvgSize.NARROW);
            html.open("p", "front").text("On the front: ");
            html.text(String.join(", ", plot.members())).text(".").close();
        });
    }

    private void gains(Difference difference) {
        SvgGainsPlot plot = new SvgGainsPlot(difference);
        if (plot.isWorthwhile()) {
            section("Gains and losses by query",
                    HtmlText.name(difference.after()) + " against " + HtmlText.name(difference.before()) + ", "
                            + ReportNumbers.metricName(difference.metric()) + ".",
                    () -> figure(plot, SvgSize.FULL, SvgSize.WIDE, SvgSize.NARROW));
        }
    }

    private void changes(Difference difference) {
        if (!difference.changes().isEmpty()) {
            section("The queries that changed most", "The largest change first. Words of the query are marked; a place "
                    + "“below #10” is one beyond what is shown here.", () -> new ReportChanges(difference).write(html));
        }
    }

    private void footer() {
        html.open("footer").leaf("p", "All figures are by document. Intervals: 95 %, bootstrap over queries. p: paired "
                + "two-sided randomization test, corrected by Holm's method within a metric. Latency: one search after "
                + "another, nothing cached; p50 is the median, p99 the slowest hundredth."
                + (report.systems().stream().anyMatch(system -> system.cost().isPresent())
                        ? " Calls and cost: of a thousand such searches, as the services said what they billed; what "
                                + "one's own machines cost is not in it."
                        : ""));
        html.close();
    }

    private void section(String title, String explanation, Runnable content) {
        html.open("section").leaf("h2", title).leaf("p", "explanation", HtmlText.line(explanation));
        content.run();
        html.close();
    }

    private void figure(SvgPlot plot, SvgSize... sizes) {
        html.open("figure");
        for (SvgSize size : sizes) {
            SvgWriter.write(html, "plot-" + ++plots, plot, size);
        }
        html.close();
    }

    /** Opens what a wide table scrolls in, with the keyboard too. */
    static void scrolling(HtmlWriter html, String label) {
        html.open("div", "scrolling").attribute("role", "region").attribute("aria-label", label).attribute("tabindex",
                "0");
    }

    static void head(HtmlWriter html, String text, String styleClass) {
        html.open("th", styleClass).attribute("scope", "col").text(text).close();
    }

    private static String style() {
        try (InputStream css = ReportHtml.class.getResourceAsStream("report.css")) {
            if (css == null) {
                throw new IllegalStateException("report.css must stand beside " + ReportHtml.class.getName());
            }
            return "\n" + new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
