package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents, queries and judgments, as {@link EvalRanker} and the statistics take them.
 *
 * @param name for people
 * @param queries text by id, those that are judged, in the order of the judgments
 * @param qrels of these queries
 * @param documentPrefix what stands before a judgment's document id in the index
 * @param synthetic whether nobody asked these queries
 * @param notes what a reader must know
 */
record EvalData(String name, Map<String, String> queries, Qrels qrels, String documentPrefix, boolean synthetic,
        List<String> notes) {

    /** The id by which judgments know a document of the index. */
    String judgedId(String indexed) {
        return indexed.startsWith(documentPrefix) ? indexed.substring(documentPrefix.length()) : indexed;
    }

    /** Whether the index has a document that a judgment names. */
    boolean knows(String judged, LuceneIndex index) {
        return !index.passages(documentPrefix + judged).isEmpty();
    }

    static EvalData beir(Path folder, int most) {
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve("queries.jsonl"))) {
                JsonNode node = Json.MAPPER.readTree(line);
                texts.put(node.get("_id").asText(), node.get("text").asText());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Qrels all = Qrels.read(folder.resolve("qrels/test.tsv"));
        Map<String, String> queries = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>(all.warnings());
        for (String query : all.queries()) {
            if (texts.containsKey(query) && queries.size() < most) {
                queries.put(query, texts.get(query));
                grades.put(query, all.grades(query));
            }
        }
        Path docs = folder.resolve("docs");
        return new EvalData(folder.toAbsolutePath().normalize().getFileName().toString(), queries, Qrels.of(grades),
                Files.isDirectory(docs) ? docs + "/" : "", false, notes);
    }
}
