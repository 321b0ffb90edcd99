package dev.rerank4j.examples.langchain4jrag;

import dev.rerank4j.ingest.Chunker;
import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.lucene.LuceneIndex;
import dev.rerank4j.onnx.OnnxEncoder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The handbook's files, read, cut and indexed. */
final class Handbook {

    private Handbook() {
    }

    /** One folder for each state of the files, so that a changed one makes a new index. */
    static LuceneIndex open(Path files, Path target, OnnxEncoder encoder, PrintStream warnings) throws IOException {
        if (!Files.isDirectory(files)) {
            throw new IOException("there is no folder " + files);
        }
        try (DocumentReader reader = new DocumentReader()) {
            List<DocumentReader.SourceFile> found = reader.files(files).stream()
                    .map(file -> new DocumentReader.SourceFile(file.path(), files.relativize(file.path()).toString()))
                    .toList();
            LuceneIndex index = LuceneIndex.open(target.resolve("index-" + state(found)), encoder, "en");
            if (index.documentCount() == 0) {
                Chunker chunker = Chunker.forWindow(encoder::tokenStarts, encoder.maxLength());
                for (DocumentReader.SourceFile file : found) {
                    reader.read(file, document -> index.add(chunker.chunk(document)),
                            warning -> warnings.println(warning.name() + ": " + warning.reason()));
                }
                index.commit();
            }
            return index;
        }
    }

    private static String state(List<DocumentReader.SourceFile> files) throws IOException {
        long state = files.size();
        for (DocumentReader.SourceFile file : files) {
            state = 31 * (31 * state + file.name().hashCode()) + Files.getLastModifiedTime(file.path()).toMillis();
        }
        return Long.toHexString(state);
    }
}
