package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportJsonTest {

    private static final Set<String> TOP = Set.of("data", "queries", "synthetic", "notes", "systems", "comparisons");
    private static final Set<String> COMPARED = Set.of("a", "b", "metric", "queries", "delta", "low", "high", "p",
            "wins",
            "ties", "losses");

    @Test
    void hasTheKeysThatProgramsRely() throws IOException {
        JsonObject json = parse(write(ReportSample.report()));
        assertEquals(TOP, json.keySet());
        assertEquals("scifact", json.get("data").getAsString());
        assertEquals(300, json.get("queries").getAsInt());
        assertFalse(json.get("synthetic").getAsBoolean());
        JsonObject system = json.getAsJsonObject("systems").getAsJsonObject("hybrid+rerank");
        assertEquals(List.of("ndcg@10", "recall@50", "mrr@10", "depth", "millis-p50", "millis-p99"),
                List.copyOf(system.keySet()));
        assertEquals(List.of("mean", "low", "high"), List.copyOf(system.getAsJsonObject("ndcg@10").keySet()));
        assertEquals(86, system.get("millis-p50").getAsDouble());
        assertEquals(50, system.get("depth").getAsInt());
        JsonObject comparison = json.getAsJsonArray("comparisons").get(1).getAsJsonObject();
        assertEquals(COMPARED, comparison.keySet());
        assertEquals("bm25", comparison.get("a").getAsString());
        assertEquals("bm25+rerank", comparison.get("b").getAsString());
        assertEquals(0.036, comparison.get("delta").getAsDouble());
        assertEquals(0.0004, comparison.get("p").getAsDouble());
        assertEquals(58, comparison.get("wins").getAsInt());
        assertEquals(219, comparison.get("ties").getAsInt());
        assertEquals(23, comparison.get("losses").getAsInt());
    }

    @Test
    void keepsTheOrderOfSystems() throws IOException {
        Report report = ReportSample.report();
        assertEquals(report.systems().stream().map(SystemResult::name).toList(),
                List.copyOf(parse(write(report)).getAsJsonObject("systems").keySet()));
    }

    @Test
    void leavesOutWhatWasNotTimedAndHasNoDepth() throws IOException {
        Report report = ReportEdges.all().get("two-runs");
        JsonObject run = parse(write(report)).getAsJsonObject("systems").getAsJsonObject("a.run");
        assertFalse(run.has("millis-p50"));
        assertFalse(run.has("millis-p99"));
        assertFalse(run.has("depth"));
    }

    @Test
    void whatIsNotKnownOfTheCostIsLeftOut() throws IOException {
        JsonObject systems = parse(write(ReportSample.billed())).getAsJsonObject("systems");
        JsonObject paid = systems.getAsJsonObject("hybrid+rerank:acme").getAsJsonObject("per-1000-queries");
        assertEquals(List.of("calls", "billed", "unit", "cost", "currency", "queries"), List.copyOf(paid.keySet()));
        assertEquals(2.5, paid.get("cost").getAsDouble());
        assertEquals("USD", paid.get("currency").getAsString());
        JsonObject unknown = systems.getAsJsonObject("hybrid+rerank:own").getAsJsonObject("per-1000-queries");
        assertEquals(List.of("calls", "queries"), List.copyOf(unknown.keySet()));
        assertFalse(parse(write(ReportSample.report())).toString().contains("per-1000"));
    }

    @Test
    void writesNullForWhatIsNoNumber() throws IOException {
        JsonObject system = parse(write(ReportEdges.all().get("not-a-number"))).getAsJsonObject("systems")
                .getAsJsonObject("a");
        assertTrue(system.getAsJsonObject("ndcg@10").get("mean").isJsonNull());
        assertTrue(system.get("millis-p50").isJsonNull());
        assertTrue(system.get("millis-p99").isJsonNull());
    }

    @Test
    void numbersSurviveTheRoundTrip() throws IOException {
        double third = 1.0 / 3;
        double tiny = 1e-7;
        Report report = new Report("d", 1, true, List.of("a note"),
                List.of(new SystemResult("s", "s", OptionalInt.empty(),
                        Map.of("map", new Interval(third, tiny, -0.0)), Optional.empty())),
                List.of(), Optional.empty());
        JsonObject metric = parse(write(report)).getAsJsonObject("systems").getAsJsonObject("s").getAsJsonObject("map");
        assertEquals(third, metric.get("mean").getAsDouble());
        assertEquals(tiny, metric.get("low").getAsDouble());
    }

    @Test
    void isTheSameInEveryLocaleAndEndsItsLine() throws IOException {
        String expected = write(ReportSample.report());
        assertTrue(expected.endsWith("}\n"), "must end with a line feed");
        Locale before = Locale.getDefault();
        try {
            for (String tag : List.of("de-DE", "ar-EG-u-nu-arab", "tr-TR", "hi-IN-u-nu-deva")) {
                Locale.setDefault(Locale.forLanguageTag(tag));
                assertEquals(expected, write(ReportSample.report()), tag);
            }
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void everyEncoderTakesIt() throws IOException {
        for (Map.Entry<String, Report> edge : ReportEdges.all().entrySet()) {
            String json = write(edge.getValue());
            parse(json);
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json)); // throws at a lone surrogate
        }
    }

    private static String write(Report report) throws IOException {
        StringWriter out = new StringWriter();
        ReportJson.write(report, out);
        return out.toString();
    }

    private static JsonObject parse(String json) {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        return JsonParser.parseReader(reader).getAsJsonObject();
    }
}
