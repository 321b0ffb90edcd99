package dev.rerank4j.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rerank4j.Deadline;
import dev.rerank4j.PackageExample;
import dev.rerank4j.Passage;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import dev.rerank4j.WordScorer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the documentation, run. */
class ExamplesTest {

    @Test
    void theExampleOfThePackageRuns(@TempDir Path folder) throws Exception {
        try (ScriptedServer server = WordServer.start()) {
            String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/remote/package-info.java"), folder,
                    List.of("dev.rerank4j", "dev.rerank4j.remote", "java.net", "java.util"), "int port",
                    server.address().getPort());
            assertTrue(printed.matches("tei was asked 1 times\\R\\[[-0-9.]+, [-0-9.]+]\\R"), printed);
        }
    }

    @Test
    void theExampleOfThePageRuns(@TempDir Path folder) throws Exception {
        String answer = "You get 28 days of leave.";
        try (ScriptedServer server = WordServer.start()) {
            List<String> printed = PackageExample.run(Path.of("../docs/remote.md"), folder,
                    List.of("dev.rerank4j", "dev.rerank4j.remote", "java.net"), "Retriever bm25, URI address",
                    new Parking(answer), server.address()).lines().toList();
            assertEquals("cohere 1.0", printed.getFirst());
            assertTrue(printed.get(1).endsWith(answer), () -> printed + "");
        }
    }

    @Test
    void theExampleOfThePageOnLanguageModelsRuns(@TempDir Path folder) throws Exception {
        String answer = "You get 28 days of leave.";
        try (ScriptedServer server = ChatWordServer.start()) {
            List<String> printed = PackageExample.run(Path.of("../docs/language-models.md"), folder,
                    List.of("dev.rerank4j", "dev.rerank4j.remote", "java.net"), "Retriever bm25, URI address",
                    new Parking(answer), server.address()).lines().toList();
            assertEquals(List.of("ollama read 70 tokens", "1.0 " + answer, "0.0 Parking is free."), printed);
        }
    }

    @Test
    void theExampleOfOpenSearchRuns(@TempDir Path folder) throws Exception {
        try {
            assertEquals(List.of("leave"), PackageExample.run(Path.of("../docs/opensearch.md"), folder,
                    List.of("dev.rerank4j", "dev.rerank4j.remote", "java.net", "java.util"),
                    "URI address, Scorer scorer", RealOpenSearch.address(), new WordScorer()).lines().toList());
        } finally {
            RealOpenSearch.ask("DELETE", "/passages", "");
        }
    }

    private record Parking(String answer) implements Retriever {

        @Override
        public String name() {
            return "bm25";
        }

        @Override
        public Ranking retrieve(Query query, int limit, Deadline deadline) {
            return Ranking.builder("bm25").add(Passage.of("parking", "Parking is free."), 2)
                    .add(Passage.of("leave", answer), 1).build();
        }
    }
}
