package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logits of 200 pairs of the development collections, whose texts lie beside a checkout of the project; where they are
 * absent, the golden scores alone are checked, at every load. The built-in model's int8 file is held to what the same
 * version of ONNX Runtime gives in Python. A float file is held to what its training gave; the one at hand is that of
 * the built-in model's predecessor.
 */
class ReferenceScoresTest {

    private static final Path SHARED = Path.of(System.getProperty("rerank4j.shared", "../../shared"));
    private static final Path PREDECESSOR = SHARED.resolve("models/rerank4j-minilm-l6-v0");
    private static final Path DATA = SHARED.resolve("data/eval-dev.tar.xz");

    /** {@code logit} by the predecessor's float file, {@code builtIn} by the built-in int8 file. */
    private record Pair(String query, String text, int tokens, float logit, float builtIn) {
    }

    private static List<Pair> pairs = List.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(Files.exists(PREDECESSOR.resolve("reference.jsonl")) && Files.exists(DATA), "no shared data here");
        List<JsonObject> references = Files.readAllLines(PREDECESSOR.resolve("reference.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
        Map<String, String> texts = texts();
        Map<String, Float> builtIn = new HashMap<>();
        ModelFiles resources = ModelFiles.classPath(ReferenceScoresTest.class.getClassLoader(), "dev/rerank4j/onnx/");
        for (String line : new String(resources.read("reference-int8.jsonl"), StandardCharsets.UTF_8).split("\n")) {
            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
            builtIn.put(key(json), json.get("logit").getAsFloat());
        }
        pairs = references.stream().map(r -> {
            String collection = r.get("collection").getAsString();
            return new Pair(texts.get(collection + "/queries.jsonl/" + r.get("query").getAsString()),
                    texts.get(collection + "/corpus.jsonl/" + r.get("document").getAsString()),
                    r.get("tokens").getAsInt(), r.get("logit").getAsFloat(), builtIn.get(key(r)));
        }).toList();
    }

    private static String key(JsonObject json) {
        return json.get("collection") + " " + json.get("query") + " " + json.get("document");
    }

    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(DATA));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                if (entry.getName().endsWith(".jsonl")) {
                    for (String line : new String(tar.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                        String title = json.has("title") ? json.get("title").getAsString() + " " : "";
                        texts.put(entry.getName() + "/" + json.get("_id").getAsString(),
                                title + json.get("text").getAsString());
                    }
                }
            }
        }
        return texts;
    }

    @Test
    void int8() {
        assertEquals(200, pairs.size());
        try (OnnxScorer scorer = OnnxScorer.builtIn()) {
            assertEquals(0, Arrays.stream(differences(scorer, Pair::builtIn)).max().orElseThrow(), 0.05);
        }
    }

    @Test
    void floats() throws IOException {
        for (String file : List.of("config.json", "golden.json", "tokenizer.json")) {
            Files.copy(PREDECESSOR.resolve(file), folder.resolve(file));
        }
        try (InputStream in = new XZCompressorInputStream(
                new BufferedInputStream(Files.newInputStream(PREDECESSOR.resolve("model.onnx.xz"))))) {
            Files.copy(in, folder.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertEquals(0, Arrays.stream(differences(scorer, Pair::logit)).max().orElseThrow(), 1e-3);
        }
    }

    private static double[] differences(OnnxScorer scorer, ToDoubleFunction<Pair> known) {
        Map<String, List<Pair>> byQuery = new TreeMap<>();
        pairs.forEach(pair -> byQuery.computeIfAbsent(pair.query(), q -> new ArrayList<>()).add(pair));
        List<Double> differences = new ArrayList<>();
        byQuery.forEach((query, list) -> {
            Scores scores = scorer.score(ScoreRequest.of(query, list.stream().map(Pair::text).toList()));
            for (int i = 0; i < list.size(); i++) {
                assertEquals(list.get(i).tokens(), scores.tokens()[i], "tokens");
                differences.add(Math.abs(scores.logits()[i] - known.applyAsDouble(list.get(i))));
            }
        });
        return differences.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
