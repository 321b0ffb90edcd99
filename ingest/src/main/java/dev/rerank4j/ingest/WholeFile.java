package dev.rerank4j.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that must fit into memory. */
final class WholeFile {

    /** Longer arrays do not exist. */
    private static final long LONGEST_ARRAY = Integer.MAX_VALUE - 16L;

    private WholeFile() {
    }

    /**
     * @throws Unreadable if it is larger than allowed, also if it grew since somebody looked
     */
    static byte[] read(Path path, long maxBytes) throws IOException {
        checkSize(Files.size(path), maxBytes);
        try (InputStream input = Files.newInputStream(path)) {
            byte[] bytes = input.readNBytes((int) Math.min(maxBytes + 1, LONGEST_ARRAY));
            checkSize(bytes.length, maxBytes);
            return bytes;
        }
    }

    static void checkSize(long bytes, long maxBytes) throws Unreadable {
        if (bytes > maxBytes) {
            throw new Unreadable("It has " + bytes + " bytes, more than the " + maxBytes
                    + " that a file may have; split it or raise the limit.");
        }
    }
}
