package dev.rerank4j.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The development collections, where their archive lies beside the checkout. */
final class SharedCollections {

    static final Path ARCHIVE = Path.of(System.getProperty("rerank4j.shared", "../../shared"))
            .resolve("data/eval-dev.tar.xz");

    private SharedCollections() {
    }

    /**
     * A collection's folder; unpacked below another one, unless it was before.
     *
     * @return empty if there is no archive
     */
    static Optional<Path> unpack(String name, Path below) throws IOException {
        if (!Files.exists(ARCHIVE)) {
            return Optional.empty();
        }
        String version = Files.size(ARCHIVE) + "-" + Files.getLastModifiedTime(ARCHIVE).toMillis();
        Path folder = below.resolve(version);
        if (!Files.exists(folder.resolve("whole"))) {
            unpack(folder);
            Files.writeString(folder.resolve("whole"), "");
        }
        if (!Files.isDirectory(folder.resolve(name))) {
            throw new IllegalArgumentException("there is no collection " + name + " in " + ARCHIVE);
        }
        return Optional.of(folder.resolve(name));
    }

    private static void unpack(Path folder) throws IOException {
        try (InputStream packed = new BufferedInputStream(Files.newInputStream(ARCHIVE));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("an entry of " + ARCHIVE + " leaves the archive");
                }
                if (entry.isFile()) {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
