package dev.rerank4j.examples.springairag;

import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.springai.PassageDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The handbook's files in Spring AI's in-memory vector store, which is kept in a file from one run to the next. */
final class Handbook {

    private Handbook() {
    }

    static SimpleVectorStore store(Path files, Path target, EmbeddingModel model, OnnxEncoder encoder)
            throws IOException {
        if (!Files.isDirectory(files)) {
            throw new InvalidConfigurationPropertyValueException("example", files, "There is no folder " + files + ".");
        }
        SimpleVectorStore store = SimpleVectorStore.builder(model).build();
        try (DocumentReader reader = new DocumentReader()) {
            List<DocumentReader.SourceFile> sources = reader.files(files).stream()
                    .map(source -> new DocumentReader.SourceFile(source.path(),
                            files.relativize(source.path()).toString()))
                    .toList();
            Path kept = target.resolve("handbook-" + state(sources) + ".json");
            if (Files.exists(kept)) {
                store.load(kept.toFile());
                return store;
            }
            Chunker chunker = Chunker.forWindow(encoder::tokenStarts, encoder.maxLength());
            List<Document> documents = new ArrayList<>();
            for (DocumentReader.SourceFile source : sources) {
                reader.read(source,
                        document -> chunker.chunk(document).stream().map(PassageDocuments::document)
                                .forEach(documents::add),
                        warning -> System.err.println(warning.name() + ": " + warning.reason()));
            }
            store.add(documents);
            Files.createDirectories(target);
            store.save(kept.toFile());
            return store;
        }
    }

    /** Another one as soon as a file is new or changed. */
    private static String state(List<DocumentReader.SourceFile> sources) throws IOException {
        long state = sources.size();
        for (DocumentReader.SourceFile source : sources) {
            state = 31 * (31 * state + source.name().hashCode()) + Files.getLastModifiedTime(source.path()).toMillis();
        }
        return Long.toHexString(state);
    }
}
