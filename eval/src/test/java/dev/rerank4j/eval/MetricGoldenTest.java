package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against trec_eval and gdeval: {@code src/test/python/golden.py} made what is compared. */
final class MetricGoldenTest {

    /** The golden values have six decimals, gdeval's five. */
    private static final double ROUNDED = 6e-6;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"words", "coarse", "fine", "negative", "tickets", "ids"})
    void everyMetricOfEveryQueryIsTrecEvals(String name) throws Exception {
        JsonObject golden = golden().getAsJsonObject(name);
        assertAgrees(golden, Run.read(resource(name + ".run")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"words", "coarse", "fine", "negative", "tickets", "ids"})
    void whatWeWriteIsReadInTheSameOrder(String name) throws Exception {
        Run run = Run.read(resource(name + ".run"));
        Path written = folder.resolve("written.run");
        run.write(written);
        Run again = Run.read(written);
        assertEquals(List.of(), again.warnings());
        assertEquals(run.queries(), again.queries());
        for (String query : run.queries()) {
            assertEquals(run.documents(query), again.documents(query));
        }
        assertStrictlyDecreasing(written);
    }

    @Test
    void gradesFromMinusOneToFourAndQueriesWithoutRelevantOnesAreThere() throws Exception {
        Qrels qrels = Qrels.read(resource("products.qrels"));
        Run run = Run.read(resource("words.run"));
        assertTrue(qrels.queries().stream().anyMatch(query -> qrels.grades(query).containsValue(-1)));
        assertTrue(qrels.queries().stream().anyMatch(query -> qrels.grades(query).containsValue(4)));
        assertTrue(qrels.queries().stream().anyMatch(query -> !qrels.hasRelevant(query)));
        assertTrue(qrels.queries().stream().anyMatch(query -> !run.queries().contains(query)));
        assertTrue(run.queries().stream().anyMatch(query -> !qrels.queries().contains(query)));
    }

    private static void assertAgrees(JsonObject golden, Run run) throws Exception {
        Qrels qrels = Qrels.read(resource(golden.get("qrels").getAsString() + ".qrels"));
        JsonObject measures = golden.getAsJsonObject("values");
        List<Metric> metrics = measures.keySet().stream().map(Metric::parse).toList();
        Evaluation evaluation = Evaluation.of(qrels, List.of(run), metrics, 1);
        Map<String, Interval> means = evaluation.means(run.name());
        for (Map.Entry<String, JsonElement> measure : measures.entrySet()) {
            Map<String, Double> ours = new LinkedHashMap<>(evaluation.values(run.name(), measure.getKey()));
            double sum = 0;
            int count = ours.size();
            for (Map.Entry<String, JsonElement> query : measure.getValue().getAsJsonObject().entrySet()) {
                double theirs = query.getValue().getAsDouble();
                sum += theirs;
                assertEquals(theirs, ours.remove(query.getKey()), ROUNDED, measure.getKey() + " " + query.getKey());
            }
            ours.values().forEach(left -> assertEquals(0, left)); // gdeval is silent where nothing is relevant
            assertEquals(sum / count, means.get(measure.getKey()).mean(), ROUNDED, measure.getKey());
        }
        assertEquals(52, metrics.size());
    }

    private static void assertStrictlyDecreasing(Path run) throws Exception {
        String query = "";
        float last = 0;
        for (String line : Files.readAllLines(run)) {
            String[] cells = line.split(" ");
            float score = (float) Double.parseDouble(cells[4]);
            assertTrue(!cells[0].equals(query) || score < last, line);
            query = cells[0];
            last = score;
        }
    }

    private static JsonObject golden() throws Exception {
        return JsonParser.parseString(Files.readString(resource("golden.json"))).getAsJsonObject();
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(MetricGoldenTest.class.getResource("/golden/" + name).toURI());
    }
}
