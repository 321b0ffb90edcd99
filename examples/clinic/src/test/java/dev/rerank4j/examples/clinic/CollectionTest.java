package dev.rerank4j.examples.clinic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Document;
import dev.rerank4j.Value;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Queries;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The notes, the queries and the judgments fit together. */
class CollectionTest {

    private final Queries queries = Queries.read(Path.of("queries.jsonl"));
    private final Qrels qrels = Qrels.read(Path.of("qrels/test.tsv"));
    private final List<Document> notes = read();

    private static List<Document> read() {
        List<Document> read = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader()) {
            reader.read(new SourceFile(Path.of("corpus.jsonl"), "notes"), note -> read.add(note.document()),
                    warning -> warnings.add(warning.reason()));
        }
        assertEquals(List.of(), warnings);
        return read;
    }

    @Test
    void idsAndTextsAreUnique() {
        assertTrue(notes.size() > 100, "read " + notes.size());
        assertEquals(notes.size(), notes.stream().map(Document::id).distinct().count());
        assertEquals(notes.size(), notes.stream().map(Document::text).distinct().count());
    }

    @Test
    void everyQueryHasAnAnswerAndEveryJudgmentItsDocument() {
        Set<String> ids = new HashSet<>();
        notes.forEach(note -> ids.add(note.id()));
        assertEquals(List.of(), queries.warnings());
        assertEquals(List.of(), qrels.warnings());
        assertEquals(queries.ids(), qrels.queries());
        for (String query : qrels.queries()) {
            Map<String, Integer> grades = qrels.grades(query);
            assertTrue(ids.containsAll(grades.keySet()), query + " names " + grades);
            assertTrue(grades.containsValue(2), query + " has no answer");
        }
    }

    @Test
    void everyNoteHasItsCircumstances() {
        Map<String, Set<String>> said = new HashMap<>();
        for (Document note : notes) {
            for (String field : List.of("substance", "route", "age_group")) {
                said.computeIfAbsent(field, none -> new HashSet<>())
                        .add(((Value.Text) note.metadata().get(field)).value());
            }
            assertTrue(note.metadata().get("revised") instanceof Value.Moment, note.id());
        }
        assertEquals(Set.of("newborn", "infant", "child", "adolescent", "adult", "older adult"),
                said.get("age_group"));
        assertTrue(said.get("substance").size() < notes.size() / 5, "several notes of each: " + said);
    }
}
