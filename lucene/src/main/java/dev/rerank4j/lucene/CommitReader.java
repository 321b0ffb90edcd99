package dev.rerank4j.lucene;

import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.StandardDirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * The last commit of a directory, whoever wrote it, as something to search. Needs no lock and writes nothing. Safe for
 * use by several threads.
 */
final class CommitReader implements AutoCloseable {

    /** What is done with one commit. */
    interface Reading<T> {
        T from(IndexSearcher searcher) throws IOException;
    }

    private final Path directory;
    private final Identity identity;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile boolean closed;
    private volatile @Nullable SearcherManager commits;

    CommitReader(Path directory, Identity identity) {
        this.directory = directory;
        this.identity = identity;
    }

    /** Whether a directory holds a commit of any Lucene index. */
    static boolean exists(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("segments_"));
        } catch (IOException e) {
            throw IndexFailures.reading(directory, e);
        }
    }

    /**
     * What the writer of a directory's last commit left in it.
     *
     * @return empty if there is no commit
     * @throws RerankException if it cannot be read
     */
    static Optional<Map<String, String>> userData(Path directory) {
        if (!exists(directory)) {
            return Optional.empty();
        }
        try (FSDirectory files = FSDirectory.open(directory)) {
            return Optional.of(SegmentInfos.readLatestCommit(files).getUserData());
        } catch (IOException e) {
            throw IndexFailures.reading(directory, e);
        } catch (RuntimeException unreadable) { // Lucene trusts some of the bytes that it reads
            throw IndexFailures.reading(directory, new CorruptIndexException("the last commit cannot be opened",
                    directory.toString(), unreadable));
        }
    }

    /**
     * Reads from the last commit.
     *
     * @return empty if there is none yet
     * @throws RerankException if it cannot be read, or was made with something else than we have
     * @throws IllegalStateException if closed
     */
    <T> Optional<T> read(Reading<T> reading) {
        try {
            IndexSearcher searcher = acquire();
            if (searcher == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(reading.from(searcher));
            } finally {
                searcher.getIndexReader().decRef();
            }
        } catch (AlreadyClosedException e) {
            throw closed ? closed(e) : IndexFailures.reading(directory, e);
        } catch (IOException e) {
            throw IndexFailures.reading(directory, e);
        }
    }

    /** Returns when reads see a commit at least as new as the last one before this call. */
    void refresh() {
        try {
            refreshed();
        } catch (IOException e) {
            throw IndexFailures.reading(directory, e);
        }
    }

    /** The last commit, to be given back by {@code decRef} of its reader; null if there is none. */
    private @Nullable IndexSearcher acquire() throws IOException {
        while (true) {
            SearcherManager manager = refreshed();
            if (manager == null) {
                return null;
            }
            try {
                return manager.acquire();
            } catch (AlreadyClosedException e) {
                if (closed || manager == commits) {
                    throw e;
                } // otherwise the directory was found to be another one just now
            }
        }
    }

    private @Nullable SearcherManager refreshed() throws IOException {
        SearcherManager manager = manager();
        if (manager == null) {
            return null;
        }
        String before = id(manager);
        if (before.equals(lastId())) {
            return manager;
        }
        try {
            manager.maybeRefreshBlocking();
        } catch (IllegalStateException notItsSegments) {
            return anew(manager);
        }
        // Lucene compares counters, which begin again in a directory that was removed and made anew.
        return id(manager).equals(before) ? anew(manager) : manager;
    }

    /** Of the commit that is being read. */
    private static String id(SearcherManager manager) throws IOException {
        IndexSearcher searcher = manager.acquire();
        try {
            return StringHelper.idToString(((StandardDirectoryReader) searcher.getIndexReader()).getSegmentInfos()
                    .getId());
        } finally {
            manager.release(searcher);
        }
    }

    /** Of the last commit in the directory. */
    private String lastId() throws IOException {
        try (FSDirectory files = FSDirectory.open(directory)) {
            return StringHelper.idToString(SegmentInfos.readLatestCommit(files).getId());
        }
    }

    /** Opens the directory that has come into the place of another one, unless that has been done. */
    private @Nullable SearcherManager anew(SearcherManager old) throws IOException {
        opening.lock();
        try {
            if (!closed && commits == old) {
                commits = open();
                old.close();
            }
            return commits;
        } finally {
            opening.unlock();
        }
    }

    private @Nullable SearcherManager manager() throws IOException {
        SearcherManager manager = commits;
        if (manager != null) {
            return manager;
        }
        opening.lock();
        try {
            if (closed) {
                throw closed(new AlreadyClosedException("closed"));
            }
            if (commits == null && exists(directory)) {
                commits = open();
            }
            return commits;
        } finally {
            opening.unlock();
        }
    }

    private SearcherManager open() throws IOException {
        try {
            return new SearcherManager(FSDirectory.open(directory), new Verifying());
        } catch (RerankException refused) {
            throw refused;
        } catch (RuntimeException unreadable) { // Lucene trusts some of the bytes that it reads
            throw new CorruptIndexException("the last commit cannot be opened", directory.toString(), unreadable);
        }
    }

    /** Readings that have begun end well; further ones are refused. A second call does nothing. */
    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            if (commits != null) {
                commits.close();
            }
        } catch (IOException e) {
            throw IndexFailures.reading(directory, e);
        } finally {
            opening.unlock();
        }
    }

    private IllegalStateException closed(AlreadyClosedException cause) {
        return new IllegalStateException("index " + directory + " is closed", cause);
    }

    /** A directory may be made anew with another encoder while we have it open: each commit is asked. */
    private final class Verifying extends SearcherFactory {
        @Override
        public IndexSearcher newSearcher(IndexReader reader, @Nullable IndexReader previous) throws IOException {
            identity.verify(directory, ((DirectoryReader) reader).getIndexCommit().getUserData());
            return new IndexSearcher(reader);
        }
    }
}
