package dev.rerank4j.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of comparisons, metric by metric. */
final class ReportComparisons {

    private static final int BAR = 96;
    private static final String[] HEADS = {"system", "against", "difference", "95 % interval", "p (Holm)", "verdict"};

    private final Map<String, List<Comparison>> byMetric;

    ReportComparisons(List<Comparison> comparisons) {
        this.byMetric = comparisons.stream()
                .collect(Collectors.groupingBy(Comparison::metric, LinkedHashMap::new, Collectors.toList()));
    }

    void write(HtmlWriter html) {
        ReportHtml.scrolling(html, "Comparisons of systems");
        html.open("table", "comparisons");
        html.leaf("caption", "unseen", "Differences between pairs of systems, by metric");
        html.open("thead").open("tr");
        for (int i = 0; i < HEADS.length; i++) {
            ReportHtml.head(html, HEADS[i], i >= 2 && i <= 4 ? "number" : "");
        }
        html.open("th", "tallies").attribute("scope", "col").attribute("colspan", "4")
                .text("queries: better, equal, worse").close();
        html.close().close();
        byMetric.forEach((metric, comparisons) -> {
            html.open("tbody").open("tr", "group").open("th").attribute("scope", "rowgroup").attribute("colspan", "10")
                    .text(ReportNumbers.metricName(metric)).close().close();
            comparisons.forEach(comparison -> row(html, comparison));
            html.close();
        });
        html.close().close();
    }

    private static void row(HtmlWriter html, Comparison c) {
        boolean clear = c.p() < ReportVerdict.CLEAR && c.delta() != 0;
        String tone = !clear ? "unclear" : c.delta() > 0 ? "better" : "worse";
        html.open("tr", tone).open("th").attribute("scope", "row").foreign("bdi", "", c.b()).close();
        html.open("td").foreign("bdi", "", c.a()).close();
        html.leaf("td", "number delta", ReportNumbers.signed(c.delta()));
        html.leaf("td", "number interval", ReportNumbers.signedRange(c.low(), c.high()));
        html.leaf("td", "number", ReportNumbers.p(c.p()));
        html.leaf("td", "word", clear ? tone : c.wins() + c.losses() == 0 ? "the same" : "no clear difference");
        html.leaf("td", "number tally", ReportNumbers.number(c.wins()));
        html.leaf("td", "number tally", ReportNumbers.number(c.ties()));
        html.leaf("td", "number tally", ReportNumbers.number(c.losses()));
        html.open("td", "bar");
        bar(html, c);
        html.close().close();
    }

    private static void bar(HtmlWriter html, Comparison c) {
        int all = c.wins() + c.ties() + c.losses();
        if (all == 0) {
            return;
        }
        SvgScale x = SvgScale.linear(0, all, 0, BAR);
        SvgWriter svg = SvgWriter.ornament(html, "tallies", BAR, 10);
        svg.rect("gain", 0, 0, x.at(c.wins()), 10, "");
        svg.rect("equal", x.at(c.wins()), 0, x.at(c.ties()), 10, "");
        svg.rect("loss", x.at(c.wins() + c.ties()), 0, x.at(c.losses()), 10, "");
        svg.end();
    }
}
