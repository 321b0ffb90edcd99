package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code rerank mcp} answers, with the real models on the products of the examples. */
@Timeout(300)
class McpTest {

    private static final SchemaRegistry SCHEMAS = SchemaRegistry
            .withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @TempDir
    private static Path folder;

    private static McpProcess mcp;
    private static JsonNode tools;

    @BeforeAll
    static void start() throws Exception {
        String index = folder.resolve("products").toString();
        TestShell shell = new TestShell().cache(folder.resolve("cache"));
        assertEquals(0, shell.run("index", "--index", index, "../examples/products"), shell::err);
        mcp = McpProcess.start(folder.resolve("cache"), "--index", index).greeted();
        tools = mcp.result("tools/list", null).path("tools");
    }

    @AfterAll
    static void stop() throws Exception {
        mcp.hangUp();
        assertEquals(0, mcp.exit(), mcp::err);
        assertTrue(mcp.saysNothingElse());
        assertEquals("", mcp.err());
        mcp.close();
    }

    private static JsonNode tool(String name) {
        for (JsonNode tool : tools) {
            if (tool.path("name").asText().equals(name)) {
                return tool;
            }
        }
        throw new AssertionError("no tool " + name + " in " + tools);
    }

    /** The structured part of an answer, which must be as the tool's schema says. */
    private static JsonNode structured(String tool, JsonNode result) {
        JsonNode content = result.path("structuredContent");
        assertEquals(List.of(), SCHEMAS.getSchema(tool(tool).path("outputSchema")).validate(content).stream()
                .map(String::valueOf).toList());
        return content;
    }

    private static JsonNode search(String arguments) {
        return structured("search", mcp.tool("search", arguments));
    }

    @Test
    void toolsSayWhatTheyTakeAndGive() {
        assertEquals(List.of("search", "rerank"), tools.findValuesAsText("name"));
        for (JsonNode tool : tools) {
            assertFalse(tool.path("description").asText().isBlank());
            assertFalse(tool.at("/inputSchema/additionalProperties").asBoolean(true));
            assertTrue(tool.at("/annotations/readOnlyHint").asBoolean());
            assertTrue(tool.at("/annotations/idempotentHint").asBoolean());
            assertFalse(tool.at("/annotations/destructiveHint").asBoolean(true));
            assertFalse(tool.at("/annotations/openWorldHint").asBoolean(true));
            tool.at("/inputSchema/properties").forEach(property -> {
                assertFalse(property.path("description").asText().isBlank(), property::toString);
                assertTrue(property.has("maxLength") || property.has("maxItems") || property.has("maximum")
                        || property.has("enum"), () -> "no limit in " + property);
            });
        }
    }

    @Test
    void aSearchIsAContextAndItsHits() {
        JsonNode result = mcp.tool("search", "{\"query\": \"dry feet in wet snow\", \"limit\": 5}");
        JsonNode found = structured("search", result);
        assertEquals(1, result.path("content").size(), result::toString);
        String block = result.at("/content/0/text").asText();
        assertTrue(block.startsWith("[1] "), block);
        assertEquals(5, found.path("hits").size());
        assertFalse(found.path("degraded").asBoolean());
        assertEquals(0, found.path("notes").size());
        Set<Integer> ranks = new HashSet<>();
        for (JsonNode hit : found.path("hits")) {
            ranks.add(hit.path("rank").asInt());
            assertTrue(block.contains("[" + hit.path("citation").asInt() + "] " + hit.path("title").asText()), block);
            assertTrue(block.contains(hit.path("text").asText()), block);
            assertTrue(hit.path("probability").asDouble() > 0 && hit.path("probability").asDouble() < 1);
            JsonNode document = mcp.result("resources/read", "{\"uri\": " + hit.path("uri") + "}");
            assertTrue(document.at("/contents/0/text").asText().contains(hit.path("text").asText()));
        }
        assertEquals(Set.of(1, 2, 3, 4, 5), ranks);
    }

    @Test
    void aFilterHoldsForEveryHit() {
        JsonNode found = search("{\"query\": \"dry feet\", \"filter\": [\"category=shoes\", \"price<100\"]}");
        assertTrue(found.path("hits").size() > 0);
        for (JsonNode hit : found.path("hits")) {
            assertEquals("shoes", hit.at("/metadata/category").asText());
            assertTrue(hit.at("/metadata/price").asDouble() < 100);
        }
        JsonNode none = mcp.tool("search", "{\"query\": \"dry feet\", \"filter\": [\"category=boats\"]}");
        assertEquals("Nothing was found that passes the filter.", none.at("/content/0/text").asText());
        assertEquals(0, structured("search", none).path("hits").size());
    }

