package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A repository in the cache, laid out as Python's {@code huggingface_hub} does:
 *
 * <pre>
 * models--OWNER--NAME/blobs/ETAG                       what a file holds
 * models--OWNER--NAME/snapshots/COMMIT/PATH            a relative link to it
 * models--OWNER--NAME/refs/REVISION                    holds the commit
 * models--OWNER--NAME/.rerank4j/COMMIT.json            ours: what the hub said of the commit
 * </pre>
 *
 * <p>A file is only there under its own name once it is whole: it comes under a name of its own, and is renamed.
 */
final class HubFolder {

    private static final String OURS = ".rerank4j";
    private static final String PARTIAL = ".incomplete"; // by this ending huggingface_hub knows what is left over
    private static final int LONGEST_LIST = 64 << 20;

    private final Path cache;
    private final String repository;
    private final boolean links;
    private final Path folder;

    /**
     * @param links whether links may be made
     */
    HubFolder(Path cache, String repository, boolean links) {
        this.cache = cache;
        this.links = links;
        this.repository = repository;
        folder = cache.resolve("models--" + repository.replace("/", "--"));
    }

    Path folder() {
        return folder;
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return folder.resolve("blobs").resolve(etag);
    }

    /** The commit that a revision was when it was last asked for. */
    Optional<String> commit(String revision) throws IOException {
        if (HubListing.isCommit(revision)) {
            return Optional.of(revision);
        }
        Path ref = folder.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref) || Files.size(ref) > 100) {
            return Optional.empty();
        }
        return Optional.of(Files.readString(contained(ref), StandardCharsets.ISO_8859_1).strip())
                .filter(HubListing::isCommit);
    }

    /** What the hub said of a commit when it was asked by us, or else by Python. */
    Optional<HubListing> listing(String commit) throws IOException {
        for (Path file : List.of(kept(commit), folder.resolve("trees").resolve(commit + ".json"))) {
            if (Files.isRegularFile(file) && Files.size(file) <= LONGEST_LIST) {
                Optional<HubListing> listing = HubListing.kept(commit, Files.readString(contained(file)));
                if (listing.isPresent()) {
                    return listing;
                }
            }
        }
        return Optional.empty();
    }

    void keep(HubListing listing) throws IOException {
        if (!listing(listing.commit()).map(HubListing::files).equals(Optional.of(listing.files()))) {
            write(kept(listing.commit()), listing.toJson());
        }
    }

    private Path kept(String commit) {
        return folder.resolve(".rerank4j").resolve(commit + ".json");
    }

    /** From now on, the revision means the commit. */
    void name(String revision, String commit) throws IOException {
        if (!revision.equals(commit) && !commit(revision).equals(Optional.of(commit))) {
            write(folder.resolve("refs").resolve(revision), commit);
        }
    }

    /**
     * A file of a snapshot.
     *
     * @param size what it must have; -1 if that is unknown
     * @return empty if it is not there, or has another size
     * @throws RerankException {@code MODEL} if it is a link to somewhere else
     */
    Optional<Path> file(String commit, String path, long size) throws IOException {
        Path file = snapshot(commit).resolve(path);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        contained(file);
        return size < 0 || Files.size(file) == size ? Optional.of(file) : Optional.empty();
    }

    /**
     * The file, if it lies in this repository's folder, wherever that is, or among the blobs that Python's newer versions
     * share between repositories.
     *
     * @throws RerankException {@code MODEL} if it is a link to somewhere else
     */
    Path contained(Path file) throws IOException {
        Path real = file.toRealPath();
        if (real.startsWith(folder.toRealPath())) {
            return file;
        }
        Path shared = cache.resolve("blobs");
        if (Files.isDirectory(shared, LinkOption.NOFOLLOW_LINKS) && real.startsWith(shared.toRealPath())) {
            return file;
        }
        throw new RerankException(Kind.MODEL, folder.relativize(file) + " of " + repository + " in the cache " + cache
                + " is a link to a place outside of it, and is not read: remove the model (rerank models remove "
                + repository + ") and fetch it again");
    }

    /** Makes a folder below this repository's, unless a link on the way leads out of it. */
    private Path directory(Path directory) throws IOException {
        Files.createDirectories(folder);
        Path there = directory;
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        contained(there);
        return Files.createDirectories(directory);
    }

    /** Whether a blob is there; none of another size is. */
    boolean hasBlob(String etag, long size) throws IOException {
        Path blob = blob(etag);
        return Files.isRegularFile(blob) && (size < 0 || Files.size(contained(blob)) == size);
    }

    /** Held while a blob is made. */
    HubLock lock(String etag) throws IOException, InterruptedException {
        return HubLock.of(cache.resolve(".locks").resolve(folder.getFileName().toString()).resolve(etag + ".lock"));
    }

    /**
     * A file to download a blob to: what is left of an earlier attempt of ours, or else a new one. Nobody else writes to
     * it: it is renamed first. To be called by who holds the lock.
     */
    Path partial(String etag) throws IOException {
        Path blobs = directory(folder.resolve("blobs"));
        Path partial = unique(blobs.resolve(etag + OURS), PARTIAL);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(blobs, etag + OURS + ".*" + PARTIAL)) {
            for (Path earlier : left) {
                if (!Files.isRegularFile(earlier, LinkOption.NOFOLLOW_LINKS) || Files.exists(partial)) {
                    Files.delete(earlier);
                } else {
                    Files.move(earlier, partial, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        return partial;
    }

    /**
     * Asks for room on the disk.
     *
     * @throws RerankException {@code UNAVAILABLE} if there is less
     */
    void space(long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new RerankException(Kind.UNAVAILABLE, full(cache) + ": " + repository + " needs " + megabytes(bytes)
                    + " more there, " + megabytes(free) + " are free");
        }
    }

    static String full(Path cache) {
        return "the disk with the cache " + cache + " is full: remove models (rerank models list, rerank models remove)"
                + " or keep them elsewhere (HF_HOME)";
    }

    private static String megabytes(long bytes) {
        return (bytes + 999_999) / 1_000_000 + " MB";
    }

    /**
     * Makes a snapshot's file of a blob: a link, or, on a disk that has none, the blob itself.
     *
     * @param fresh whether nobody else has the blob yet
     */
    void link(String commit, String path, String etag, boolean fresh) throws IOException {
        Path file = snapshot(commit).resolve(path);
        Path parent = directory(file.getParent());
        Path blob = blob(etag);
        Path made = unique(file, ".tmp");
        try {
            if (linked(made, parent.relativize(blob))) {
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            } else if (fresh) {
                Files.move(blob, file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.copy(blob, made);
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Files.deleteIfExists(made);
        }
    }

    private boolean linked(Path link, Path target) throws IOException {
        if (links) {
            try {
                Files.createSymbolicLink(link, target);
                return true;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // such as Windows without the right to make one; if it is another reason, the copy fails for it too
            }
        }
        return false;
    }

    /** Beside a file, a name that nobody else uses. */
    private static Path unique(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ending);
    }

    private void write(Path file, String text) throws IOException {
        directory(file.getParent());
        Path fresh = file
                .resolveSibling(file.getFileName() + "." + UUID.randomUUID().toString().substring(0, 8) + ".tmp");
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Paths of a snapshot's files, with {@code /}, sorted; links to folders are not followed. */
    List<String> paths(String commit) throws IOException {
        Path snapshot = snapshot(commit);
        if (!Files.isDirectory(snapshot, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(snapshot)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/"))
                    .sorted().toList();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return List.of(); // removed meanwhile
            }
            throw e.getCause();
        }
    }
}
