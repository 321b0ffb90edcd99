package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.PackageExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageInfoTest {

    @Test
    void itsExampleRuns(@TempDir Path folder) {
        String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/onnx/package-info.java"), folder,
                List.of("dev.rerank4j", "dev.rerank4j.onnx", "java.util"), "");
        assertTrue(printed.matches("\\[0\\.[6-9]\\d+, 0\\.[01]\\d+]\\R"), printed);
    }
}
