package dev.rerank4j.lucene;

import dev.rerank4j.Encoder;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sketch of the public surface; see the issue. */
public final class LuceneIndex implements Index {

    /** Opens for reading and, at the first write, for writing; the encoder is not closed by the index. language: "en", "de", ..., "" = no stemming. */
    public static LuceneIndex open(Path directory, Encoder encoder, String language) {
        throw new UnsupportedOperationException();
    }

    /** Whether the directory holds a committed index (of any format). */
    public static boolean exists(Path directory) {
        throw new UnsupportedOperationException();
    }

    public Retriever bm25() {
        throw new UnsupportedOperationException();
    }

    public Retriever vector() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(List<Passage> passages) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String documentId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void commit() {
        throw new UnsupportedOperationException();
    }

    /** Remembers, with the next commit, a mark under a key (a file's content hash under its name); "" removes it. */
    public void mark(String key, String mark) {
        throw new UnsupportedOperationException();
    }

    /** The marks of the last commit. */
    public Map<String, String> marks() {
        throw new UnsupportedOperationException();
    }

    /** Of each committed document whose passages' Location.file is this file: id -> a fingerprint of its passages. */
    public Map<String, String> documents(String file) {
        throw new UnsupportedOperationException();
    }

    /** The committed passages of a document, in the order they were added; empty list if there is none. */
    public List<Passage> passages(String documentId) {
        throw new UnsupportedOperationException();
    }

    /** Names of the metadata fields in the index, sorted. */
    public Set<String> fields() {
        throw new UnsupportedOperationException();
    }

    /** Number of committed passages. */
    public int size() {
        throw new UnsupportedOperationException();
    }

    /** Number of committed documents. */
    public int documentCount() {
        throw new UnsupportedOperationException();
    }

    /** Where words of the query stand in the text, by this index's analysis: ascending, disjoint [start, end) pairs. */
    public List<int[]> matches(String query, String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
