package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /api/search}: what it takes, and that all of it counts. */
class NativeSearchTest {

    private static TestServer server;
    private static PlainIndex index;
    private static PlainIndex other;

    @BeforeAll
    static void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder.resolve("a"), BuiltIn.ENCODER);
        other = new PlainIndex("other", folder.resolve("b"), BuiltIn.ENCODER);
        server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index, other)), List.of());
        server.post("/api/documents", "{\"documents\": ["
                + "{\"id\": \"a\", \"title\": \"Boot\", \"text\": \"a red leather boot for the winter\", \"metadata\": "
                + "{\"price\": 10, \"colour\": \"red\", \"sold\": true, \"tags\": [\"x\", \"y\"], "
                + "\"since\": {\"moment\": \"2026-01-01T00:00:00Z\"}}},"
                + "{\"id\": \"b\", \"text\": \"a blue shoe for running\", \"metadata\": {\"price\": 20.5, "
                + "\"colour\": \"blue\", \"sold\": false, \"since\": {\"moment\": \"2026-06-01T00:00:00Z\"}}},"
                + "{\"id\": \"c\", \"text\": \"a green hat\", \"metadata\": {\"price\": 30}},"
                + "{\"id\": \"d\", \"text\": \"" + "A red boot is worn in the snow. ".repeat(120) + "\"}]}").ok();
        server.post("/api/documents",
                "{\"index\": \"other\", \"documents\": [{\"id\": \"z\", \"text\": \"red wine\"}]}")
                .ok();
    }

    @AfterAll
    static void stop() {
        server.close();
        index.close();
        other.close();
    }

    private static Answer search(String more) {
        return server.post("/api/search", "{\"query\": \"a red boot\"" + more + "}");
    }

    private static List<String> found(String more) {
        return search(more).ok().get("hits").findValuesAsText("document");
    }

    private static void refused(String more) {
        Dialect.API_SEARCH.requireError(400, search(more));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"colour=red\" | a",
            "[\"colour=red\"] | a",
            "[\"colour=red\", \"colour=blue\"] | ",
            "[] | a b c d",
            "null | a b c d",
            "{\"and\": []} | a b c d",
            "{\"or\": []} | ",
            "{\"or\": [\"colour=red\", \"colour=blue\"]} | a b",
            "{\"not\": \"colour=red\"} | b c d",
            "{\"not\": {\"not\": \"colour=red\"}} | a",
            "{\"field\": \"price\", \"equal\": 10} | a",
            "{\"field\": \"price\", \"equal\": \"10\"} | ",
            "{\"field\": \"price\", \"in\": [10, 30.0, \"x\"]} | a c",
            "{\"field\": \"price\", \"in\": []} | ",
            "{\"field\": \"price\", \"above\": 10} | b c",
            "{\"field\": \"price\", \"at_least\": 10} | a b c",
            "{\"field\": \"price\", \"below\": 20.5} | a",
            "{\"field\": \"price\", \"at_most\": 20.5} | a b",
            "{\"field\": \"colour\", \"contains\": \"e\"} | a b",
            "{\"field\": \"sold\", \"equal\": false} | b",
            "{\"field\": \"tags\", \"equal\": \"y\"} | a",
            "{\"field\": \"since\", \"above\": {\"moment\": \"2026-01-01T00:00:00Z\"}} | b",
            "{\"field\": \"nothing\", \"equal\": 1} | ",
            "{\"and\": [{\"or\": [\"colour=red\", {\"field\": \"price\", \"above\": 25}]}, {\"not\": \"colour=red\"}]} | c"})
    void everyFormOfAFilterFindsWhatItSays(String filter, String expected) {
        List<String> ids = expected == null ? List.of() : List.of(expected.split(" "));
        assertEquals(ids, found(", \"unit\": \"document\", \"filter\": " + filter).stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "\"\"", "\"price\"", "{}", "{\"and\": 1}", "{\"or\": {}}", "{\"not\": 1}",
            "{\"and\": [], \"or\": []}", "{\"field\": \"a\"}", "{\"equal\": 1}", "{\"field\": 1, \"equal\": 1}",
            "{\"field\": \"a\", \"equal\": 1, \"above\": 2}", "{\"field\": \"a\", \"like\": 1}",
            "{\"field\": \"a\", \"equal\": null}", "{\"field\": \"a\", \"equal\": []}",
            "{\"field\": \"a\", \"equal\": {}}", "{\"field\": \"a\", \"in\": 1}", "{\"field\": \"a\", \"in\": [[]]}",
            "{\"field\": \"a\", \"above\": \"x\"}", "{\"field\": \"a\", \"contains\": 1}",
            "{\"field\": \"\", \"equal\": 1}", "{\"field\": \" \", \"equal\": 1}",
            "{\"field\": \"a\", \"above\": {\"moment\": \"yesterday\"}}",
            "{\"field\": \"a\", \"above\": {\"moment\": \"+999999999-12-31T23:59:59Z\"}}",
            "{\"field\": \"a\", \"above\": {\"moment\": \"2026-01-01T00:00:00Z\", \"x\": 1}}",
            "{\"field\": \"a\", \"equal\": 1e999}", "[1]", "[{}]", "{\"not\": {}}"})
    void whatIsNoFilterIsRefused(String filter) {
        refused(", \"filter\": " + filter);
    }

    @Test
    void aFilterMayBeNestedAsDeepAsAnybodyNeeds() {
        assertEquals(List.of("a"), found(", \"filter\": " + "{\"not\": ".repeat(50) + "\"colour=red\""
                + "}".repeat(50)));
        assertEquals(List.of("a"), found(", \"filter\": " + "[".repeat(50) + "\"colour=red\"" + "]".repeat(50)));
    }

    @Test
    void aFilterWithoutEndIsRefused() {
        refused(", \"filter\": " + Collections.nCopies(10_000, "\"colour=red\""));
        refused(", \"filter\": {\"or\": " + Collections.nCopies(10_000, "\"colour=red\"") + "}");
        refused(", \"filter\": {\"field\": \"price\", \"in\": " + Collections.nCopies(10_000, "1") + "}");
        refused(", \"filter\": {\"or\": " + Collections.nCopies(900, "{\"field\": \"a\", \"in\": "
                + Collections.nCopies(900, "1") + "}") + "}");
        assertEquals(List.of("a"), found(", \"filter\": {\"or\": " + Collections.nCopies(900, "\"colour=red\"") + "}"));
    }

    @Test
    void limitDepthAndUnitCount() {
        assertEquals(1, search(", \"limit\": 1").ok().get("hits").size());
        JsonNode two = search(", \"limit\": 2, \"depth\": 2, \"retriever\": \"bm25\"").ok();
        assertEquals(2, two.get("hits").size());
        List<String> passages = found(", \"limit\": 50");
        assertTrue(passages.size() > 4, passages::toString);
        List<String> documents = found(", \"limit\": 50, \"unit\": \"document\"");
        assertEquals(4, documents.size());
        assertEquals(4, documents.stream().distinct().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"limit\": 0", "\"limit\": -1", "\"depth\": 0", "\"limit\": 10, \"depth\": 5",
            "\"depth\": 10001", "\"limit\": 10001", "\"limit\": 2147483648", "\"limit\": 1.5", "\"limit\": \"1\"",
            "\"unit\": \"page\"", "\"unit\": \"PASSAGE\"", "\"unit\": 1", "\"timeout_ms\": 0", "\"timeout_ms\": -5",
            "\"min_probability\": -0.1", "\"min_probability\": 1.1", "\"min_probability\": 1e999",
            "\"retriever\": \"none\"", "\"retriever\": \"\"", "\"rerank\": 1", "\"explain\": \"yes\"", "\"top_n\": 1"})
    void whatIsOutOfRangeIsRefused(String more) {
        refused(", " + more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"query\": null}", "{\"query\": \"\"}", "{\"query\": \" \\n\"}",
            "{\"query\": [\"a\"]}"})
    void aSearchForNothingIsRefused(String body) {
        Answer answer = server.post("/api/search", body);
        Dialect.API_SEARCH.requireError(400, answer);
        assertTrue(answer.text().contains("query"), answer::text);
    }

    @Test
    void anAnswerSaysWhereEachHitStandsAndWhatEachStageSaidOfIt() {
        JsonNode answer = search("").ok();
        assertEquals("a red boot", answer.get("query").textValue());
        assertFalse(answer.get("degraded").booleanValue());
        List<String> stages = answer.get("stages").findValuesAsText("name");
        assertEquals(List.of("bm25", "vector", "fusion", "rerank"), stages);
        double before = Double.POSITIVE_INFINITY;
        int rank = 0;
        for (JsonNode hit : answer.get("hits")) {
            assertEquals(++rank, hit.get("rank").intValue());
            assertTrue(hit.get("score").doubleValue() <= before, answer::toString);
            before = hit.get("score").doubleValue();
            assertEquals("rerank", hit.get("evidence").get(hit.get("evidence").size() - 1).get("stage").textValue());
            assertTrue(hit.get("location").get("end").intValue() > 0);
            double probability = hit.get("probability").doubleValue();
            assertTrue(probability >= 0 && probability <= 1);
        }
    }

    @Test
    void metadataComesBackAsItIs() {
        JsonNode metadata = search(", \"filter\": \"colour=red\"").ok().get("hits").get(0).get("metadata");
        assertEquals(Answer.parse("{\"price\": 10, \"colour\": \"red\", \"sold\": true, \"tags\": [\"x\", \"y\"], "
                + "\"since\": \"2026-01-01T00:00:00Z\"}"), metadata);
    }

    @Test
    void anExplainedAnswerHasTheFirstStagesOwn() {
        assertTrue(search("").ok().path("first_stage").isMissingNode());
        JsonNode explained = search(", \"explain\": true, \"limit\": 2").ok();
        assertEquals(2, explained.get("first_stage").size());
        assertEquals("fusion", explained.get("first_stage").get(0).get("evidence").get(explained.get("first_stage")
                .get(0).get("evidence").size() - 1).get("stage").textValue());
        JsonNode without = search(", \"explain\": true, \"rerank\": false").ok();
        assertEquals(without.get("hits"), without.get("first_stage"));
    }

    @Test
    void theFirstStageIsTheOneThatIsAskedFor() {
        assertEquals(List.of("bm25", "rerank"), search(", \"retriever\": \"bm25\"").ok().get("stages")
                .findValuesAsText("name"));
        assertEquals(List.of("vector", "rerank"), search(", \"retriever\": \"vector\"").ok().get("stages")
                .findValuesAsText("name"));
        assertEquals(List.of("bm25", "vector", "fusion"), search(", \"retriever\": \"hybrid\", \"rerank\": false").ok()
                .get("stages").findValuesAsText("name"));
        assertTrue(search(", \"rerank\": false").ok().get("hits").get(0).get("probability").isNull());
    }

    @Test
    void theImprobableIsLeftOutIfWanted() {
        List<String> probable = new ArrayList<>(search(", \"min_probability\": 0.5").ok().get("hits")
                .findValuesAsText("probability"));
        assertTrue(probable.stream().allMatch(text -> Double.parseDouble(text) >= 0.5), probable::toString);
        assertFalse(probable.isEmpty());
        assertTrue(found(", \"min_probability\": 1").isEmpty());
        refused(", \"min_probability\": 0.5, \"rerank\": false");
    }

    @Test
    void anIndexIsFoundByItsName() {
        assertEquals(List.of("z"), found(", \"index\": \"other\""));
        assertTrue(found(", \"index\": \"default\"").contains("a"));
        assertTrue(found(", \"index\": null").contains("a"));
        Answer answer = search(", \"index\": \"nowhere\"");
        Dialect.API_SEARCH.requireError(404, answer);
        assertTrue(answer.text().contains("default, other"), answer::text);
    }

    @Test
    void lateIsATimeoutOrAnAnswerThatSaysSo() {
        Answer answer = search(", \"timeout_ms\": 1");
        if (answer.status() == 200) {
            assertTrue(answer.json().has("degraded"));
        } else {
            Dialect.API_SEARCH.requireError(504, answer);
            assertEquals("timeout", answer.json().get("kind").textValue());
        }
    }
}
