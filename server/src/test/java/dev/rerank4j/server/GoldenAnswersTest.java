package dev.rerank4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of {@code golden} is a request and the whole of its answer, for a person to review; what differs from run to
 * run has its place held by a word. After a change that is meant, {@code -Drerank4j.golden=write} writes them anew.
 */
class GoldenAnswersTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final boolean WRITE = "write".equals(System.getProperty("rerank4j.golden"));
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> MOMENTS = Set.of("created", "unix", "millis");

    private static TestServer server;
    private static PlainIndex index;

    @BeforeAll
    static void start(@TempDir Path folder) {
        index = new PlainIndex("default", folder, BuiltIn.ENCODER);
        server = TestServer.start(TestServer.OPTIONS, TestServer.catalogue(List.of(index)), List.of());
        server.post("/api/documents", "{\"documents\": [{\"id\": \"handbook\", \"title\": \"Handbook\", \"text\": "
                + "\"Every employee has 25 days of paid leave a year.\", \"metadata\": {\"year\": 2026}}, "
                + "{\"id\": \"canteen\", \"text\": \"The canteen serves soup.\"}]}").ok();
    }

    @AfterAll
    static void stop() {
        server.close();
        index.close();
    }

    static Stream<Path> goldens() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void anAnswerIsWhatWasReviewed(Path file) throws IOException {
        ObjectNode golden = (ObjectNode) MAPPER.readTree(file.toFile());
        String[] route = golden.get("route").textValue().split(" ");
        Answer answer = route[0].equals("GET")
                ? server.get(route[1])
                : server.post(route[1], golden.get("request").toString(), headers(golden));
        ObjectNode now = golden.deepCopy();
        now.put("status", answer.status());
        now.set("answer", stable("", answer.json()));
        if (WRITE) {
            Files.writeString(file, MAPPER.writeValueAsString(now) + "\n");
        }
        assertEquals(MAPPER.writeValueAsString(golden), MAPPER.writeValueAsString(now));
    }

    private static String[] headers(JsonNode golden) {
        return golden.path("headers").properties().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue().textValue())).toArray(String[]::new);
    }

    /** Numbers to two digits, and a word for each that is never the same. */
    private static JsonNode stable(String name, JsonNode node) {
        if (MOMENTS.contains(name)) {
            return TextNode.valueOf("<" + name + ">");
        }
        if (name.equals("id") && node.asText().matches("(score-)?[0-9a-f-]{36}")) {
            return TextNode.valueOf(node.asText().startsWith("score-") ? "score-<id>" : "<id>");
        }
        if (name.equals("embedding")) {
            return TextNode.valueOf(node.isArray()
                    ? "<" + node.size() + " numbers>"
                    : "<" + node.asText().length() + " characters>");
        }
        if (node.isFloatingPointNumber()) {
            return JsonNodeFactory.instance.numberNode(Math.round(node.doubleValue() * 100) / 100.0);
        }
        if (node instanceof ArrayNode array) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            array.forEach(one -> all.add(stable("", one)));
            return all;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(one -> all.set(one.getKey(), stable(one.getKey(), one.getValue())));
            return all;
        }
        return node;
    }
}