    @Test
    void whatIsNotProbableEnoughIsNotFoundAndItSaysSo() {
        JsonNode none = mcp.tool("search", "{\"query\": \"who was king of Sweden\", \"min_probability\": 1}");
        assertTrue(none.at("/content/0/text").asText()
                .matches("nothing relevant found \\(best candidate 0\\.[0-9]+, below min_probability 1\\.0\\)"),
                none::toString);
        assertEquals(0, structured("search", none).path("hits").size());
        assertTrue(search("{\"query\": \"dry feet in wet snow\", \"min_probability\": 0}").path("hits").size() > 0);
    }

    @Test
    void whatTheBlockHasNoRoomForIsNoted() {
        JsonNode result = mcp.tool("search",
                "{\"query\": \"dry feet in wet snow\", \"limit\": 10, \"context_tokens\": 150, \"context_order\": \"ends\"}");
        JsonNode found = structured("search", result);
        assertEquals(2, result.path("content").size(), result::toString);
        assertTrue(result.at("/content/1/text").asText().matches(
                "Note: there was no room for [0-9]+ more hits in 150 tokens: ask for more context_tokens to read them\\."),
                result::toString);
        assertEquals(10, found.path("hits").size());
        assertTrue(found.at("/hits/0/citation").isInt());
        assertTrue(found.at("/hits/9/citation").isNull());
        assertEquals(1, found.path("notes").size());
    }

    @Test
    void documentsMayBeHits() {
        JsonNode found = search("{\"query\": \"shoe\", \"unit\": \"document\", \"limit\": 20, \"depth\": 20}");
        List<String> documents = found.path("hits").findValuesAsText("document");
        assertEquals(20, documents.size());
        assertEquals(20, Set.copyOf(documents).size());
    }

    @Test
    void aDegradedAnswerSaysSo() {
        String longer = "feet ".repeat(1_500); // than the model reads
        JsonNode result = mcp.tool("search", "{\"query\": \"" + longer + "\", \"limit\": 3}");
        JsonNode found = structured("search", result);
        assertTrue(found.path("degraded").asBoolean());
        assertEquals(3, found.path("hits").size());
        assertTrue(result.at("/content/1/text").asText().startsWith(
                "Note: this answer is degraded, better passages may be missing: rerank the query has "),
                result::toString);
        assertTrue(found.at("/hits/0/probability").isNull());
    }

