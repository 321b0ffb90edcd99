package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.rerank4j.Location;
import dev.rerank4j.PackageExample;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import dev.rerank4j.WordEncoder;
import dev.rerank4j.WordScorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page for users of LangChain4j. */
class DocumentationTest {

    private static final Path PAGE = Path.of("../docs/langchain4j.md");

    @Test
    void theExampleOfThePageRuns(@TempDir Path folder) throws Exception {
        EncoderEmbeddingModel model = EncoderEmbeddingModel.of(new WordEncoder(64));
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        for (String text : List.of("Leave is paid.", "Parking is free.")) {
            store.add(model.embed(text).content(), TextSegment.from(text, new Metadata().put("year", 2025)));
        }
        try (LuceneIndex index = LuceneIndex.open(folder.resolve("index"), new WordEncoder(64), "en")) {
            index.add(List.of(new Passage("new", "new", "", "You get 28 days of leave.", Location.NONE,
                    Map.of("year", Value.of(2026))),
                    new Passage("old", "old", "", "You get 25 days of leave.", Location.NONE,
                            Map.of("year", Value.of(2020)))));
            index.commit();
            String printed = PackageExample.run(PAGE, Files.createDirectory(folder.resolve("classes")),
                    List.of("dev.rerank4j", "dev.rerank4j.langchain4j", "dev.rerank4j.lucene",
                            "dev.langchain4j.rag.content", "dev.langchain4j.rag.content.retriever",
                            "dev.langchain4j.data.segment", "dev.langchain4j.model.embedding",
                            "dev.langchain4j.store.embedding", "dev.langchain4j.store.embedding.filter", "java.time"),
                    "EmbeddingStore<TextSegment> store, EmbeddingModel embeddingModel, LuceneIndex index,"
                            + " Scorer scorer",
                    store, model, index, new WordScorer());
            List<String> lines = printed.lines().toList();
            assertEquals(3, lines.size(), printed);
            assertTrue(lines.getFirst().startsWith("You get 28 days of leave. {"), printed);
        }
    }
}
