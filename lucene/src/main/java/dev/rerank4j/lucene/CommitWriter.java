package dev.rerank4j.lucene;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The next commit of a directory. The directory is locked, for other processes too, from the first change until this is
 * closed. A failed write ends it: what was added since the last commit is lost, and to go on as if it were not would
 * make a commit with holes. Safe for use by several threads, one at a time.
 */
final class CommitWriter implements AutoCloseable {

    /** A document, ready to be written. */
    record Block(List<Passage> passages, List<Document> documents) {
        String documentId() {
            return passages.getFirst().documentId();
        }
    }

    private interface Change {
        void to(IndexWriter writer) throws IOException;
    }

    /** Much more than Lucene's 16: vectors fill it fast, and each time it is full another graph is made. */
    private static final double BUFFER_MIB = 64;

    private final Path directory;
    private final Identity identity;
    private final Analyzer analyzer;
    private final CommitReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final PendingIds pending = new PendingIds();
    private @Nullable IndexWriter writer;
    private @Nullable RerankException failure;
    private boolean closed;

    CommitWriter(Path directory, Identity identity, Analyzer analyzer, CommitReader reader) {
        this.directory = directory;
        this.identity = identity;
        this.analyzer = analyzer;
        this.reader = reader;
    }

    /** Replaces documents, each at once. If a passage id is taken, none of them. */
    void add(List<Block> blocks) {
        change(writer -> {
            Map<String, List<Passage>> added = new LinkedHashMap<>();
            blocks.forEach(block -> added.put(block.documentId(), block.passages()));
            Map<String, String> committed = reader.read(searcher -> {
                Map<String, String> owners = new HashMap<>();
                for (Block block : blocks) {
                    for (Passage passage : block.passages()) {
                        StoredPassages.documentOf(passage.id(), searcher)
                                .ifPresent(owner -> owners.put(passage.id(), owner));
                    }
                }
                return owners;
            }).orElse(Map.of());
            pending.add(added, committed);
            for (Block block : blocks) {
                writer.updateDocuments(Layout.documentKey(block.documentId()), block.documents());
            }
        });
    }

    /** Removes a document. */
    void delete(String documentId) {
        change(writer -> {
            pending.delete(documentId);
            writer.deleteDocuments(Layout.documentKey(documentId));
        });
    }

    /** Sets a mark, or removes it if empty. */
    void mark(String key, String mark) {
        change(writer -> {
            if (mark.isEmpty()) {
                writer.deleteDocuments(Layout.markKey(key));
            } else {
                writer.updateDocument(Layout.markKey(key), Layout.mark(key, mark));
            }
        });
    }

    /** Commits, and has {@link CommitReader} see it. Of a directory without an index it makes an empty one. */
    void commit() {
        lock.lock();
        try {
            requireUsable();
            if (writer == null && CommitReader.exists(directory)) {
                reader.refresh(); // another one may have committed
                return;
            }
            commit(writer());
            pending.clear();
            reader.refresh();
        } finally {
            lock.unlock();
        }
    }

    private void commit(IndexWriter writer) {
        long before = generation(writer.getDirectory());
        try {
            writer.commit();
            while (writer.hasUncommittedChanges()) {
                writer.commit(); // merges come after a commit: without another one they would be lost at close
            }
        } catch (IOException | RuntimeException e) {
            if (generation(writer.getDirectory()) == before) {
                throw fail(e);
            }
            // The commit was made and only a merge after it failed: nothing is lost, the next change starts afresh.
            abandon();
        }
    }

    private void change(Change change) {
        lock.lock();
        try {
            requireUsable();
            apply(change, writer());
        } finally {
            lock.unlock();
        }
    }

    private void apply(Change change, IndexWriter writer) {
        try {
            change.to(writer);
        } catch (RerankException refused) {
            throw refused;
        } catch (IOException | RuntimeException e) {
            throw fail(e);
        }
    }

    private void requireUsable() {
        if (closed) {
            throw new IllegalStateException("index " + directory + " is closed");
        }
        if (failure != null) {
            throw new RerankException(failure.kind(), String.valueOf(failure.getMessage()), failure);
        }
    }

    private IndexWriter writer() {
        if (writer == null) {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw IndexFailures.isFile(directory);
            }
            try {
                writer = open();
            } catch (IOException e) {
                throw IndexFailures.writing(directory, e);
            }
            reader.refresh();
        }
        return writer;
    }

    private IndexWriter open() throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(analyzer)
                .setOpenMode(IndexWriterConfig.OpenMode.CREATE_OR_APPEND)
                .setCommitOnClose(false)
                .setRAMBufferSizeMB(BUFFER_MIB)
                .setMergeScheduler(new SerialMergeScheduler()) // its failures reach us, not a thread's last words
                .setCodec(VectorFormat.codec());
        FSDirectory files = FSDirectory.open(directory);
        IndexWriter opened;
        try {
            opened = new IndexWriter(files, config);
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
        try {
            if (DirectoryReader.indexExists(files)) {
                Map<String, String> userData = new HashMap<>();
                opened.getLiveCommitData().forEach(entry -> userData.put(entry.getKey(), entry.getValue()));
                identity.verify(directory, userData);
            } else {
                opened.setLiveCommitData(identity.userData().entrySet());
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.rollback();
            throw e;
        }
    }

    private RerankException fail(Throwable cause) {
        RerankException e = IndexFailures.writing(directory, cause);
        failure = e;
        abandon();
        return e;
    }

    /** Drops what is not committed, and the lock. */
    private void abandon() {
        IndexWriter abandoned = writer;
        writer = null;
        pending.clear();
        if (abandoned != null) {
            try {
                abandoned.rollback();
                abandoned.getDirectory().close();
            } catch (IOException | RuntimeException e) {
                // It was broken already, and what it could not remove, the next writer removes.
                System.getLogger(CommitWriter.class.getName())
                        .log(System.Logger.Level.DEBUG, "index " + directory + " was not closed cleanly", e);
            }
        }
    }

    private static long generation(Directory files) {
        try {
            return SegmentInfos.getLastCommitGeneration(files);
        } catch (IOException unknown) {
            return -1;
        }
    }

    /** Waits for a running change; a second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            abandon();
        } finally {
            lock.unlock();
        }
    }
}
