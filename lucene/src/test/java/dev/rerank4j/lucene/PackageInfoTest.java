package dev.rerank4j.lucene;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.PackageExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageInfoTest {

    @Test
    void itsExampleRuns(@TempDir Path folder, @TempDir Path directory) {
        String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/lucene/package-info.java"), folder,
                List.of("dev.rerank4j", "dev.rerank4j.lucene", "java.nio.file", "java.util"),
                "Path directory, Encoder encoder", directory, new WordEncoder());
        assertTrue(printed.contains("thirty days"), printed);
    }
}
