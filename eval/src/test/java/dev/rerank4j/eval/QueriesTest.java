package dev.rerank4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueriesTest {

    @TempDir
    private Path folder;

    @Test
    void readsJsonLines() {
        Queries queries = read("\uFEFF{\"_id\": \"q1\", \"text\": \"warm boots\", \"metadata\": {}}\r\n\r\n"
                + "{\"id\": 7, \"text\": \" tent \\u00e9 \"}\r\n");
        assertEquals(Map.of("q1", "warm boots", "7", "tent \u00e9"), queries.texts());
        assertEquals(List.of("q1", "7"), List.copyOf(queries.ids()));
        assertEquals(Optional.of("warm boots"), queries.text("q1"));
        assertEquals(Optional.empty(), queries.text("q2"));
        assertEquals(List.of(), queries.warnings());
    }

    @Test
    void readsWhatAQueryFilters() {
        assertEquals(Map.of("q1", List.of("category=boots"), "q2", List.of("price<100", "size=42")), read("""
                {"_id": "q1", "text": "warm boots", "filter": "category=boots"}
                {"_id": "q2", "text": "boots", "filter": ["price<100", "size=42"]}
                {"_id": "q3", "text": "tent", "filter": []}
                {"_id": "q4", "text": "rope", "filter": null}
                """).filters());
        assertRefused(1, "\"filter\" must be a text such as \"category=shoes\", or an array of texts",
                "{\"_id\":\"a\",\"text\":\"b\",\"filter\":{\"price\":1}}\n");
        assertRefused(1, "\"filter\" must be a text such as \"category=shoes\", or an array of texts",
                "{\"_id\":\"a\",\"text\":\"b\",\"filter\":[\"x=1\",2]}\n");
        assertRefused(2, "a query must not contradict an earlier one, got another filter for a",
                "{\"_id\":\"a\",\"text\":\"b\",\"filter\":\"x=1\"}\n{\"_id\":\"a\",\"text\":\"b\"}\n");
    }

    @Test
    void readsTabsAndTopics() {
        assertEquals(Map.of("q1", "warm boots", "q2", "tent\tfor two"),
                read("q1\twarm boots\nq2\ttent\tfor two\n").texts());
        assertEquals(Map.of("301", "warm boots", "302", "a tent", "303", "rope"), read("""
                <top>
                <num> Number: 301
                <title> warm boots

                <desc> Description:
                What keeps feet warm?
                </top>
                <top>
                <num> Number: 302 </num>
                <title> Topic: a tent </title>
                </top>
                <top>
                <num>303
                <title>
                rope
                </top>
                """).texts());
    }

    @Test
    void brokenLinesAreNamed() {
        assertRefused(2, "a query must be valid JSON", "{\"_id\":\"a\",\"text\":\"b\"}\n{\"_id\":\"c\",\"text\":\n");
        assertRefused(1, "a query must be valid JSON", "{\"_id\":\"a\",\"text\":\"b\"} {}\n");
        assertRefused(2, "a query must be one JSON object on one line", "{\"_id\":\"a\",\"text\":\"b\"}\n[1]\n");
        assertRefused(1, "a query must be valid JSON", "{_id:'a',text:'b'}\n");
        assertRefused(1, "a query must have an \"_id\"", "{\"text\":\"b\"}\n");
        assertRefused(1, "a query must have a \"text\"", "{\"_id\":\"a\",\"text\":[]}\n");
        assertRefused(1, "the id of a query must not be blank", "{\"_id\":\" \",\"text\":\"b\"}\n");
        assertRefused(2, "a query must be a JSON object, or an id, a tab and a text", "q1\tboots\nboots\n");
        assertRefused(3, "a topic must have a <title>", "<top>\n<num> 1\n</top>\n");
        assertRefused(2, "a topic must have a <num> and then a <title>", "<top>\n<title> boots\n</top>\n");
        assertRefused(2, "a topic must have its number", "<top>\n<num> Number:\n");
    }

    @Test
    void whatIsThereTwiceCountsOnceAndContradictionsAreRefused() {
        Queries queries = read("q1\tboots\nq1\tboots\nq2\t \n");
        assertEquals(Map.of("q1", "boots"), queries.texts());
        assertEquals(List.of(file() + ":2: query q1 is there twice; that counts once",
                file() + ":3: query q2 has no text and is left out"), queries.warnings());
        assertRefused(2, "got another text for q1", "q1\tboots\nq1\ttents\n");
    }

    @Test
    void anEmptyFileHasNoQueries() {
        assertEquals(Map.of(), read("\n").texts());
    }

    private void assertRefused(int line, String reason, String text) {
        Path file = Texts.file(folder, "queries", text);
        Texts.assertRefused(file, line, reason, () -> Queries.read(file));
    }

    private Queries read(String text) {
        return Queries.read(Texts.file(folder, "queries", text));
    }

    private Path file() {
        return folder.resolve("queries");
    }
}
