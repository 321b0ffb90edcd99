package dev.rerank4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.PackageExample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {

    private static final Path README = Path.of("../README.md");

    @TempDir
    Path folder;

    @Test
    void itsExampleCompilesRunsAndPutsTheAnswerFirst() throws IOException {
        Path index = Path.of("target/my-index");
        if (Files.exists(index)) {
            try (Stream<Path> files = Files.walk(index)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        String printed = PackageExample.run(README, folder, List.of("dev.rerank4j", "dev.rerank4j.lucene",
                "dev.rerank4j.onnx", "java.nio.file", "java.util"), "");
        List<String> lines = printed.lines().toList();
        assertEquals(2, lines.size(), printed);
        assertTrue(lines.getFirst().contains("25 days of paid leave"), printed);
    }

    @Test
    void itsCommandsAreThoseOfTheContinuousIntegration() throws IOException {
        String readme = Files.readString(README);
        String ci = Files.readString(Path.of("../.ci/run"));
        for (String command : List.of("\nmvn verify\n",
                "\n./rerank search --docs docs --docs examples \"when do I have to hand back my laptop\"\n")) {
            assertTrue(readme.contains("```" + command + "```"), "README: " + command);
            assertTrue(ci.contains(command), ".ci/run: " + command);
        }
    }
}
