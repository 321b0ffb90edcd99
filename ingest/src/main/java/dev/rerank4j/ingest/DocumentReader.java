package dev.rerank4j.ingest;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Sketch of the public surface; see the issue. */
public final class DocumentReader implements AutoCloseable {

    /** A file, and its name as the user would say it: the root as given, then the path below it, with forward slashes. */
    public record SourceFile(Path path, String name) {
    }

    /** A file, or a line of it, that could not be read. reason: one sentence. */
    public record Warning(String name, String reason) {
    }

    /** The readable files of a root (a file, or a folder with all below it), sorted by name. */
    public List<SourceFile> files(Path root) {
        throw new UnsupportedOperationException();
    }

    /** Reads one file's documents. A broken file or line is a warning; documents read before it stand. */
    public void read(SourceFile file, Consumer<SectionedDocument> documents, Consumer<Warning> warnings) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
