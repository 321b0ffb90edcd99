package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Ranking;
import dev.rerank4j.SearchResult;
import dev.rerank4j.Value;
import dev.rerank4j.server.SearchJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SearchJsonTest {

    @Test
    void theObjectIsAsDocumented() throws Exception {
        Passage passage = new Passage("d#1", "d", "Title", "Text \"quoted\"\n", new Location("f.md", List.of("H"),
                OptionalInt.of(2), 3, 17),
                Map.of("price", Value.of(99.5), "year", Value.of(2024), "sale",
                        Value.of(true),
                        "since", Value.of(Instant.parse("2024-01-31T00:00:00Z")), "tags", Value.of("a", "b")));
        SearchResult result = new SearchResult(Ranking.builder("bm25").add(passage, 1.5).build(),
                HitPrinterTest.result().stages());
        String expected = """
                {"query":"q","degraded":true,"hits":[{"rank":1,"id":"d#1","document":"d","score":1.5,"probability":null,\
                "title":"Title","text":"Text \\"quoted\\"\\n","location":{"file":"f.md","headings":["H"],"page":2,"start":3,"end":17},\
                "metadata":{"price":99.5,"sale":true,"since":"2024-01-31T00:00:00Z","tags":["a","b"],"year":2024},\
                "evidence":[{"stage":"bm25","rank":1,"score":1.5}]}],\
                "stages":[{"name":"bm25","outcome":"completed","millis":1.25,"candidates":3},\
                {"name":"vector","outcome":"failed","millis":200.0,"candidates":null,"reason":"cut off at the deadline"},\
                {"name":"rerank","outcome":"completed","millis":31.049,"candidates":3}]}""";
        assertEquals(expected, Json.text(SearchJson.of("q", result)));
    }

    @Test
    void aProbabilityIsThereWhereAModelGaveOne() throws Exception {
        JsonNode json = Json.MAPPER.readTree(Json.text(SearchJson.of("q", HitPrinterTest.result())));
        assertEquals(0.9526, json.at("/hits/0/probability").asDouble());
        assertEquals(2, json.at("/hits/0/evidence").size());
        assertTrue(json.at("/hits/1/location/page").isNull());
        assertEquals(3, json.at("/hits/2/rank").asInt());
    }

    @Test
    void loneSurrogatesDoNotBreakIt() throws Exception {
        SearchResult result = new SearchResult(Ranking.builder("bm25").add(Passage.of("d", "a\ud800b"), 1).build(),
                List.of());
        assertEquals(1, Json.MAPPER.readTree(Json.text(SearchJson.of("\udc00", result))).at("/hits").size());
    }
}
