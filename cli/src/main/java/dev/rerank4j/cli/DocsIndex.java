package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The index that {@code search --docs} keeps of a collection in the {@link CacheFolder}, so that the second search is
 * fast. One folder for each set of paths, encoder and language; beside the index a file that tells people whose it is,
 * and a lock: a second process waits for the first and then finds the work done, which beats an answer from half an
 * index.
 */
final class DocsIndex {

    /** Names the paths an index was made of, one a line; its time is that of the last use. */
    static final String PATHS = "paths.txt";

    private static final String INDEX = "index";
    private static final String LOCK = "lock";

    private final Path folder;
    private final List<Path> roots;
    private final Indexer indexer;
    private final Diagnostics diagnostics;

    DocsIndex(Path cache, List<Path> roots, String encoder, String language, Indexer indexer, Diagnostics diagnostics) {
        List<String> identity = new ArrayList<>(List.of(encoder, language));
        roots.forEach(root -> identity.addAll(List.of(root.toString(), root.toAbsolutePath().normalize().toString())));
        this.folder = CacheFolder.indexes(cache).resolve(hash(identity));
        this.roots = roots;
        this.indexer = indexer;
        this.diagnostics = diagnostics;
    }

    /**
     * The cache, or a temporary folder if nothing can be written there.
     */
    static Path writableCache(Shell shell, Diagnostics diagnostics) {
        Path cache = CacheFolder.path(shell);
        try {
            Files.createDirectories(CacheFolder.indexes(cache));
            Files.delete(Files.createTempFile(CacheFolder.indexes(cache), "try", ""));
            return cache;
        } catch (IOException e) {
            try {
                Path temporary = Files.createTempDirectory("rerank4j");
                diagnostics.warn("the cache folder " + cache + " cannot be written to, so the index will be made anew "
                        + "each time; set RERANK4J_CACHE to a folder of yours");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(temporary)));
                return temporary;
            } catch (IOException neither) {
                throw new RerankException(RerankException.Kind.UNAVAILABLE, "neither the cache folder " + cache
                        + " nor a temporary folder can be written to; set RERANK4J_CACHE to a folder of yours",
                        neither);
            }
        }
    }

    /**
     * The index of what the paths hold now, open for searching.
     *
     * @throws RerankException if it can be neither read nor made
     */
    Synced open(Progress progress, BooleanSupplier stop) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                lock(channel);
                Files.write(folder.resolve(PATHS), roots.stream().map(root -> root.toAbsolutePath().normalize()
                        .toString()).toList());
                SyncReport report;
                try (LuceneIndex index = openOrForget()) {
                    report = indexer.sync(new EmbeddedIndex(index), roots, progress, stop);
                }
                // Opened again, for reading: the next process may write as soon as this one has let go of the lock.
                return new Synced(indexer.open(folder.resolve(INDEX)), report);
            }
        } catch (IOException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "the index in the cache folder " + folder
                    + " cannot be used (" + Diagnostics.sentence(e) + "); delete the folder, or set RERANK4J_CACHE", e);
        }
    }

    /** An index in a cache can always be made anew; one that cannot be opened, or holds nothing, has to be. */
    private LuceneIndex openOrForget() throws IOException {
        Path directory = folder.resolve(INDEX);
        try {
            LuceneIndex index = indexer.open(directory, roots);
            if (index.documentCount() > 0 || !LuceneIndex.exists(directory)) {
                return index;
            }
            index.close(); // of no texts there was no language to tell
        } catch (RerankException e) {
            // made anew
        }
        CacheFolder.delete(directory);
        return indexer.open(directory, roots);
    }

    /** Until the channel is closed, or the process dies. */
    private void lock(FileChannel channel) throws IOException {
        if (channel.tryLock() == null) {
            diagnostics.say("another rerank is indexing these documents; waiting for it");
            channel.lock();
        }
    }

    private static String hash(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> digest.update((part + "\0").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has SHA-256
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            CacheFolder.delete(folder);
        } catch (IOException e) {
            // the system clears its temporary folder itself
        }
    }

    /**
     * @param index the caller's to close
     * @param report what had to be done for it
     */
    record Synced(LuceneIndex index, SyncReport report) {
    }
}
