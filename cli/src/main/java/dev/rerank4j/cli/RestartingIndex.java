package dev.rerank4j.cli;

import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The write side of an index that outlives its failures: after one (no space left, a client that went away amidst), all
 * that was not committed is dropped, and the next change opens the index anew. Searching goes on meanwhile on an index
 * of its own. Safe for use by several threads, which must not mix their changes before a commit.
 */
final class RestartingIndex implements Index {

    private final Runnable committed;
    private final Supplier<? extends Index> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Index written;
    private boolean closed;

    /**
     * @param committed is run after a commit, so that what is searched sees it as soon as {@link #commit} returns
     * @param opener opens the index to write to it, once more after each failure
     */
    RestartingIndex(Runnable committed, Supplier<? extends Index> opener) {
        this.committed = committed;
        this.opener = opener;
    }

    @Override
    public void add(List<Passage> passages) {
        change(index -> index.add(passages));
    }

    @Override
    public void delete(String documentId) {
        change(index -> index.delete(documentId));
    }

    @Override
    public void commit() {
        change(Index::commit);
        committed.run();
    }

    private interface Change {
        void to(Index index);
    }

    private void change(Change change) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the index is closed");
            }
            Index index = written == null ? opener.get() : written;
            written = index;
            boolean done = false;
            try {
                change.to(index);
                done = true;
            } finally {
                if (!done) {
                    written = null;
                    index.close();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a running change, and drops what is not committed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (written != null) {
                written.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
