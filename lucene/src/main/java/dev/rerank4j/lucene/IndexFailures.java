package dev.rerank4j.lucene;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.ThreadInterruptedException;
import org.jspecify.annotations.Nullable;

/**
 * What may go wrong with an index directory, as one sentence for the person in front of it. Lucene's own messages are
 * left to the cause: they may quote the text of documents.
 */
final class IndexFailures {

    /** As much as a file system may keep back while it says that there is no space left. */
    private static final long NEXT_TO_NOTHING = 64 * 1024;

    private IndexFailures() {
    }

    static RerankException none(Path directory) {
        return unavailable(
                "no index in " + directory + ": make one with rerank index --index " + directory + " PATH...");
    }

    static RerankException isFile(Path directory) {
        return unavailable(directory + " is a file, an index is a directory: choose another place for the index");
    }

    static RerankException reading(Path directory, Throwable failure) {
        return known(directory, failure).orElseGet(() -> unavailable(
                "index " + directory + " cannot be read" + reason(failure) + ": check the disk", failure));
    }

    static RerankException writing(Path directory, Throwable failure) {
        if (failure instanceof LockObtainFailedException) {
            // Lucene tells the two cases apart by its message alone
            boolean ours = String.valueOf(failure.getMessage()).contains("by this virtual machine");
            return unavailable("index " + directory + " is being written by another "
                    + (ours ? "open index of this process" : "process") + ": wait until it is done", failure);
        }
        if (isFull(directory, failure)) {
            return unavailable("no space left for index " + directory
                    + ", it stands as last committed: free space, open it again and repeat what was added since",
                    failure);
        }
        if (isReadOnly(directory, failure)) {
            return unavailable("index " + directory
                    + " is read-only: it can be searched; writing needs a directory that can be written", failure);
        }
        if (isInterrupt(failure)) {
            return unavailable("writing index " + directory
                    + " was interrupted, it stands as last committed: open it again and repeat what was added since",
                    failure);
        }
        return known(directory, failure).orElseGet(() -> unavailable("index " + directory + " cannot be written"
                + reason(failure) + ", it stands as last committed: open it again and repeat what was added since",
                failure));
    }

    private static Optional<RerankException> known(Path directory, Throwable failure) {
        if (isInterrupt(failure)) {
            return Optional.of(unavailable("reading index " + directory + " was interrupted", failure));
        }
        if (has(failure, AccessDeniedException.class::isInstance)) {
            return Optional.of(unavailable("index " + directory + " is closed to this user: give permission for the "
                    + "directory and its files", failure));
        }
        if (failure instanceof IndexFormatTooOldException || failure instanceof IndexFormatTooNewException) {
            return Optional.of(unavailable("index " + directory
                    + " is damaged or of a version that this one cannot read: index again into a new directory",
                    failure));
        }
        if (failure instanceof CorruptIndexException || failure instanceof EOFException
                || failure instanceof NoSuchFileException || failure instanceof IndexNotFoundException) {
            return Optional.of(unavailable("index " + directory + " is damaged: index again into a new directory",
                    failure));
        }
        return Optional.empty();
    }

    private static boolean isInterrupt(Throwable failure) {
        // an interrupt closes the channel of whatever file is in use; the next use of it fails with the general one
        return has(failure, e -> e instanceof ClosedChannelException || e instanceof ThreadInterruptedException);
    }

    private static boolean isFull(Path directory, Throwable failure) {
        if (has(failure, e -> e instanceof IOException && String.valueOf(e.getMessage()).contains("No space left"))) {
            return true;
        }
        try { // the system's message may be in another language
            return has(failure, IOException.class::isInstance)
                    && Files.getFileStore(directory).getUsableSpace() < NEXT_TO_NOTHING;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean isReadOnly(Path directory, Throwable failure) {
        return has(failure, FileSystemException.class::isInstance)
                && Files.isDirectory(directory) && !Files.isWritable(directory);
    }

    private static String reason(Throwable failure) {
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return " (" + system.getReason() + ")";
        }
        return " (" + failure.getClass().getSimpleName() + ")";
    }

    private static boolean has(@Nullable Throwable failure, Predicate<Throwable> condition) {
        for (Throwable e = failure; e != null; e = e.getCause() == e ? null : e.getCause()) {
            if (condition.test(e)) {
                return true;
            }
            for (Throwable suppressed : e.getSuppressed()) {
                if (has(suppressed, condition)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static RerankException unavailable(String message) {
        return new RerankException(Kind.UNAVAILABLE, message);
    }

    private static RerankException unavailable(String message, Throwable cause) {
        return new RerankException(Kind.UNAVAILABLE, message, cause);
    }
}