    @Test
    void textsAreReranked() {
        JsonNode result = mcp.tool("rerank", "{\"query\": \"how many days of leave\", \"texts\": "
                + "[\"a desk\", \"\", \"There are 25 days of leave.\", \"a desk\"]}");
        JsonNode found = structured("rerank", result);
        assertEquals(4, found.path("results").size());
        assertEquals(2, found.at("/results/0/index").asInt());
        List<String> indexes = found.path("results").findValuesAsText("index");
        assertTrue(indexes.indexOf("0") < indexes.indexOf("3"), "equal ones in the order given");
        assertTrue(result.at("/content/0/text").asText()
                .matches("(?s)index 2, probability 0\\.[0-9]{3}\nThere are 25 days of leave\\.\n\nindex .*"),
                result::toString);
        JsonNode best = structured("rerank",
                mcp.tool("rerank", "{\"query\": \"leave\", \"texts\": [\"a\", \"leave\"], \"limit\": 1.0}"));
        assertEquals(List.of("1"), best.path("results").findValuesAsText("index"));
        JsonNode cut = mcp.tool("rerank", "{\"query\": \"leave\", \"texts\": [\"" + "leave ".repeat(2_000) + "\"]}");
        assertTrue(cut.at("/content/1/text").asText().startsWith("Note: of 1 text only the beginning was read"),
                cut::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "search|{}|the argument query is missing: What to look for",
            "search|{\"query\": null}|the argument query is missing: What to look for",
            "search|{\"query\": 5}|query must be a string, got a number",
            "search|{\"query\": \" \\t\"}|query must not be empty",
            "search|{\"query\": \"shoe\", \"limit\": 0}|limit must be an integer from 1 to 100, got 0",
            "search|{\"query\": \"shoe\", \"limit\": 101}|limit must be an integer from 1 to 100, got 101",
            "search|{\"query\": \"shoe\", \"limit\": 2.5}|limit must be an integer from 1 to 100, got 2.5",
            "search|{\"query\": \"shoe\", \"limit\": 1e999}|limit must be an integer from 1 to 100, got 1E+999",
            "search|{\"query\": \"shoe\", \"limit\": \"ten\"}|limit must be an integer from 1 to 100, got \"ten\"",
            "search|{\"query\": \"shoe\", \"limit\": [1]}|limit must be an integer from 1 to 100, got an array",
            "search|{\"query\": \"shoe\", \"limit\": true}|limit must be an integer from 1 to 100, got true",
            "search|{\"query\": \"shoe\", \"depth\": 5}|depth must be at least limit, which is 10, got 5",
            "search|{\"query\": \"shoe\", \"depth\": 5000}|depth must be an integer from 1 to 1000, got 5000",
            "search|{\"query\": \"shoe\", \"limt\": 5}|there is no argument limt; did you mean limit? known are ",
            "search|{\"query\": \"shoe\", \"filter\": \"a=b\"}|filter must be an array of strings, got a string",
            "search|{\"query\": \"shoe\", \"filter\": [5]}|filter[0] must be a string, got a number",
            "search|{\"query\": \"shoe\", \"filter\": [\"\"]}|filter[0] must not be empty",
            "search|{\"query\": \"shoe\", \"filter\": [\"shoes\"]}|filter must be a field, one of = != < <= > >= ~ and a value",
            "search|{\"query\": \"shoe\", \"filter\": [\"categry=x\"]}|did you mean category? known are ",
            "search|{\"query\": \"shoe\", \"unit\": \"page\"}|unit must be one of passage, document, got \"page\"",
            "search|{\"query\": \"shoe\", \"unit\": {}}|unit must be one of passage, document, got an object",
            "search|{\"query\": \"shoe\", \"min_probability\": 2}|min_probability must be a number from 0 to 1, got 2",
            "search|{\"query\": \"shoe\", \"context_tokens\": 1}|context_tokens must be an integer from 50 to 100000, got 1",
            "search|{\"query\": \"shoe\", \"context_order\": \"x\"}|context_order must be one of best, document, ends, got \"x\"",
            "rerank|{\"query\": \"a\"}|the argument texts is missing: The candidates.",
            "rerank|{\"query\": \"a\", \"texts\": []}|texts must have at least 1 item, got 0",
            "rerank|{\"query\": \"a\", \"texts\": [\"a\", null]}|texts[1] must be a string, got null",
            "rerank|{\"query\": \"a\", \"texts\": [\"a\"], \"limit\": -1}|limit must be an integer from 1 to 1000, got -1"})
    void aWrongArgumentIsToldInASentence(String tool, String arguments, String sentence) {
        String refusal = mcp.refusal(tool, arguments);
        assertTrue(refusal.contains(sentence), refusal);
        assertFalse(refusal.contains("--") || refusal.contains("Exception") || refusal.contains("\n"), refusal);
    }

    @Test
    void whatIsTooMuchIsRefusedWithoutShowingIt() {
        assertEquals("query must be at most 10,000 characters long, got 10,001",
                mcp.refusal("search", "{\"query\": \"" + "a".repeat(10_001) + "\"}"));
        assertEquals("texts must have at most 1,000 items, got 1,001", mcp.refusal("rerank",
                "{\"query\": \"a\", \"texts\": [" + "\"a\",".repeat(1_000) + "\"a\"]}"));
        assertEquals("texts[0] must be at most 100,000 characters long, got 100,001",
                mcp.refusal("rerank", "{\"query\": \"a\", \"texts\": [\"" + "a".repeat(100_001) + "\"]}"));
        assertEquals("filter must have at most 32 items, got 33", mcp.refusal("search",
                "{\"query\": \"a\", \"filter\": [" + "\"a=b\",".repeat(32) + "\"a=b\"]}"));
        assertEquals("unit must be one of passage, document, got a string",
                mcp.refusal("search", "{\"query\": \"a\", \"unit\": \"" + "x".repeat(60) + "\"}"));
        assertTrue(mcp.refusal("rerank", "{\"query\": \"" + "feet ".repeat(1_000) + "\", \"texts\": [\"a\"]}")
                .startsWith("the query has "));
    }

