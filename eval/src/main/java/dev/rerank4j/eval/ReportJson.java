package dev.rerank4j.eval;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/**
 * A report as JSON, for programs.
 *
 * <pre>{@code
 * {
 *   "data": "scifact", "queries": 300, "synthetic": false, "notes": [],
 *   "systems": {
 *     "hybrid+rerank": {
 *       "ndcg@10": {"mean": 0.741, "low": 0.697, "high": 0.782},
 *       "depth": 50, "millis-p50": 48.2, "millis-p99": 93.0,
 *       "per-1000-queries": {"calls": 1000, "billed": 1000, "unit": "search units", "cost": 2.0, "currency": "USD",
 *         "queries": 20}
 *     }
 *   },
 *   "comparisons": [
 *     {"a": "hybrid", "b": "hybrid+rerank", "metric": "ndcg@10", "queries": 300,
 *      "delta": 0.017, "low": -0.002, "high": 0.036, "p": 0.08, "wins": 41, "ties": 229, "losses": 30}
 *   ]
 * }
 * }</pre>
 *
 * <p>Systems, metrics and comparisons keep the report's order. {@code depth} is absent for a system that does not rerank,
 * {@code millis-p50} and {@code millis-p99} where nothing was timed, {@code per-1000-queries} where no system asks
 * anybody else, in it {@code billed} and {@code cost} where they are not known. Numbers are written in full; one that is not finite
 * is {@code null}.
 */
public final class ReportJson {

    private ReportJson() {
    }

    /**
     * Writes a report and ends the line.
     *
     * @param report what to write
     * @param out stays open and is flushed; UTF-8 if it encodes
     * @throws IOException if {@code out} throws it; what was written until then stays
     */
    public static void write(Report report, Writer out) throws IOException {
        // Not closed: what it would close belongs to the caller.
        @SuppressWarnings("resource")
        JsonWriter json = new JsonWriter(out);
        json.setIndent("  ");
        json.setHtmlSafe(false);
        json.beginObject();
        json.name("data").value(HtmlText.encodable(report.data()));
        json.name("queries").value(report.queries());
        json.name("synthetic").value(report.synthetic());
        json.name("notes").beginArray();
        for (String note : report.notes()) {
            json.value(HtmlText.encodable(note));
        }
        json.endArray();
        json.name("systems").beginObject();
        for (SystemResult system : report.systems()) {
            json.name(HtmlText.encodable(system.name()));
            system(system, json);
        }
        json.endObject();
        json.name("comparisons").beginArray();
        for (Comparison comparison : report.comparisons()) {
            comparison(comparison, json);
        }
        json.endArray();
        json.endObject();
        json.flush();
        out.write('\n');
        out.flush();
    }

    private static void system(SystemResult system, JsonWriter json) throws IOException {
        json.beginObject();
        for (Map.Entry<String, Interval> metric : system.metrics().entrySet()) {
            Interval interval = metric.getValue();
            json.name(metric.getKey()).beginObject();
            number("mean", interval.mean(), json);
            number("low", interval.low(), json);
            number("high", interval.high(), json);
            json.endObject();
        }
        if (system.depth().isPresent()) {
            json.name("depth").value(system.depth().getAsInt());
        }
        if (system.latency().isPresent()) {
            number("millis-p50", system.latency().get().p50(), json);
            number("millis-p99", system.latency().get().p99(), json);
        }
        if (system.cost().isPresent()) {
            json.name("per-1000-queries");
            cost(system.cost().get(), json);
        }
        json.endObject();
    }

    private static void cost(Cost cost, JsonWriter json) throws IOException {
        json.beginObject();
        number("calls", cost.calls(), json);
        if (cost.units().isPresent()) {
            number("billed", cost.units().getAsDouble(), json);
            json.name("unit").value(HtmlText.encodable(cost.unit()));
        }
        if (cost.amount().isPresent()) {
            number("cost", cost.amount().getAsDouble(), json);
            json.name("currency").value(HtmlText.encodable(cost.currency()));
        }
        json.name("queries").value(cost.queries());
        json.endObject();
    }

    private static void comparison(Comparison comparison, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("a").value(HtmlText.encodable(comparison.a()));
        json.name("b").value(HtmlText.encodable(comparison.b()));
        json.name("metric").value(comparison.metric());
        json.name("queries").value(comparison.queries());
        number("delta", comparison.delta(), json);
        number("low", comparison.low(), json);
        number("high", comparison.high(), json);
        number("p", comparison.p(), json);
        json.name("wins").value(comparison.wins());
        json.name("ties").value(comparison.ties());
        json.name("losses").value(comparison.losses());
        json.endObject();
    }

    private static void number(String name, double value, JsonWriter json) throws IOException {
        json.name(name);
        if (Double.isFinite(value)) {
            json.value(value);
        } else {
            json.nullValue();
        }
    }
}
