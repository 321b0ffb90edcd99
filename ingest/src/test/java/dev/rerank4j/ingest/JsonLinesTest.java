package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Document;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.DocumentReader.Warning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    private Path folder;

    private final List<SectionedDocument> documents = new ArrayList<>();
    private final List<Warning> warnings = new ArrayList<>();

    private void read(byte[] content, long maxLineBytes) throws IOException {
        Path file = Files.write(folder.resolve("c.jsonl"), content);
        JsonLines.read(file, "docs/c.jsonl", maxLineBytes, documents::add, warnings::add);
    }

    private void read(String content) throws IOException {
        read(content.getBytes(StandardCharsets.UTF_8), 1_000_000);
    }

    @Test
    void aLineIsADocument() throws IOException {
        read("{\"_id\": \"4983\", \"title\": \" Microstructure\", \"text\": \"Alterations.\", \"metadata\": {}}\r\n\n"
                + "{\"id\": 7, \"text\": null}\n{\"text\": \"no id\"}");
        assertEquals(List.of(), warnings);
        assertEquals(List.of(new Document("4983", "Microstructure", "Alterations.", Map.of()),
                new Document("7", "", "", Map.of()), new Document("docs/c.jsonl:4", "", "no id", Map.of())),
                documents.stream().map(SectionedDocument::document).toList());
        assertEquals("docs/c.jsonl", documents.getFirst().file());
        assertEquals(1, documents.getFirst().sections().size());
        assertEquals(0, documents.get(1).sections().size());
    }

    @Test
    void everythingElseIsMetadataOfItsKind() throws IOException {
        read("""
                {"id":"1","text":"t","s":"shoes","n":1.5,"b":true,"date":"2026-02-03","at":"2026-02-03T10:00:00+02:00",
                """.strip() + """
                "local":"2026-02-03T10:00:00","nodate":"2026-02-30","tags":["a","b"],"none":[],"null":null,
                """.strip() + """
                "a":{"b":{"c":1},"d":[true,{"e":"x"},{"e":"y"}]},"big":12345678901234567890,
                """.strip() + """
                "exact":9007199254740992,"huge":1e999}
                """.strip());
        assertEquals(List.of(), warnings);
        Map<String, Value> expected = Map.ofEntries(Map.entry("s", Value.of("shoes")), Map.entry("n", Value.of(1.5)),
                Map.entry("b", Value.of(true)), Map.entry("date", Value.of(Instant.parse("2026-02-03T00:00:00Z"))),
                Map.entry("at", Value.of(Instant.parse("2026-02-03T08:00:00Z"))),
                Map.entry("local", Value.of("2026-02-03T10:00:00")), Map.entry("nodate", Value.of("2026-02-30")),
                Map.entry("tags", Value.of("a", "b")), Map.entry("none", new Value.Values(List.of())),
                Map.entry("a.b.c", Value.of(1)), Map.entry("a.d", new Value.Values(List.of(Value.of(true)))),
                Map.entry("a.d.e", Value.of("x", "y")), Map.entry("big", Value.of("12345678901234567890")),
                Map.entry("exact", Value.of(9007199254740992.0)), Map.entry("huge", Value.of("1e999")));
        assertEquals(expected, documents.getFirst().document().metadata());
    }

    @Test
    void aBrokenLineIsAWarningAndTheOthersAreRead() throws IOException {
        read("""
                {"id":"1","text":"a"}
                {"id":"2","text":
                [1]
                {"id":"3","text":{"a":1}}
                {"id":"4"} {"id":"5"}
                {'id':'6'}
                {"id":"1","text":"again"}
                """ + "{\"id\":\"7\",\"x\":" + "[".repeat(100_000) + "\n{\"id\":\"8\",\"text\":\"b\"}");
        assertEquals(List.of("1", "8"), documents.stream().map(document -> document.document().id()).toList());
        assertEquals(List.of("docs/c.jsonl:2", "docs/c.jsonl:3", "docs/c.jsonl:4", "docs/c.jsonl:5", "docs/c.jsonl:6",
                "docs/c.jsonl:7", "docs/c.jsonl:8"), warnings.stream().map(Warning::name).toList());
        assertTrue(warnings.get(5).reason().contains("earlier line"), warnings.get(5).reason());
    }

    @Test
    void linesHaveALimitAndFilesHaveNone() throws IOException {
        String line = "{\"id\":\"%d\",\"text\":\"%s\"}\n";
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            content.append(line.formatted(i, "x".repeat(i == 100 ? 200_000 : 1_000)));
        }
        read(content.toString().getBytes(StandardCharsets.UTF_8), 2_000);
        assertEquals(199, documents.size());
        assertEquals(List.of("docs/c.jsonl:101"), warnings.stream().map(Warning::name).toList());
    }

    @Test
    void utf16IsReadAndBytesThatAreNotUtf8AreAWarning() throws IOException {
        String line = "{\"id\":\"1\",\"text\":\"Straße\"}\n";
        read(("\uFEFF" + line).getBytes(StandardCharsets.UTF_16LE), 1_000_000);
        read(("\uFEFF" + line).getBytes(StandardCharsets.UTF_8), 1_000_000);
        assertEquals(List.of("Straße", "Straße"), documents.stream().map(d -> d.document().text()).toList());
        read(line.getBytes(StandardCharsets.ISO_8859_1), 1_000_000);
        assertEquals(2, documents.size());
        assertEquals("The line is not UTF-8; convert the file.", warnings.getFirst().reason());
    }

    @Test
    void escapesOfAnyKindAreText() throws IOException {
        read("{\"id\":\"1\",\"text\":\"\\u0000 \\ud83d \\ud83d\\ude00\"}");
        assertEquals("\u0000 \uD83D \uD83D\uDE00", documents.getFirst().document().text());
    }
}
