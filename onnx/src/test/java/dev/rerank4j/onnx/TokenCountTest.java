package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.OddTexts;
import dev.rerank4j.TokenCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The counters of the models, and what {@link TokenCounter#approximate} is worth beside them. */
class TokenCountTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static OnnxEncoder encoder;

    @BeforeAll
    static void load() {
        encoder = OnnxEncoder.builtIn();
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    @Test
    void aModelCountsItsOwnTokensWithoutSpecialOnes() {
        TokenCounter counter = encoder.tokenCounter();
        assertEquals(0, counter.count(""));
        assertEquals(3, counter.count("Paris is large"));
        String text = "reranking ".repeat(1_000);
        assertEquals(encoder.tokenStarts(text).length, counter.count(text), "also of what it would cut");
        for (String odd : OddTexts.all()) {
            assertTrue(counter.count(odd) >= 0);
        }
    }

    @Test
    void aClosedModelCountsNoMore() {
        OnnxEncoder closed = OnnxEncoder.builtIn();
        TokenCounter counter = closed.tokenCounter();
        closed.close();
        assertEquals("model bge-small-en-v1.5-q is closed",
                assertThrows(IllegalStateException.class, () -> counter.count("a")).getMessage());
        try (OnnxScorer scorer = OnnxScorer.builtIn()) {
            assertEquals(encoder.tokenCounter().count("Paris is large."),
                    scorer.tokenCounter().count("Paris is large."));
        }
    }

    @Test
    void onEnglishProseTheApproximationIsAQuarterToHalfMore() throws IOException {
        for (String text : texts("examples/handbook/docs")) {
            between(1.25, 1.5, text);
            for (String paragraph : text.split("\n\n+")) {
                if (paragraph.length() >= 200) {
                    between(1.1, 1.6, paragraph);
                }
            }
        }
    }

    @Test
    void onTablesAndCodeItIsNeverLess() throws IOException {
        for (String text : texts("docs")) {
            between(1, 1.6, text);
        }
        for (String text : texts("core/src/main/java/dev/rerank4j")) {
            between(1, 1.8, text);
        }
    }

    private static void between(double least, double most, String text) {
        double ratio = (double) TokenCounter.approximate().count(text) / encoder.tokenCounter().count(text);
        assertTrue(ratio >= least && ratio <= most,
                () -> ratio + " of what the model counts: " + text.lines().limit(3).toList());
    }

    private static List<String> texts(String folder) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            List<String> texts = files.filter(file -> file.toString().matches(".*\\.(md|java)")).map(file -> {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }).toList();
            assertFalse(texts.isEmpty());
            return texts;
        }
    }
}
