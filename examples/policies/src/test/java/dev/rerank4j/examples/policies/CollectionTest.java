package dev.rerank4j.examples.policies;

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

/** The clauses, the queries and the judgments fit together. */
class CollectionTest {

    private final Queries queries = Queries.read(Path.of("queries.jsonl"));
    private final Qrels qrels = Qrels.read(Path.of("qrels/test.tsv"));
    private final List<Document> clauses = read();

    private static List<Document> read() {
        List<Document> read = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader()) {
            reader.read(new SourceFile(Path.of("corpus.jsonl"), "clauses"), clause -> read.add(clause.document()),
                    warning -> warnings.add(warning.reason()));
        }
        assertEquals(List.of(), warnings);
        return read;
    }

    @Test
    void idsAndTextsAreUnique() {
        assertTrue(clauses.size() > 100, "read " + clauses.size());
        assertEquals(clauses.size(), clauses.stream().map(Document::id).distinct().count());
        assertEquals(clauses.size(), clauses.stream().map(Document::text).distinct().count());
    }

    @Test
    void everyQueryHasAnAnswerAndEveryJudgmentItsDocument() {
        Set<String> ids = new HashSet<>();
        clauses.forEach(clause -> ids.add(clause.id()));
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
    void everyClauseHasItsCircumstances() {
        Map<String, Set<String>> said = new HashMap<>();
        for (Document clause : clauses) {
            for (String field : List.of("country", "contract")) {
                said.computeIfAbsent(field, none -> new HashSet<>())
                        .add(((Value.Text) clause.metadata().get(field)).value());
            }
            assertTrue(clause.metadata().get("in_force") instanceof Value.Moment, clause.id());
            assertTrue(clause.metadata().get("superseded") instanceof Value.Flag, clause.id());
        }
        assertEquals(Set.of("all", "Estonia", "Ireland", "Norway", "Portugal"), said.get("country"));
        assertEquals(Set.of("all", "permanent", "fixed-term", "contractor", "apprentice"), said.get("contract"));
    }
}
