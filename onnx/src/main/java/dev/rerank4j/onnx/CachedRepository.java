package dev.rerank4j.onnx;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A model's repository in the cache.
 *
 * @param repository {@code owner/name}
 * @param folder its folder in the cache
 * @param revisions its states
 * @param bytes on disk, each file once
 * @param lastUsed when one of its files was last changed or read
 */
public record CachedRepository(String repository, Path folder, List<Revision> revisions, long bytes, Instant lastUsed) {

    /** Copies the list. */
    public CachedRepository {
        revisions = List.copyOf(revisions);
    }

    /**
     * A state of it.
     *
     * @param commit 40 hexadecimal digits
     * @param names branches and tags that mean it
     * @param folder of its files
     * @param files paths below the folder, with {@code /}, sorted
     */
    public record Revision(String commit, List<String> names, Path folder, List<String> files) {

        /** Copies the lists. */
        public Revision {
            names = List.copyOf(names);
            files = List.copyOf(files);
        }
    }
}
