package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.CachedScorer;
import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {

    private static final ScoreRequest REQUEST = ScoreRequest.of("the cat", List.of("a cat", "a dog", "the cat sat"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"1, 0, 0, 0.5", "1, 0, 2, 0.880797", "0.5, 0, 2, 0.731059", "2, -3, 1.5, 0.5", "1, 1, 0, 0.731059",
            "0.8, -1.2, -2, 0.057324", "1, 0, 1e30, 1", "1, 0, -1e30, 0", "1.7e308, 0, 1e30, 1",
            "1.7e308, 1.7e308, -1e30, 0"})
    void theProbabilityByHand(double slope, double intercept, double logit, double probability) {
        assertEquals(probability, new Calibration(slope, intercept).probability(logit), 1e-6);
    }

    @Test
    void probabilitiesAreWithinZeroToOneAndNeverFall() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Calibration calibration = new Calibration(Math.exp(20 * random.nextGaussian()), 50 * random.nextGaussian());
            double[] logits = random.doubles(50, -30, 30).sorted().toArray();
            double before = 0;
            for (double logit : logits) {
                double probability = calibration.probability(logit);
                assertTrue(probability >= before && probability <= 1, "seed " + seed + ", " + calibration);
                before = probability;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aSlopeMustBeFiniteAndMoreThanZero(double slope) {
        assertEquals("slope must be finite and > 0, got " + slope,
                assertThrows(IllegalArgumentException.class, () -> new Calibration(slope, 0)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void anInterceptMustBeFinite(double intercept) {
        assertEquals("intercept must be finite, got " + intercept,
                assertThrows(IllegalArgumentException.class, () -> new Calibration(1, intercept)).getMessage());
    }

    @Test
    void withoutAFileItIsThePlainSigmoidAndTheNameIsAsEver() {
        assertEquals(Calibration.NONE, TestModels.spec(TestModels.CROSS_ENCODER).calibration());
        assertEquals(new Calibration(1, 0), Calibration.NONE);
        assertEquals(Calibration.NONE, new Calibration(1, -0.0));
    }

    @Test
    void theFileBesideTheModelMovesProbabilitiesAndNothingElse() throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        Scores plain;
        String name;
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            plain = scorer.score(REQUEST);
            name = scorer.name();
        }
        calibrate("{\"slope\": 0.25, \"intercept\": -1.5, \"fitted_on\": [\"scifact\"]}");
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            Scores calibrated = scorer.score(REQUEST);
            assertArrayEquals(plain.logits(), calibrated.logits(), 1e-5f);
            for (int i = 0; i < calibrated.size(); i++) {
                assertEquals(1 / (1 + Math.exp(1.5 - 0.25 * calibrated.logits()[i])), calibrated.probabilities()[i],
                        1e-6);
            }
            assertEquals(name + "/platt(0.25,-1.5)", scorer.name());
        }
    }

    @Test
    void aCacheDoesNotMixUpCalibrations() throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        ConcurrentMap<String, CachedScorer.Score> kept = new ConcurrentHashMap<>();
        float[] before;
        try (CachedScorer scorer = new CachedScorer(OnnxScorer.load(folder), kept)) {
            before = scorer.score(REQUEST).probabilities();
        }
        calibrate("{\"slope\": 1, \"intercept\": 2}");
        try (CachedScorer scorer = new CachedScorer(OnnxScorer.load(folder), kept)) {
            float[] after = scorer.score(REQUEST).probabilities();
            for (int i = 0; i < after.length; i++) {
                assertTrue(after[i] > before[i], after[i] + " after " + before[i]);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"slope\": 0, \"intercept\": 1}|slope must be finite and > 0, got 0.0",
            "{\"slope\": -2, \"intercept\": 1}|slope must be finite and > 0, got -2.0",
            "{\"slope\": 1e999, \"intercept\": 1}|slope must be finite and > 0, got Infinity",
            "{\"slope\": NaN, \"intercept\": 1}|slope must be finite and > 0, got NaN",
            "{\"slope\": 1, \"intercept\": -1e999}|intercept must be finite, got -Infinity",
            "{\"slope\": \"steep\", \"intercept\": 1}|cannot be used",
            "{\"slope\": 1}|must be an object with the numbers slope and intercept",
            "{\"slope\": 1, \"intercept\": null}|must be an object with the numbers slope and intercept",
            "{\"slope\": {}, \"intercept\": 1}|must be an object with the numbers slope and intercept",
            "{\"slope\": [], \"intercept\": 1}|must be an object with the numbers slope and intercept",
            "{\"slope\": [1, 2], \"intercept\": 1}|must be an object with the numbers slope and intercept",
            "[1, 0]|must be an object with the numbers slope and intercept",
            "{\"slope\": |must be an object with the numbers slope and intercept",
            "``|must be an object with the numbers slope and intercept"})
    void aFileThatSaysSomethingElseIsRefused(String json, String sentence) throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        calibrate(json);
        RerankException e = assertThrows(RerankException.class, () -> OnnxScorer.load(folder));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
        assertTrue(e.getMessage().startsWith("calibration.json in " + folder), e.getMessage());
    }

    /** Whatever the values: they are fitted anew with every model. */
    @Test
    void theBuiltInModelHasOne() {
        ModelFiles files = ModelFiles.classPath(OnnxScorer.class.getClassLoader(),
                "dev/rerank4j/model/rerank4j-minilm-l6-v1/");
        assertTrue(files.has("calibration.json"));
        Calibration calibration = ModelSpec.read("built-in", files).calibration();
        assertTrue(calibration.probability(5) > calibration.probability(-5));
    }

    private void calibrate(String json) throws IOException {
        Files.writeString(folder.resolve("calibration.json"), json);
    }
}
