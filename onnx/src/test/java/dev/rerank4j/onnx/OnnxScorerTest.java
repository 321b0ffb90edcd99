package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.RerankException;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class OnnxScorerTest {

    private static final EngineOptions OPTIONS = new EngineOptions(2, 1, 512, 1 << 20);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {TestModels.CROSS_ENCODER, TestModels.TWO_CLASSES})
    void givesTheLogitsOfTheReferenceImplementation(String model) {
        ModelSpec spec = TestModels.floatSpec(model);
        try (OnnxScorer scorer = OnnxScorer.load(spec, OPTIONS)) {
            for (GoldenScore golden : spec.golden()) {
                Scores scores = scorer.score(ScoreRequest.of(golden.query(), List.of(golden.text())));
                assertEquals(golden.logits().get(ModelSpec.FLOAT), scores.logits()[0], 1e-4);
                assertEquals(golden.tokens(), scores.tokens()[0]);
                assertEquals(1 / (1 + Math.exp(-scores.logits()[0])), scores.probabilities()[0], 1e-6);
            }
        }
    }

    @Test
    void aScoreOfAFloatModelDoesNotDependOnItsNeighbours() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                texts.add("the cat and the dog ".repeat(random.nextInt(5)) + i);
            }
            EngineOptions options = new EngineOptions(1 + random.nextInt(3), 1, 1 + random.nextInt(2000), 1 << 20);
            try (OnnxScorer scorer = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER), options)) {
                float[] together = scorer.score(ScoreRequest.of("the cat", texts)).logits();
                for (int i = 0; i < texts.size(); i += 7) {
                    float alone = scorer.score(ScoreRequest.of("the cat", List.of(texts.get(i)))).logits()[0];
                    assertEquals(alone, together[i], 1e-4, "seed " + seed + ", text " + i);
                }
            }
        }
    }

    @Test
    void aScoreOfAnInt8ModelDoesNotDependOnItsNeighboursAtAll() {
        List<String> texts = List.of("short", "the cat and the dog ".repeat(10), "a cat", "", "dogs and cats");
        try (OnnxScorer scorer = OnnxScorer.load(TestModels.spec(TestModels.CROSS_ENCODER), OPTIONS)) {
            assertEquals("tiny-ce/model_int8", scorer.name());
            float[] together = scorer.score(ScoreRequest.of("the cat", texts)).logits();
            for (int i = 0; i < texts.size(); i++) {
                float alone = scorer.score(ScoreRequest.of("the cat", List.of(texts.get(i)))).logits()[0];
                assertEquals(alone, together[i], 0, "text " + i);
            }
        }
    }

    @Test
    void aTruncatedInt8FileIsReplacedByTheFloatOne() throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        byte[] bytes = Files.readAllBytes(folder.resolve("model_int8.onnx"));
        Files.write(folder.resolve("model_int8.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertEquals(folder.getFileName() + "/model", scorer.name());
        }
    }

    @Test
    void anInt8FileWhoseNumbersAreOffIsReplacedByTheFloatOneAndThenRefused() throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        String golden = Files.readString(folder.resolve("golden.json"));
        String off = golden.replaceAll("\"logit_int8\": *[-0-9.e]+", "\"logit_int8\": 99");
        Files.writeString(folder.resolve("golden.json"), off);
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertTrue(scorer.name().endsWith("/model"), scorer.name());
        }
        Files.writeString(folder.resolve("golden.json"), off.replaceAll("\"logit\": *[-0-9.e]+", "\"logit\": 99"));
        RerankException e = assertThrows(RerankException.class, () -> OnnxScorer.load(folder));
        assertEquals(RerankException.Kind.MODEL, e.kind());
        assertTrue(e.getMessage().contains("model_int8.onnx scores") && e.getMessage().contains("model.onnx scores"),
                e.getMessage());
    }

    @Test
    void knownScoresHoldForFilesInTheFolderOnnxToo() throws IOException {
        TestModels.copy(TestModels.TWO_CLASSES, folder);
        Files.createDirectory(folder.resolve("onnx"));
        Files.move(folder.resolve("model.onnx"), folder.resolve("onnx/model.onnx"));
        try (OnnxScorer scorer = OnnxScorer.load(folder)) {
            assertEquals(folder.getFileName() + "/onnx/model", scorer.name());
        }
        String golden = Files.readString(folder.resolve("golden.json"));
        Files.writeString(folder.resolve("golden.json"), golden.replaceAll("\"logit\": *[-0-9.e]+", "\"logit\": 99"));
        assertRefused(RerankException.Kind.MODEL, "onnx/model.onnx scores");
    }

    @Test
    void aDamagedModelWithoutSubstituteIsRefused() throws IOException {
        TestModels.copy(TestModels.TWO_CLASSES, folder);
        byte[] bytes = Files.readAllBytes(folder.resolve("model.onnx"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("model.onnx"), bytes);
        assertRefused(RerankException.Kind.MODEL, "checksum");
    }

    @Test
    void aDamagedModelWithoutKnownChecksumIsRefusedByTheRuntime() throws IOException {
        TestModels.copy(TestModels.TWO_CLASSES, folder);
        Files.delete(folder.resolve("golden.json"));
        Files.write(folder.resolve("model.onnx"),
                Arrays.copyOf(Files.readAllBytes(folder.resolve("model.onnx")), 1000));
        assertRefused(RerankException.Kind.MODEL, "fetch it again");
    }

    @Test
    void theTokenizerOfAnotherModelIsRefused() throws IOException {
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        Files.write(folder.resolve("tokenizer.json"), TestModels.files(TestModels.ROBERTA).read("tokenizer.json"));
        assertRefused(RerankException.Kind.MODEL, "tokenizer.json");
    }

    @Test
    void whatIsMissingOrNoJsonIsNamed() throws IOException {
        assertRefused(RerankException.Kind.UNAVAILABLE, "model.onnx");
        TestModels.copy(TestModels.CROSS_ENCODER, folder);
        Files.writeString(folder.resolve("config.json"), "{\"hidden_size\": ");
        assertRefused(RerankException.Kind.MODEL, "config.json");
        Files.delete(folder.resolve("config.json"));
        assertRefused(RerankException.Kind.UNAVAILABLE, "config.json");
        TestModels.files(TestModels.CROSS_ENCODER).open("config.json").transferTo(
                Files.newOutputStream(folder.resolve("config.json")));
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertRefused(RerankException.Kind.MODEL, "not a tokenizer");
        Files.delete(folder.resolve("tokenizer.json"));
        assertRefused(RerankException.Kind.UNAVAILABLE, "tokenizer.json");
    }

    @Test
    void anInterruptEndsScoringAndStaysSet() throws InterruptedException {
        try (OnnxScorer scorer = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER), OPTIONS)) {
            List<String> texts = Collections.nCopies(2_000, "some words to read");
            CountDownLatch once = new CountDownLatch(1);
            AtomicReference<RerankException> end = new AtomicReference<>();
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        scorer.score(ScoreRequest.of("query", texts));
                        once.countDown();
                    }
                } catch (RerankException e) {
                    interrupted.set(Thread.currentThread().isInterrupted());
                    end.set(e);
                }
            });
            once.await();
            thread.interrupt();
            thread.join();
            assertEquals(RerankException.Kind.UNAVAILABLE, end.get().kind());
            assertTrue(interrupted.get());
            assertEquals(1, scorer.score(ScoreRequest.of("query", List.of("text"))).size());
        }
    }

    @Test
    void theCutIsReportedAndTheQueryKept() {
        try (OnnxScorer scorer = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER), OPTIONS)) {
            Scores scores = scorer.score(ScoreRequest.of("the cat", List.of("short", "dog ".repeat(500))));
            assertEquals(64, scores.tokens()[1]);
            assertTrue(scores.cut().get(1) && !scores.cut().get(0));
        }
    }

    @Test
    void equalOptionsGiveEqualScores() {
        List<String> texts = List.of("a cat", "a dog", "the cat and the dog");
        try (OnnxScorer one = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER), OPTIONS);
                OnnxScorer two = OnnxScorer.load(TestModels.floatSpec(TestModels.CROSS_ENCODER), OPTIONS)) {
            assertArrayEquals(one.score(ScoreRequest.of("cat", texts)).logits(),
                    two.score(ScoreRequest.of("cat", texts)).logits(), 1e-6f);
        }
    }

    private void assertRefused(RerankException.Kind kind, String word) {
        RerankException e = assertThrows(RerankException.class, () -> OnnxScorer.load(folder));
        assertEquals(kind, e.kind());
        assertTrue(e.getMessage().contains(word), e.getMessage());
    }
}
