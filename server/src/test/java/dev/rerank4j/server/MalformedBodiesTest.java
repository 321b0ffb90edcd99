package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are not what a route takes: always an answer, always in the dialect's words, never the server's fault. */
class MalformedBodiesTest {

    private static final JsonNode PLACE = TextNode.valueOf("@place@");

    private static TestServer server;
    private static PlainIndex index;

    @BeforeAll
    static void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder, BuiltIn.ENCODER);
        server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index)), List.of());
        server.post(Dialect.API_DOCUMENTS, Dialect.API_DOCUMENTS.request().toString()).ok();
    }

    @AfterAll
    static void stop() {
        server.close();
        index.close();
    }

    private static void refused(Dialect dialect, Answer answer) {
        assertTrue(answer.status() >= 400 && answer.status() < 500, () -> answer.status() + " " + answer.text());
        if (dialect.path().equals("/rerank") && answer.json().has("error_type") && answer.json().has("detail")) {
            Dialect.requireUnread(answer);
        } else if (dialect == Dialect.TEI && !answer.json().has("error_type")) {
            Dialect.INFINITY.requireError(answer); // without texts it is not TEI's
        } else {
            dialect.requireError(answer);
        }
    }

    private static void refused(Dialect dialect, String body) {
        refused(dialect, server.post(dialect, body));
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsRefused(Dialect dialect) {
        String body = dialect.request().toString();
        for (int length = 0; length < body.length(); length += 7) {
            refused(dialect, body.substring(0, length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoObjectIsRefused(Dialect dialect) {
        for (String body : List.of("", " ", "null", "true", "1", "\"a\"", "[]", "[{}]", "{", "}", "{]", "nul",
                "{\"a\"}",
                "{'query': 'a'}", "{\"query\": \"a\",}", "{\"query\": NaN}", "{\"query\": Infinity}", "{}{}",
                dialect.request() + "x", "<xml/>", "query=a&documents=b", "{\"query\": \"\u0000\"}",
                "{\"query\": \"\\ud8\"}", "{\"query\": \"\\x\"}", "// a\n{}", "\u0000")) {
            refused(dialect, body);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nestingWithoutEndIsRefused(Dialect dialect) {
        int deep = 100_000;
        refused(dialect, "[".repeat(deep));
        refused(dialect, "{\"a\":".repeat(deep));
        refused(dialect, "{\"query\":" + "[".repeat(deep) + "]".repeat(deep) + "}");
        refused(dialect, "{\"" + (dialect.list().isEmpty() ? "filter" : dialect.list()) + "\":["
                + "{\"not\":".repeat(deep) + "1" + "}".repeat(deep) + "]}");
    }

    @ParameterizedTest
    @EnumSource
    void aByteOrderMarkBeforeAGoodBodyDoesNoHarm(Dialect dialect) {
        Answer answer = server.post(dialect, "\uFEFF" + dialect.request());
        assertEquals(200, answer.status(), answer::text);
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatAreNoUtf8AreRefused(Dialect dialect) {
        String body = dialect.request().put(dialect == Dialect.API_DOCUMENTS ? "index" : "query", "@").toString();
        for (byte[] bad : List.of(new byte[]{(byte) 0xff}, new byte[]{(byte) 0xc3, 0x28}, new byte[]{(byte) 0xc0,
                (byte) 0x80}, new byte[]{(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                new byte[]{(byte) 0xf5, (byte) 0x80,
                        (byte) 0x80, (byte) 0x80},
                new byte[]{(byte) 0x80})) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int at = body.indexOf('@');
            bytes.writeBytes(body.substring(0, at).getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(bad);
            bytes.writeBytes(body.substring(at + 1).getBytes(StandardCharsets.UTF_8));
            refused(dialect, server.post(dialect.path(), bytes.toByteArray(), dialect.headers()));
        }
    }

    static Stream<Arguments> fields() {
        List<Arguments> fields = new ArrayList<>();
        for (Dialect dialect : Dialect.values()) {
            dialect.full().fieldNames().forEachRemaining(field -> fields.add(Arguments.of(dialect, field)));
        }
        return fields.stream();
    }

    @ParameterizedTest
    @MethodSource("fields")
    void aFieldOfAnotherKindIsRefusedOrIgnoredButNeverAFault(Dialect dialect, String field) {
        for (String value : List.of("1", "-1", "0", "1.5", "1e999", "-1e999", "9".repeat(400), "1e400",
                "9223372036854775808", "2147483648", "\"\"", "\"text\"", "\"\\ud800\"", "\"\\u0000\"", "true", "false",
                "null", "[]", "{}", "[null]", "[1]", "[[]]", "[{}]", "[\"a\"]", "{\"text\": \"a\"}",
                "{\"text\": null}", "{\"text\": 1}", "[{\"text\": {}}]", "[{\"text\": [\"a\"]}]", "{\"a\": [{}]}",
                "[\"\\udc00\"]")) {
            ObjectNode body = dialect.full();
            body.set(field, PLACE);
            String text = body.toString().replace("\"@place@\"", value);
            Answer answer = server.post(dialect, text);
            if (answer.status() == 200) {
                answer.json();
            } else if (answer.status() == 504 && field.equals("timeout_ms")) {
                dialect.requireError(answer); // which is what was asked for
            } else {
                refused(dialect, answer);
                assertTrue(answer.text().length() < 1000, answer::text);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void numbersWithoutEndAreRefused(Dialect dialect) {
        refused(dialect, "{\"query\": " + "9".repeat(1_000_000) + "}");
        refused(dialect, "{\"query\": 1e" + "9".repeat(1_000_000) + "}");
    }

    @ParameterizedTest
    @EnumSource
    void ofKeysGivenTwiceOneCounts(Dialect dialect) {
        String body = dialect.request().toString();
        Answer answer = server.post(dialect, "{" + body.substring(1, body.length() - 1) + ", " + body.substring(1));
        assertEquals(200, answer.status(), answer::text);
    }

    @Test
    void loneSurrogatesInTextsThatComeBackAreValidUtf8() {
        String body = "{\"query\": \"a \\ud800 b\", \"documents\": [\"x \\udc00 y\", {\"text\": \"z \\ud83d\"}], "
                + "\"return_documents\": true}";
        for (Dialect dialect : List.of(Dialect.COHERE_V2, Dialect.RERANK_V1, Dialect.INFINITY, Dialect.PINECONE)) {
            Answer answer = server.post(dialect, body);
            assertEquals(2, dialect.order(answer.ok()).size());
            assertTrue(answer.text().contains("x ? y") && answer.text().contains("z ?"), answer::text);
        }
    }

    @Test
    void markupInTextsComesBackAsJsonThatNoBrowserInterprets() {
        String text = "<script>alert(1)</script>\u2028 & ' \" \\ \u0000";
        for (Dialect dialect : List.of(Dialect.COHERE_V2, Dialect.RERANK_V1, Dialect.INFINITY, Dialect.PINECONE)) {
            ObjectNode body = dialect.request("leave", List.of(text)).put("return_documents", true);
            Answer answer = server.post(dialect, body.toString());
            JsonNode document = dialect.hits(answer.ok()).get(0).get("document");
            assertEquals(text, (document.isObject() ? document.get("text") : document).textValue());
            assertEquals("application/json", answer.header("content-type").orElseThrow());
            assertEquals("nosniff", answer.header("x-content-type-options").orElseThrow());
            assertTrue(answer.header("content-security-policy").orElseThrow().contains("default-src 'self'"));
        }
    }

    @Test
    void objectsComeBackAsTheyWereSent() {
        String document = "{\"id\":7,\"text\":\"holiday\",\"tags\":[\"a\",null,{\"b\":1.5}],\"n\":12345678901234567890}";
        for (Dialect dialect : List.of(Dialect.COHERE_V2, Dialect.RERANK_V1, Dialect.PINECONE)) {
            Answer answer = server.post(dialect, "{\"query\": \"leave\", \"documents\": [" + document
                    + "], \"return_documents\": true}");
            assertEquals(Answer.parse(document), dialect.hits(answer.ok()).get(0).get("document"));
        }
        Answer answer = server.post(Dialect.MIXEDBREAD, "{\"query\": \"leave\", \"input\": [" + document
                + ", \"soup\"], \"return_input\": true}");
        assertEquals(Answer.parse(document), answer.ok().get("data").get(0).get("input"));
        assertEquals("soup", answer.ok().get("data").get(1).get("input").textValue());
    }

    @Test
    void fieldsToRankByAreReadInTheirOrder() {
        String documents = "[{\"name\": \"soup\", \"about\": \"lunch\"}, {\"name\": \"holiday\", \"about\": \"leave\"}]";
        for (Dialect dialect : List.of(Dialect.RERANK_V1, Dialect.PINECONE, Dialect.MIXEDBREAD)) {
            String more = ", \"" + dialect.list() + "\": " + documents + "}";
            assertEquals(List.of(1, 0), dialect.order(server.post(dialect,
                    "{\"query\": \"leave\", \"rank_fields\": [\"name\", \"about\"]" + more).ok()));
            refused(dialect, "{\"query\": \"leave\"" + more);
            refused(dialect, "{\"query\": \"leave\", \"rank_fields\": [\"nothing\"]" + more);
        }
    }
}
