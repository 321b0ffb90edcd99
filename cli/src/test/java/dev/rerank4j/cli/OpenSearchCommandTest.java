package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.opensearchserver.OpenSearchServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command line with a real OpenSearch as its first stage. */
@Timeout(300)
class OpenSearchCommandTest {

    private static final String HANDBOOK = "../examples/handbook/docs";
    private static final String PRODUCTS = "../examples/products";
    private static final String LEAVE = "how many days of paid leave do I get";

    @TempDir
    private static Path folder;

    private static OpenSearchServer server;

    @BeforeAll
    static void start() throws IOException {
        server = OpenSearchServer.start(Path.of("../opensearch-server/target"), folder.resolve("data"), "512m");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestShell shell() {
        return new TestShell().cache(folder.resolve("cache"));
    }

    /** A configuration file with this as the rest of the section. */
    private static String config(String rest) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "config", ".yaml"), """
                search: {retriever: opensearch}
                opensearch:
                  address: %s
                %s""".formatted(server.address(), rest.indent(2))).toString();
    }

    private static JsonNode search(String config, String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of("search", "--config", config, "--json"));
        all.addAll(List.of(args));
        TestShell shell = shell();
        assertEquals(0, shell.run(all.toArray(String[]::new)), shell::err);
        return Json.MAPPER.readTree(shell.out());
    }

    private static JsonNode ask(String method, String path, String body) throws Exception {
        return Json.MAPPER.readTree(HttpClient.newHttpClient().send(HttpRequest.newBuilder(server.address().resolve(
                path)).header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString()).body());
    }

    @Test
    void filesAreLoadedOnceAndSearchedByTheClusterAndTheCrossEncoder() throws Exception {
        String config = config("index: handbook");
        TestShell first = shell();
        assertEquals(0, first.run("index", "--config", config, HANDBOOK), first::err);
        assertTrue(first.out().matches("(?s).* documents in .* added, 0 changed, 0 removed, 0 unchanged; .*"),
                first.out());
        TestShell second = shell();
        assertEquals(0, second.run("index", "--config", config, HANDBOOK), second::err);
        assertTrue(second.out().contains(": 0 added, 0 changed, 0 removed, "), second.out());

        TestShell shown = shell();
        assertEquals(0, shown.run("search", "--config", config, LEAVE), shown::err);
        assertTrue(shown.out().startsWith("  1  "), shown.out());
        assertTrue(shown.out().contains("27 days"), shown.out());
        JsonNode answer = search(config, LEAVE);
        assertFalse(answer.at("/degraded").asBoolean());
        assertEquals(List.of("bm25", "rerank"), answer.at("/stages").findValuesAsText("name"));
        assertEquals("bm25", answer.at("/hits/0/evidence/0/stage").asText());

        // The same words are found by the embedded index, with the same scores.
        TestShell embedded = shell();
        assertEquals(0, embedded.run("search", "--docs", HANDBOOK, "--retriever", "bm25", "--json", LEAVE),
                embedded::err);
        JsonNode same = Json.MAPPER.readTree(embedded.out());
        assertEquals(same.at("/hits").findValuesAsText("id"), answer.at("/hits").findValuesAsText("id"));
        assertEquals(same.at("/hits/0/evidence/0/score").asDouble(), answer.at("/hits/0/evidence/0/score").asDouble(),
                1e-3);
    }

    @Test
    void filtersAndVectors() throws Exception {
        String config = config("index: products\nsearch: vector");
        TestShell index = shell();
        assertEquals(0, index.run("index", "--config", config, PRODUCTS), index::err);
        JsonNode answer = search(config, "dry feet in wet snow", "--filter", "category=shoes", "--filter", "price<200",
                "--limit", "3");
        assertEquals(List.of("vector", "rerank"), answer.at("/stages").findValuesAsText("name"));
        assertEquals(3, answer.at("/hits").size());
        for (JsonNode hit : answer.at("/hits")) {
            assertEquals("shoes", hit.at("/metadata/category").asText());
            assertTrue(hit.at("/metadata/price").asDouble() < 200);
        }
        TestShell unknown = shell();
        assertEquals(2, unknown.run("search", "--config", config, "shoes", "--filter", "categry=shoes"));
        assertTrue(unknown.err().contains("did you mean category"), unknown.err());
    }

    @Test
    void theServerSearchesItAndTakesDocuments() throws Exception {
        String config = config("index: served");
        TestShell index = shell();
        assertEquals(0, index.run("index", "--config", config, HANDBOOK), index::err);
        try (ServerProcess served = ServerProcess.start("--config", config).ready()) {
            served.post("/api/documents", "{\"documents\": [{\"id\": \"n\", \"text\": \"Umbrellas are in room 17.\"}]}")
                    .ok();
            JsonNode answer = served.post("/api/search", "{\"query\": \"where are the umbrellas\"}").ok().json();
            assertEquals("n", answer.at("/hits/0/document").asText(), answer::toString);
            assertFalse(answer.at("/degraded").asBoolean());
            ServerProcess.Answer vectors = served.post("/api/search",
                    "{\"query\": \"umbrellas\", \"retriever\": \"vector\"}");
            assertEquals(400, vectors.status(), vectors::body);
        }
        TestShell both = shell();
        assertEquals(2, both.run("serve", "--config", config, "--index", folder.resolve("f").toString()));
        assertTrue(both.err().contains("exclude each other"), both.err());
    }

    @Test
    void anIndexOfSomebodyElseIsSearchedAndNeverWritten() throws Exception {
        ask("PUT", "/theirs", """
                {"mappings": {"properties": {"body": {"type": "text"}, "headline": {"type": "text"},
                    "section": {"type": "keyword"}}}}""");
        ask("PUT", "/theirs/_doc/7?refresh=true", """
                {"headline": "Leave", "body": "Employees get 25 days of paid leave.", "section": "hr"}""");
        ask("PUT", "/theirs/_doc/8?refresh=true", """
                {"headline": "Parking", "body": "Leave the garage by nine in the evening.", "section": "site"}""");
        String config = config(
                "index: theirs\nfields: {id: _id, title: headline, text: body, metadata: [section]}");
        JsonNode answer = search(config, LEAVE);
        assertEquals(List.of("7", "8"), answer.at("/hits").findValuesAsText("id"));
        assertEquals(List.of("8"),
                search(config, "leave", "--filter", "section=site").at("/hits").findValuesAsText("id"));
        TestShell written = shell();
        assertEquals(2, written.run("index", "--config", config, HANDBOOK), written::err);
        assertTrue(written.err().contains("filled by somebody else"), written.err());
        assertEquals(2, ask("GET", "/theirs/_count", "").at("/count").asInt());
    }

    @Test
    void whatIsWrongIsASentence() throws Exception {
        TestShell missing = shell();
        assertEquals(3, missing.run("search", "--config", config("index: nowhere"), "leave"));
        assertTrue(missing.err().contains("rerank index"), missing.err());

        TestShell section = shell();
        assertEquals(2, section.run("search", "--retriever", "opensearch", "leave"));
        assertTrue(section.err().contains("opensearch: {address: http://localhost:9200, index: passages}"),
                section.err());

        String nobody = Files.writeString(folder.resolve("nobody.yaml"),
                "search: {retriever: opensearch}\nopensearch: {address: 'http://127.0.0.1:1', index: a}\n").toString();
        TestShell down = shell();
        assertEquals(3, down.run("search", "--config", nobody, "leave"));
        assertTrue(down.err().contains("cannot be reached at 127.0.0.1:1"), down.err());

        String password = config("index: a\nuser: me\npassword-env: SECRET");
        TestShell unset = shell();
        assertEquals(2, unset.run("search", "--config", password, "leave"));
        assertTrue(unset.err().contains("SECRET is not set"), unset.err());
        TestShell printed = shell().set("SECRET", "pa55word");
        printed.run("search", "--config", password, "leave", "--print-config");
        assertFalse((printed.out() + printed.err()).contains("pa55word"), printed.out());

        TestShell both = shell();
        assertEquals(2, both.run("search", "--config", config("index: a"), "--docs", HANDBOOK, "leave"));
        assertTrue(both.err().contains("exclude each other"), both.err());

        ask("PUT", "/plain", "{\"mappings\": {\"properties\": {\"body\": {\"type\": \"text\"}}}}");
        TestShell vectors = shell();
        assertEquals(3, vectors.run("search", "--config",
                config("index: plain\nsearch: vector\nfields: {text: body, vector: embedding}"), "leave"));
        assertTrue(vectors.err().contains("embedding"), vectors.err());
    }

    @Test
    void aLoadThatIsKilledGoesOnTheNextTime() throws Exception {
        StringBuilder lines = new StringBuilder();
        int many = 20_000;
        for (int i = 0; i < many; i++) {
            lines.append("{\"id\": \"d").append(i).append("\", \"text\": \"this is the text of number ").append(i)
                    .append("\"}\n");
        }
        String file = Files.writeString(folder.resolve("many.jsonl"), lines).toString();
        String config = config("index: many");
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Drerank4j.terminals=2", "-Drerank4j.columns=120", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.rerank4j.cli.Main", "index", "--config", config, file);
        command.environment().put("RERANK4J_CACHE", folder.resolve("cache").toString());
        Process process = command.start();
        StringBuilder err = new StringBuilder();
        Pattern working = Pattern.compile("([4-9]|1[0-9]),[0-9]{3} passages");
        InputStream stream = process.getErrorStream();
        byte[] buffer = new byte[4096];
        while (!working.matcher(err).find()) {
            int n = stream.read(buffer);
            assertTrue(n > 0, () -> "ended before it began: " + err);
            err.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
        process.destroyForcibly().waitFor();

        TestShell again = shell();
        assertEquals(0, again.run("index", "--config", config, file), again::err);
        assertTrue(again.out().startsWith(Units.count(many) + " documents"), again.out());
        Matcher kept = Pattern.compile("(?s).*, ([0-9,]+) unchanged;.*").matcher(again.out());
        assertTrue(kept.matches(), again.out());
        assertTrue(Integer.parseInt(kept.group(1).replace(",", "")) > 0, again.out());
        assertEquals(1, search(config, "number 17", "--limit", "1", "--reranker", "none").at("/hits").size());
    }
}
