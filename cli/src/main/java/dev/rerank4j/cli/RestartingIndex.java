package dev.rerank4j.cli;

import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.lucene.LuceneIndex;
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

    private final LuceneIndex searched;
    private final Supplier<LuceneIndex> opener;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable LuceneIndex written;
    private boolean closed;

    /**
     * @param searched sees what was committed as soon as {@link #commit} returns; whoever made it closes it
     * @param opener opens the same directory once more
     */
    RestartingIndex(LuceneIndex searched, Supplier<LuceneIndex> opener) {
        this.searched = searched;
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
        change(LuceneIndex::commit);
        searched.commit(); // it has nothing to write, and looks at what was
    }

    private interface Change {
        void to(LuceneIndex index);
    }

    private void change(Change change) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the index is closed");
            }
            LuceneIndex index = written == null ? opener.get() : written;
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
