package dev.rerank4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A judged collection in BEIR's layout.
 *
 * @param root file or folder of the documents
 * @param most how many queries are taken
 */
record EvalCollection(Path folder, Path root, int most) implements EvalSource {

    @Override
    public String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    @Override
    public List<Path> roots() {
        return List.of(root);
    }

    @Override
    public EvalData read(LuceneIndex index, BooleanSupplier stop) {
        Map<String, String> texts = queries(folder.resolve("queries.jsonl"));
        Qrels qrels = Qrels.read(qrels());
        List<String> notes = new ArrayList<>(qrels.warnings());
        String prefix = Files.isDirectory(root) ? root.toString().replace('\\', '/') + "/" : "";
        return EvalData.of(name(), texts, qrels, most, prefix, false, notes);
    }

    private Path qrels() {
        for (String split : List.of("test", "dev", "train")) {
            Path file = folder.resolve("qrels").resolve(split + ".tsv");
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new UsageException("--data must hold judgments in qrels/test.tsv (or dev.tsv, train.tsv), " + folder
                + " has none");
    }

    private static Map<String, String> queries(Path file) {
        Map<String, String> texts = new LinkedHashMap<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                if (!line.isBlank()) {
                    JsonNode query = Json.MAPPER.readTree(line);
                    texts.putIfAbsent(query.path("_id").asText(), query.path("text").asText());
                }
            }
            return texts;
        } catch (JsonProcessingException e) {
            throw new UsageException(file + ":" + number + ": a query must be a JSON object with _id and text", e);
        } catch (IOException e) {
            throw new UsageException("the queries of --data cannot be read (" + Diagnostics.sentence(e) + ")", e);
        }
    }
}
