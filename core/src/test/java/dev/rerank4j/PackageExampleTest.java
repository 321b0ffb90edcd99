package dev.rerank4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageExampleTest {

    private static final Path PACKAGE_INFO = Path.of("src/main/java/dev/rerank4j/package-info.java");

    @Test
    void theExampleOfThePackageRuns(@TempDir Path folder) {
        String answer = "You get 28 days of leave.";
        Retriever bm25 = retriever("bm25", Passage.of("parking", "Parking is free."), Passage.of("leave", answer));
        Retriever vector = retriever("vector", Passage.of("lunch", "Lunch is at noon."), Passage.of("leave", answer));
        String printed = PackageExample.run(PACKAGE_INFO, folder, List.of("dev.rerank4j"),
                "Retriever bm25, Retriever vector, Scorer scorer", bm25, vector, new WordScorer());
        List<String> lines = printed.lines().toList();
        assertEquals(3, lines.size(), printed);
        assertTrue(lines.getFirst().endsWith(" " + answer), printed);
    }

    @Test
    void anExampleThatDoesNotCompileIsCaught(@TempDir Path folder) throws IOException {
        Path stale = Files.writeString(folder.resolve("package-info.java"), """
                /**
                 * <pre>{@code
                 * Ranking ranking = Ranking.of("gone");
                 * }</pre>
                 */
                package stale;
                """);
        AssertionError e = assertThrows(AssertionError.class,
                () -> PackageExample.run(stale, folder, List.of("dev.rerank4j"), ""));
        assertTrue(e.getMessage().startsWith("the example does not compile"), e.getMessage());
    }

    @Test
    void aPackageWithoutExampleIsCaught(@TempDir Path folder) throws IOException {
        Path bare = Files.writeString(folder.resolve("package-info.java"), "/** Nothing. */\npackage bare;\n");
        assertThrows(AssertionError.class, () -> PackageExample.run(bare, folder, List.of(), ""));
    }

    private static Retriever retriever(String name, Passage best, Passage second) {
        return new FakeRetriever(name, (query, limit, deadline) -> Ranking.builder(name).add(best, 2).add(second, 1)
                .build());
    }
}
