package dev.rerank4j.eval;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of systems, metrics and latencies. */
final class ReportSystems {

    private static final int STRIP = 120;

    private final List<SystemResult> systems;
    private final Set<String> metrics = new LinkedHashSet<>();
    private final boolean timed;
    private final boolean deep;
    private final boolean billed;

    ReportSystems(List<SystemResult> systems) {
        this.systems = systems;
        systems.forEach(system -> metrics.addAll(system.metrics().keySet()));
        this.timed = systems.stream().anyMatch(system -> system.latency().isPresent());
        this.billed = systems.stream().anyMatch(system -> system.cost().isPresent());
        this.deep = systems.stream().anyMatch(system -> system.depth().isPresent());
    }

    void write(HtmlWriter html) {
        ReportHtml.scrolling(html, "Systems, their quality and latency");
        html.open("table", metrics.size() > 3 || billed ? "systems" : "systems roomy");
        html.leaf("caption", "unseen", "Mean of each metric with its 95 % interval, and latency, by system");
        html.open("thead").open("tr");
        ReportHtml.head(html, "system", "");
        if (deep) {
            ReportHtml.head(html, "depth", "number");
        }
        metrics.forEach(metric -> ReportHtml.head(html, ReportNumbers.metricName(metric), "number metric"));
        if (timed) {
            ReportHtml.head(html, "p50, ms", "number");
            ReportHtml.head(html, "p99, ms", "number");
        }
        if (billed) {
            ReportHtml.head(html, "calls per 1,000", "number");
            ReportHtml.head(html, "billed per 1,000", "number");
            ReportHtml.head(html, "cost per 1,000", "number");
        }
        html.close().close().open("tbody");
        systems.forEach(system -> row(html, system));
        html.close().close().close();
    }

    private void row(HtmlWriter html, SystemResult system) {
        html.open("tr").open("th").attribute("scope", "row").foreign("bdi", "", system.name()).close();
        if (deep) {
            html.leaf("td", "number", system.depth().isPresent() ? String.valueOf(system.depth().getAsInt()) : "–");
        }
        boolean first = true;
        for (String metric : metrics) {
            Optional<Interval> interval = Optional.ofNullable(system.metrics().get(metric));
            html.open("td", "number");
            if (first) {
                interval.filter(ReportSystems::isFinite).ifPresent(found -> strip(html, metric, found));
            }
            first = false;
            if (interval.filter(ReportSystems::isFinite).isEmpty()) {
                html.text("–");
            } else {
                html.leaf("span", isBest(metric, interval.get()) ? "mean best" : "mean",
                        ReportNumbers.metric(interval.get().mean()));
                html.text(" ").leaf("span", "interval", ReportNumbers.range(interval.get()));
            }
            html.close();
        }
        if (timed) {
            html.leaf("td", "number", system.latency().map(latency -> millis(latency.p50())).orElse("–"));
            html.leaf("td", "number", system.latency().map(latency -> millis(latency.p99())).orElse("–"));
        }
        if (billed) {
            html.leaf("td", "number", system.cost().map(ReportNumbers::calls).orElse("–"));
            html.open("td", "number").foreign("bdi", "", system.cost().map(ReportNumbers::billed).orElse("–")).close();
            html.open("td", "number").foreign("bdi", "", system.cost().map(ReportNumbers::cost).orElse("–")).close();
        }
        html.close();
    }

    /** The interval as a picture, on one scale for all systems. */
    private void strip(HtmlWriter html, String metric, Interval interval) {
        List<Interval> all = systems.stream().filter(system -> system.metrics().containsKey(metric))
                .map(system -> system.metrics().get(metric)).filter(ReportSystems::isFinite).toList();
        double low = all.stream().mapToDouble(Interval::low).min().orElse(0);
        double high = all.stream().mapToDouble(Interval::high).max().orElse(1);
        SvgScale x = SvgScale.linear(low - 0.001, high + 0.001, 4, STRIP - 4.0);
        SvgWriter svg = SvgWriter.ornament(html, "strip", STRIP, 14);
        svg.line("reach", x.at(interval.low()), 7, x.at(interval.high()), 7);
        svg.rect("mean", x.at(interval.mean()) - 1.5, 2, 3, 10, "");
        svg.end();
    }

    private boolean isBest(String metric, Interval interval) {
        return systems.size() > 1 && isFinite(interval)
                && systems.stream().filter(system -> system.metrics().containsKey(metric))
                        .noneMatch(system -> system.metrics().get(metric).mean() > interval.mean());
    }

    /** Of one precision in the table, so that the digits stand under each other. */
    private String millis(double millis) {
        boolean quick = systems.stream().flatMap(system -> system.latency().stream())
                .anyMatch(latency -> latency.p50() < 20);
        return ReportNumbers.fixed(millis, quick ? 1 : 0);
    }

    private static boolean isFinite(Interval interval) {
        return Double.isFinite(interval.mean()) && Double.isFinite(interval.low()) && Double.isFinite(interval.high());
    }
}
