package dev.rerank4j.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.Passage;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A collection of BEIR's layout in memory.
 *
 * @param name its folder's
 * @param language a code
 * @param passages whole documents, or what a chunker makes of them
 * @param queries text by id: those with judgments
 */
record JudgedTexts(String name, String language, List<Passage> passages, Map<String, String> queries, Qrels qrels) {

    static JudgedTexts read(Path folder, String language, Chunker chunker) throws IOException {
        List<Passage> passages = new ArrayList<>();
        try (DocumentReader reader = new DocumentReader()) {
            for (DocumentReader.SourceFile file : files(reader, folder)) {
                reader.read(file, document -> passages.addAll(chunker.chunk(document)),
                        warning -> System.err.println(warning.name() + ": " + warning.reason()));
            }
        }
        Qrels qrels = Qrels.read(folder.resolve("qrels/test.tsv"));
        Map<String, String> queries = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve("queries.jsonl"))) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            String id = json.get("_id").getAsString();
            if (qrels.queries().contains(id)) {
                queries.put(id, json.get("text").getAsString());
            }
        }
        return new JudgedTexts(folder.getFileName().toString(), language, passages, queries, qrels);
    }

    /** The same with fewer queries. */
    JudgedTexts first(int most) {
        Map<String, String> some = new LinkedHashMap<>();
        queries.entrySet().stream().limit(most).forEach(query -> some.put(query.getKey(), query.getValue()));
        return new JudgedTexts(name, language, passages, some, qrels);
    }

    /** Of a collection of files, which lie in its folder {@code docs}, judgments name the path below that. */
    static List<DocumentReader.SourceFile> files(DocumentReader reader, Path collection) {
        Path docs = collection.resolve("docs");
        return !Files.isDirectory(docs)
                ? reader.files(collection)
                : reader.files(docs).stream()
                        .map(file -> new DocumentReader.SourceFile(file.path(),
                                docs.relativize(file.path()).toString()))
                        .toList();
    }

    /** Title and headings of a passage. */
    static String heading(Passage passage) {
        List<String> parts = new ArrayList<>(List.of(passage.title()));
        parts.addAll(passage.location().headings());
        return String.join(" ", parts);
    }

    boolean hasTitles() {
        return passages.stream().anyMatch(passage -> !heading(passage).isBlank());
    }

    long documents() {
        return passages.stream().map(Passage::documentId).distinct().count();
    }

    boolean isEnglish() {
        return language.equals("en");
    }
}
