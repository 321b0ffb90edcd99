package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.ScoreRequest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every passage of the German, Spanish and Chinese development collections has the token ids that Python's tokenizer
 * gives, and pairs of them the logits of {@code sentence-transformers}, by a model that {@code
 * training/golden/multilingual.py} made. The collections lie beside a checkout of the project; {@link GoldenModelsTest}
 * reads such languages everywhere.
 */
class MultilingualTest {

    private static final Path DATA = Path.of(System.getProperty("rerank4j.shared", "../../shared"))
            .resolve("data/eval-dev.tar.xz");

    private static final Map<String, Map<String, String>> FILES = new HashMap<>();
    private static JsonObject expected = new JsonObject();
    private static Path model = Path.of("");

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        assumeTrue(Files.exists(DATA), "no shared data here");
        model = Path.of(MultilingualTest.class.getResource("/multilingual").toURI());
        expected = JsonParser.parseString(Files.readString(model.resolve("expected.json"))).getAsJsonObject();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(DATA));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                if (entry.getName().startsWith("xquad-") && entry.getName().endsWith(".jsonl")) {
                    Map<String, String> texts = new LinkedHashMap<>();
                    for (String line : new String(tar.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                        texts.put(json.get("_id").getAsString(), json.get("text").getAsString());
                    }
                    FILES.put(entry.getName(), texts);
                }
            }
        }
    }

    @Test
    void tokenIdsOfEveryPassageAreThoseOfTheReference() throws NoSuchAlgorithmException {
        try (Tokenizer tokenizer = Tokenizer.load(ModelFiles.folder(model), "tokenizer.json", false)) {
            for (Map.Entry<String, JsonElement> collection : expected.getAsJsonObject("collections").entrySet()) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                JsonObject known = collection.getValue().getAsJsonObject();
                long tokens = 0;
                Map<String, String> passages = FILES.get(collection.getKey() + "/corpus.jsonl");
                for (String text : passages.values()) {
                    int[] ids = tokenizer.ids(text);
                    tokens += ids.length;
                    digest.update(
                            (Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" ")) + "\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                }
                assertEquals(known.get("passages").getAsInt(), passages.size(), collection.getKey());
                assertEquals(known.get("tokens").getAsLong(), tokens, collection.getKey());
                assertEquals(known.get("sha256").getAsString(), HexFormat.of().formatHex(digest.digest()),
                        collection.getKey());
            }
        }
    }

    @Test
    void logitsAreThoseOfTheReference() {
        assertEquals(201, expected.getAsJsonArray("logits").size());
        try (OnnxScorer scorer = OnnxScorer.load(model)) {
            for (JsonElement element : expected.getAsJsonArray("logits")) {
                JsonObject pair = element.getAsJsonObject();
                String collection = pair.get("collection").getAsString();
                String query = FILES.get(collection + "/queries.jsonl").get(pair.get("query").getAsString());
                String text = FILES.get(collection + "/corpus.jsonl").get(pair.get("passage").getAsString());
                float logit = scorer.score(ScoreRequest.of(query, List.of(text))).logits()[0];
                assertEquals(pair.get("logit").getAsDouble(), logit, 1e-4, pair.toString());
            }
        }
    }
}
