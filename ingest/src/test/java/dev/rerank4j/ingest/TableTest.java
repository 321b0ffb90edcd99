package dev.rerank4j.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Document;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.DocumentReader.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {

    private final List<Warning> warnings = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();

    private void rows(String csv) {
        Table table = Table.parse(csv, "p.csv", warnings::add);
        assertTrue(table.hasTexts());
        table.rows("p.csv", document -> documents.add(document.document()), warnings::add);
    }

    @Test
    void rowsWithATextAreDocuments() {
        rows("""
                Title,Description,price,size,new,since,note
                Boot,"Warm, and
                dry",10.50,42,true,2026-01-02,
                Shoe,Light,7,L,false,2026-02-02,sale

                Sock,Soft,0.5,40,true,2026-03-02,
                """);
        assertEquals(List.of(), warnings);
        assertEquals(List.of("p.csv:2", "p.csv:3", "p.csv:5"), documents.stream().map(Document::id).toList());
        assertEquals(new Document("p.csv:2", "Boot", "Warm, and\ndry", Map.of("price", Value.of(10.5), "size",
                Value.of("42"), "new", Value.of(true), "since", Value.of(Instant.parse("2026-01-02T00:00:00Z")))),
                documents.getFirst(), "a size is a text for all, since one is");
        assertEquals(Value.of("sale"), documents.get(1).metadata().get("note"));
    }

    @Test
    void anIdColumnNamesThem() {
        rows("id;text\n7;a\n;b\n7;c\n");
        assertEquals(List.of("7", "p.csv:3"), documents.stream().map(Document::id).toList());
        assertEquals(List.of("p.csv:4"), warnings.stream().map(Warning::name).toList());
    }

    @Test
    void aTableWithoutTextsIsOneText() {
        Table table = Table.parse("City\tRate\t\nBerlin\t28\tx\nParis\t\t\n\n", "p.csv", warnings::add);
        assertFalse(table.hasTexts());
        assertEquals("City: Berlin; Rate: 28; column 3: x\nCity: Paris", table.text());
    }

    @Test
    void rowsAboveABrokenOneStand() {
        rows("id,text\n1,a\n2,\"b\n3,c\n");
        assertEquals(List.of("1"), documents.stream().map(Document::id).toList());
        assertEquals(List.of("p.csv:3"), warnings.stream().map(Warning::name).toList());
    }

    @Test
    void anEmptyTableHasNoText() {
        assertEquals("", Table.parse("", "p.csv", warnings::add).text());
        assertEquals("", Table.parse("a,b\n", "p.csv", warnings::add).text());
    }
}
