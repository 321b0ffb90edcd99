package dev.rerank4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where things are kept that could be made again: indexes of {@code search --docs}, what the launcher saves. */
final class CacheFolder {

    private CacheFolder() {
    }

    /**
     * {@code $RERANK4J_CACHE}, else {@code $XDG_CACHE_HOME/rerank4j}, else {@code ~/.cache/rerank4j}; it need not
     * exist.
     */
    static Path path(Shell shell) {
        String own = shell.variable("RERANK4J_CACHE");
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        String xdg = shell.variable("XDG_CACHE_HOME");
        Path parent = xdg.isEmpty() ? home(shell).resolve(".cache") : Path.of(xdg);
        return parent.resolve("rerank4j").toAbsolutePath();
    }

    private static Path home(Shell shell) {
        String home = shell.variable("HOME");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }

    /** Of each collection that was searched with --docs. */
    static Path indexes(Path cache) {
        return cache.resolve("indexes");
    }

    /** Of each model whose scores were kept: see {@link ScoreCache}. */
    static Path scores(Path cache) {
        return cache.resolve("scores");
    }

    /** Bytes of all files below; what vanishes meanwhile does not count. */
    static long size(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> {
                try {
                    return Files.isRegularFile(file) ? Files.size(file) : 0;
                } catch (IOException e) {
                    return 0;
                }
            }).sum();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Deletes a folder with all below it. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
