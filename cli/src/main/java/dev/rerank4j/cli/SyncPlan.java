package dev.rerank4j.cli;

import dev.rerank4j.ingest.DocumentReader;
import dev.rerank4j.ingest.DocumentReader.SourceFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What an index lacks of some files: those that are new or changed, and those that are gone. A file is unchanged if its
 * mark in the index says that its present content was indexed with the present settings.
 *
 * @param files all that are there, by name
 * @param marks what each readable file's mark will be
 * @param sizes bytes of each file
 * @param toRead names of new and changed files
 * @param gone names of files that the index knows and that are no longer below the roots
 */
record SyncPlan(Map<String, SourceFile> files, Map<String, String> marks, Map<String, Long> sizes,
        TreeSet<String> toRead, Set<String> gone) {

    /** Ends the mark of a file some of whose documents another file has too: it is read again when others change. */
    static final String SHARED = "+shared";

    /** The mark of a file some of whose documents may be in the index, and some not: what is no mark of any content. */
    static final String UNFINISHED = "unfinished";

    /**
     * @param indexed the marks of the index, by file name
     * @param settings what else decides about the passages, such as the chunk size
     */
    static SyncPlan of(List<Path> roots, DocumentReader reader, Map<String, String> indexed, String settings,
            Consumer<DocumentReader.Warning> warnings) {
        Map<String, SourceFile> files = new TreeMap<>();
        Set<Path> seen = new HashSet<>();
        for (Path root : roots) {
            for (SourceFile file : reader.files(root)) {
                // One file below two roots is one file: the name by which it was found first stays.
                if (seen.add(file.path().toAbsolutePath().normalize())) {
                    files.putIfAbsent(file.name(), file);
                }
            }
        }
        Map<String, String> marks = new HashMap<>();
        Map<String, Long> sizes = new HashMap<>();
        TreeSet<String> toRead = new TreeSet<>();
        TreeSet<String> shared = new TreeSet<>();
        for (SourceFile file : files.values()) {
            try {
                String mark = settings + ":" + sha256(file.path());
                marks.put(file.name(), mark);
                sizes.put(file.name(), Files.size(file.path()));
                String known = indexed.getOrDefault(file.name(), "");
                if (known.equals(mark + SHARED)) {
                    shared.add(file.name());
                } else if (!known.equals(mark)) {
                    toRead.add(file.name());
                }
            } catch (IOException e) {
                warnings.accept(new DocumentReader.Warning(file.name(),
                        "cannot be read, what the index knows of it stays (" + Diagnostics.sentence(e) + ")"));
            }
        }
        Set<String> gone = new TreeSet<>();
        // A folder that cannot be listed stands among the files: what is below it is not gone, only out of sight.
        List<Path> hidden = files.keySet().stream().filter(name -> !marks.containsKey(name)).map(Path::of).toList();
        for (String name : indexed.keySet()) {
            if (!files.containsKey(name) && hidden.stream().noneMatch(folder -> isBelow(name, folder))
                    && roots.stream().anyMatch(root -> isBelow(name, root))) {
                gone.add(name);
            }
        }
        if (!toRead.isEmpty() || !gone.isEmpty()) {
            toRead.addAll(shared);
        }
        return new SyncPlan(files, marks, sizes, toRead, gone);
    }

    /** Whether a file of this name would be found through this root. */
    private static boolean isBelow(String name, Path root) {
        Path path = Path.of(name).normalize();
        Path folder = root.normalize();
        return path.startsWith(folder) || folder.toString().isEmpty() && !path.isAbsolute() && !path.startsWith("..");
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    boolean isEmpty() {
        return toRead.isEmpty() && gone.isEmpty();
    }

    long bytesToRead() {
        return toRead.stream().mapToLong(sizes::get).sum();
    }
}