    @Test
    void aCallThatIsNoneIsAnErrorOfTheProtocol() {
        JsonNode unknown = mcp.error("tools/call", McpProcess.call("find", "{}"));
        assertEquals(-32602, unknown.path("code").asInt());
        assertEquals("there is no such tool: there are search, rerank", unknown.path("message").asText());
        for (String params : new String[]{null, "{}", "[]", "5", "{\"name\": 5}",
                "{\"name\": \"search\", \"arguments\": []}",
                "{\"name\": \"search\", \"arguments\": \"x\"}"}) {
            assertEquals(-32602, mcp.error("tools/call", params).path("code").asInt(), params);
        }
        assertEquals(-32601, mcp.error("prompts/list", null).path("code").asInt());
    }

    @Test
    void allDocumentsAreListedPageByPage() {
        Set<String> uris = new HashSet<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = mcp.result("resources/list", "{" + cursor + "}");
            assertTrue(page.path("resources").size() <= 100);
            for (JsonNode resource : page.path("resources")) {
                assertTrue(uris.add(resource.path("uri").asText()), resource::toString);
                assertEquals("text/markdown", resource.path("mimeType").asText());
                assertFalse(resource.path("name").asText().isBlank());
            }
            cursor = page.has("nextCursor") ? "\"cursor\": " + page.path("nextCursor") : null;
            pages++;
        } while (cursor != null);
        assertEquals(2, pages);
        assertEquals(161, uris.size());
        assertTrue(uris.contains("rerank4j://document/shoe-01"), uris::toString);
        assertEquals(-32602, mcp.error("resources/list", "{\"cursor\": \"?\"}").path("code").asInt());
        assertEquals(-32602, mcp.error("resources/list", "{\"cursor\": 5}").path("code").asInt());
    }

    @Test
    void aDocumentIsReadByItsUri() {
        JsonNode read = mcp.result("resources/read", "{\"uri\": \"rerank4j://document/shoe%2D01\"}");
        assertEquals(1, read.path("contents").size());
        assertEquals("rerank4j://document/shoe%2D01", read.at("/contents/0/uri").asText());
        assertTrue(read.at("/contents/0/text").asText().startsWith("# Skarn trail shoe\n\nMade for runs on wet snow"));
        JsonNode templates = mcp.result("resources/templates/list", "{}").path("resourceTemplates");
        assertEquals("rerank4j://document/{id}", templates.at("/0/uriTemplate").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rerank4j://document/nope", "rerank4j://document/", "rerank4j://document/%", "x", "",
            "rerank4j://document/%zz", "rerank4j://document/%ff", "file:///etc/passwd",
            "rerank4j://document/../../etc/passwd", "rerank4j://document/shoe-01%00", "RERANK4J://document/shoe-01"})
    void whatIsNoDocumentIsNotFound(String uri) {
        JsonNode error = mcp.error("resources/read", "{\"uri\": " + McpProcess.quoted(uri) + "}");
        assertEquals(-32002, error.path("code").asInt());
        assertEquals(uri, error.at("/data/uri").asText());
        assertEquals(-32602, mcp.error("resources/read", "{\"uri\": 5}").path("code").asInt());
        assertEquals(-32602, mcp.error("resources/read", "{}").path("code").asInt());
    }

    @Test
    void manyCallsAtOnceAreEachAnswered() {
        List<String> words = List.of("shoe", "jacket", "tent", "lamp", "wool");
        List<JsonNode> alone = words.stream().map(word -> search("{\"query\": \"" + word + "\", \"limit\": 3}"))
                .toList();
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answers.add(mcp.send("tools/call",
                    McpProcess.call("search", "{\"query\": \"" + words.get(i % 5) + "\", \"limit\": 3}")));
        }
        IntStream.range(0, 60).forEach(i -> assertEquals(alone.get(i % 5),
                answers.get(i).join().at("/result/structuredContent")));
    }

    @Test
    void aCancelledCallIsNotAnsweredAndTheNextOneIs() {
        String texts = ("\"" + "the days of leave are counted from January ".repeat(60) + "\",").repeat(999) + "\"a\"";
        int id = mcp.nextId();
        CompletableFuture<JsonNode> cancelled = mcp.send("tools/call",
                McpProcess.call("rerank", "{\"query\": \"leave\", \"texts\": [" + texts + "]}"));
        mcp.result("ping", null);
        JsonNode again = mcp.send("ping", null).join();
        assertTrue(again.path("result").isEmpty());
        mcp.notice("notifications/cancelled", "{\"requestId\": " + id + ", \"reason\": \"changed my mind\"}");
        mcp.notice("notifications/cancelled", "{\"requestId\": 999999}");
        mcp.notice("notifications/cancelled", "null");
        assertEquals(2, mcp.tool("rerank", "{\"query\": \"leave\", \"texts\": [\"a\", \"leave\"]}")
                .at("/structuredContent/results").size(), "long before a thousand texts are read");
        assertFalse(cancelled.isDone());
    }

    @Test
    void aRequestWhoseNumberIsInUseIsRefused() throws InterruptedException {
        String texts = ("\"" + "the days of leave are counted from January ".repeat(60) + "\",").repeat(999) + "\"a\"";
        String request = "{\"jsonrpc\": \"2.0\", \"id\": \"same\", \"method\": \"tools/call\", \"params\": "
                + McpProcess.call("rerank", "{\"query\": \"leave\", \"texts\": [" + texts + "]}") + "}";
        mcp.say(request);
        mcp.say(request);
        JsonNode refused = mcp.next();
        assertEquals("same", refused.path("id").asText());
        assertEquals("a request of this id is still running", refused.at("/error/message").asText());
        mcp.notice("notifications/cancelled", "{\"requestId\": \"same\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "no JSON|-32700|a line must be one message in JSON",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping|-32700|a line must be one message in JSON",
            "[]|-32600|a message must be one JSON object",
            "[{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}]|-32600|a message must be one JSON object",
            "5|-32600|a message must be one JSON object",
            "{} {}|-32600|a message must be one JSON object",
            "{}|-32600|a message must have \"jsonrpc\": \"2.0\"",
            "{\"id\": 1, \"method\": \"ping\"}|-32600|a message must have \"jsonrpc\": \"2.0\"",
            "{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"ping\"}|-32600|a message must have \"jsonrpc\": \"2.0\"",
            "{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"ping\"}|-32600|an id that is a string or an integer",
            "{\"jsonrpc\": \"2.0\", \"id\": 1.5, \"method\": \"ping\"}|-32600|an id that is a string or an integer",
            "{\"jsonrpc\": \"2.0\", \"id\": {}, \"method\": \"ping\"}|-32600|an id that is a string or an integer",
            "{\"jsonrpc\": \"2.0\", \"id\": 1e99, \"method\": \"ping\"}|-32600|an id that is a string or an integer",
            "{\"jsonrpc\": \"2.0\", \"id\": 987654, \"method\": null}|-32600|a method",
            "{\"jsonrpc\": \"2.0\", \"id\": 987654, \"method\": {}}|-32600|a method"})
    void aLineThatIsNoMessageIsToldAndTheNextOneIsRead(String line, int code, String sentence) throws Exception {
        mcp.say(line);
        JsonNode error = mcp.next().path("error");
        assertEquals(code, error.path("code").asInt());
        assertTrue(error.path("message").asText().contains(sentence), error::toString);
        mcp.result("ping", null);
    }

    @Test
    void noLineIsTooOddToGoOn() throws Exception {
        mcp.say("");
        mcp.say(" \t\r");
        mcp.say("{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {}}"); // nothing was asked
        mcp.say("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/nobody/knows\", \"params\": [1]}");
        mcp.result("ping", null);
        mcp.say("{\"a\": " + "[".repeat(100_000));
        assertEquals(-32700, mcp.next().at("/error/code").asInt(), "too deep");
        mcp.say("{\"a\": " + "9".repeat(100_000) + "}");
        assertEquals(-32700, mcp.next().at("/error/code").asInt(), "too long a number");
        mcp.say(new byte[]{(byte) 0xff, 0, (byte) 0xc3, '\n'});
        assertEquals(-32700, mcp.next().at("/error/code").asInt(), "not UTF-8");
        byte[] longest = new byte[McpLink.LONGEST_LINE + 1];
        Arrays.fill(longest, (byte) 'a');
        longest[McpLink.LONGEST_LINE] = '\n';
        mcp.say(longest);
        assertEquals(-32700, mcp.next().at("/error/code").asInt(), "as long as allowed");
        mcp.say("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"" + "a".repeat(McpLink.LONGEST_LINE) + "\"}");
        assertEquals("a message must be at most 16.0 MiB long", mcp.next().at("/error/message").asText());
        mcp.result("ping", null);
        JsonNode odd = mcp.tool("search", "{\"query\": \"\\ud83d \\u0000 AND (\\\"\", \"limit\": 1}");
        assertNotEquals(0, odd.path("content").size());
    }
}
