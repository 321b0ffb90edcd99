package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file of JSON Lines that has its name once it is whole: until then it is written beside it, and what is not whole is
 * deleted, or, after a process was killed, written anew by the next.
 */
final class CandidatesFile implements AutoCloseable {

    private final Path file;
    private final Path part;
    private final BufferedWriter writer;

    private CandidatesFile(Path file, Path part, BufferedWriter writer) {
        this.file = file;
        this.part = part;
        this.writer = writer;
    }

    /**
     * Before anything is computed.
     *
     * @throws UsageException if it could not be written
     */
    static void check(Path file, boolean force) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder != null && !Files.isDirectory(folder)) {
            throw new UsageException("--out must name a file in a folder that exists, got " + file);
        }
        if (Files.exists(file) && !force) {
            throw new UsageException("--out " + file + " is there already; --force overwrites it, or name another");
        }
    }

    /**
     * @throws RerankException {@code UNAVAILABLE} if it cannot be written, as by all that follows
     */
    static CandidatesFile open(Path file) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            return new CandidatesFile(file, part, Files.newBufferedWriter(part));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    void write(TrainingQuery query) {
        try {
            writer.write(Json.text(query));
            writer.newLine();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** It is whole. */
    void finish() {
        try {
            writer.close();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static RerankException failed(Path file, IOException e) {
        return new RerankException(RerankException.Kind.UNAVAILABLE, file + " cannot be written ("
                + Diagnostics.sentence(e)
                + "): nothing is left of it, but scores are kept, and running this again goes "
                + "on from there", e);
    }

    /** Deletes what is not whole. */
    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            // what was still to be written is not wanted any more
        }
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // the next run writes over it
        }
    }
}
