package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Little models of every architecture say what {@code sentence-transformers} says of the same 200 pairs, which
 * {@code training/golden/make.py} wrote down.
 */
class GoldenModelsTest {

    private static final double TOLERANCE = 1e-4;
    private static final EngineOptions OPTIONS = new EngineOptions(2, 1, 512, 512 * 512);

    static Stream<Path> rerankers() throws IOException, URISyntaxException {
        return folders("rerankers");
    }

    static Stream<Path> encoders() throws IOException, URISyntaxException {
        return folders("encoders");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rerankers")
    void rerankerAgreesWithTheReference(Path folder) throws IOException, URISyntaxException {
        JsonObject expected = json(folder.resolve("expected.json")).getAsJsonObject();
        List<List<String>> pairs = pairs();
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            for (int i = 0; i < pairs.size(); i++) {
                assertEquals(ints(expected.getAsJsonArray("ids").get(i)),
                        scorer.ids(pairs.get(i).get(0), pairs.get(i).get(1)), "token ids of pair " + i);
            }
            double[] logits = doubles(expected.get("logits"));
            double worst = 0;
            for (int i = 0; i < pairs.size(); i++) {
                Scores alone = scorer.score(ScoreRequest.of(pairs.get(i).get(0), List.of(pairs.get(i).get(1))));
                worst = Math.max(worst, Math.abs(alone.logits()[0] - logits[i]));
                assertEquals(logits[i], alone.logits()[0], TOLERANCE, "logit of pair " + i);
                if (expected.has("probabilities")) {
                    assertEquals(doubles(expected.get("probabilities"))[i], alone.probabilities()[0], TOLERANCE,
                            "probability of pair " + i);
                } else {
                    assertEquals(0, alone.probabilities().length, "logits that mean no probability give none");
                }
            }
            System.out.printf("%s: greatest difference of a logit %.1e%n", folder.getFileName(), worst);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rerankers")
    void rerankerSaysTheSameInBatches(Path folder) throws URISyntaxException, IOException {
        List<List<String>> pairs = pairs();
        String query = pairs.getFirst().getFirst();
        List<String> texts = pairs.stream().map(List::getLast).toList();
        try (OnnxScorer scorer = OnnxScorer.load(folder, OPTIONS)) {
            float[] together = scorer.score(ScoreRequest.of(query, texts)).logits();
            for (int i = 0; i < texts.size(); i++) {
                float alone = scorer.score(ScoreRequest.of(query, List.of(texts.get(i)))).logits()[0];
                assertEquals(alone, together[i], TOLERANCE, "text " + i);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("encoders")
    void encoderAgreesWithTheReference(Path folder) throws IOException, URISyntaxException {
        JsonObject expected = json(folder.resolve("expected.json")).getAsJsonObject();
        List<List<String>> pairs = pairs();
        try (OnnxEncoder encoder = OnnxEncoder.load(folder, OPTIONS)) {
            assertEquals(expected.get("dimension").getAsInt(), encoder.dimension());
            List<String> texts = pairs.stream().map(List::getLast).toList();
            float[][] passages = encoder.passages(texts);
            double worst = 0;
            for (int i = 0; i < pairs.size(); i++) {
                worst = Math.max(worst, difference(expected.getAsJsonArray("passages").get(i), passages[i]));
                worst = Math.max(worst, difference(expected.getAsJsonArray("queries").get(i),
                        encoder.query(pairs.get(i).getFirst())));
                assertTrue(worst <= TOLERANCE, "pair " + i + ": vectors differ by " + worst);
            }
            System.out.printf("%s: greatest difference of a component %.1e%n", folder.getFileName(), worst);
        }
    }

    private static double difference(JsonElement expected, float[] vector) {
        double[] numbers = doubles(expected);
        assertEquals(numbers.length, vector.length);
        double worst = 0;
        for (int i = 0; i < numbers.length; i++) {
            worst = Math.max(worst, Math.abs(numbers[i] - vector[i]));
        }
        return worst;
    }

    private static Stream<Path> folders(String kind) throws IOException, URISyntaxException {
        try (Stream<Path> all = Files.list(golden().resolve(kind))) {
            List<Path> sorted = all.sorted().toList();
            assertTrue(sorted.size() > 10, "models are missing");
            return sorted.stream();
        }
    }

    private static List<List<String>> pairs() throws IOException, URISyntaxException {
        List<List<String>> pairs = new ArrayList<>();
        for (JsonElement pair : json(golden().resolve("pairs.json")).getAsJsonArray()) {
            JsonArray both = pair.getAsJsonArray();
            pairs.add(List.of(both.get(0).getAsString(), both.get(1).getAsString()));
        }
        assertEquals(200, pairs.size());
        return pairs;
    }

    private static JsonElement json(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file));
    }

    private static Path golden() throws URISyntaxException {
        return Path.of(GoldenModelsTest.class.getResource("/golden").toURI());
    }

    private static List<Integer> ints(JsonElement array) {
        return array.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
    }

    private static double[] doubles(JsonElement array) {
        return array.getAsJsonArray().asList().stream().mapToDouble(JsonElement::getAsDouble).toArray();
    }
}
