package dev.rerank4j.cli;

import dev.rerank4j.eval.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where {@code eval} leaves its rankings. */
final class RunFiles {

    @Option(names = "--run", paramLabel = "PATH", order = 22,
            description = "Write TREC run files: NAME.run in this folder, or, of a single system, this file.")
    private @Nullable Path path;

    /**
     * Before anything is computed.
     *
     * @throws UsageException if they could not be written
     */
    void check(int systems) {
        if (path == null) {
            return;
        }
        if (systems > 1 && Files.isRegularFile(path)) {
            throw new UsageException("--run must be a folder where there are several systems, " + path
                    + " is a file");
        }
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new UsageException("--run must be in a folder that exists, there is no " + folder);
        }
    }

    void write(List<Run> runs) {
        if (path == null) {
            return;
        }
        try {
            if (runs.size() == 1 && !Files.isDirectory(path)) {
                runs.getFirst().write(path);
                return;
            }
            Files.createDirectories(path);
            for (Run run : runs) {
                run.write(path.resolve(run.name().replaceAll("[/\\\\]", "-") + ".run"));
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--run: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
