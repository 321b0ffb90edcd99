package dev.rerank4j;

import java.util.List;

/**
 * The write side of a first stage. What is added is found by others after {@link #commit()}, and then survives the
 * death of the process. Safe for use by several threads; a reader sees a document whole or not at all.
 */
public interface Index extends AutoCloseable {

    /**
     * Adds documents, each by all of its passages: a document that was there is replaced.
     *
     * @param passages of one or more documents; all passages of a document in one call, next to each other
     * @throws RerankException if they cannot be written; what was committed before is intact
     */
    void add(List<Passage> passages);

    /**
     * Removes a document's passages; does nothing if there are none.
     *
     * @param documentId the {@linkplain Passage#documentId() document} to remove; one that is not there is no error
     * @throws RerankException if that cannot be written; what was committed before is intact
     */
    void delete(String documentId);

    /**
     * Makes all that was added and deleted so far visible and durable, at once.
     *
     * @throws RerankException if that failed; the last commit is intact
     */
    void commit();

    /** Closes without committing; a second call does nothing. */
    @Override
    void close();
}
