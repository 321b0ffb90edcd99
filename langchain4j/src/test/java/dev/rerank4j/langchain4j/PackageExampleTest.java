package dev.rerank4j.langchain4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.AugmentationRequest;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Metadata;
import dev.rerank4j.PackageExample;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageExampleTest {

    private static final List<String> IMPORTS = List.of("dev.langchain4j.rag", "dev.langchain4j.rag.content",
            "dev.langchain4j.rag.content.retriever", "dev.rerank4j.langchain4j");

    @Test
    void theExampleOfThePackageRuns(@TempDir Path folder) {
        ContentRetriever retriever = query -> List.of(Contents.stored("Parking is free.", 0.9, "parking"),
                Contents.stored("Everybody gets 28 days of paid leave.", 0.8, "leave"));
        UserMessage question = UserMessage.from("how many days of leave do I get");
        String printed = PackageExample.run(Path.of("src/main/java/dev/rerank4j/langchain4j/package-info.java"), folder,
                IMPORTS, "ContentRetriever retriever, AugmentationRequest question", retriever,
                new AugmentationRequest(question, Metadata.from(question, null, null)));
        List<String> lines = printed.lines().toList();
        assertEquals(2, lines.size(), printed);
        assertTrue(lines.getFirst().contains("EMBEDDING_ID=leave"), printed);
        assertTrue(lines.getFirst().contains("Evidence[stage=retriever-1, rank=2, score=0.8]"), printed);
    }
}
