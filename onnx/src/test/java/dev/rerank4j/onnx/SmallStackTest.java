package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.ScoreRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A process with small stacks and a long command line can load and run the built-in models: ONNX Runtime, which recurses
 * over the command line, would overflow them and end the process. In a child process, since there is no catching that.
 */
class SmallStackTest {

    public static void main(String[] args) {
        try (OnnxScorer scorer = OnnxScorer.builtIn(); OnnxEncoder encoder = OnnxEncoder.builtIn()) {
            int scored = scorer.score(ScoreRequest.of("query", List.of("text"))).size();
            System.exit(scored == 1 && encoder.query("query").length == encoder.dimension() ? 7 : 8);
        }
    }

    @Test
    void theBuiltInModelsLoadAndRun() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss256k",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                SmallStackTest.class.getName(), "x".repeat(100_000)).inheritIO().start();
        assertEquals(7, child.waitFor());
    }
}
