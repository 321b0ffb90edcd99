package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An index that commands search and bring up to date: a folder of this machine, or what an engine elsewhere keeps. Both
 * are searched by the same pipeline and filled by the same {@link IndexSync}. Safe for use by several threads.
 */
sealed interface TextIndex extends Index permits EmbeddedIndex {

    /**
     * The retrievers of a first stage, one or, to be fused, two.
     *
     * @throws UsageException if this index has no such first stage
     */
    List<Retriever> retrievers(Config.Retrieval retrieval);

    /**
     * Conditions of the command line, all together.
     *
     * @throws UsageException if one cannot be read, or names a field that the index is known not to have
     */
    Filter filter(List<String> conditions);

    /** Where words of the query stand in a text: ascending, disjoint [start, end) pairs. */
    List<int[]> matches(String query, String text);

    /** The language its words are analysed in; empty for none in particular. */
    String language();

    /** Number of committed documents. */
    int documentCount();

    /** Number of committed passages that pass a filter. */
    int count(Filter filter);

    /** Of the committed passages that pass a filter, how many have each text of a metadata field. */
    SortedMap<String, Integer> counts(String field, Filter filter);

    /** The committed passages of a document, in its order; empty if there is none. */
    List<Passage> passages(String documentId);

    /** The first passages of documents, a document each, after that of this id; the empty text to begin. */
    List<Passage> firstPassages(String after, int limit);

    /** The marks of the last commit by key. */
    Map<String, String> marks();

    /** Remembers, with the next commit, a mark under a key; the empty mark removes it. */
    void mark(String key, String mark);

    /** Of each committed document with a passage of this file: its id and {@link #fingerprint}. */
    Map<String, String> documents(String file);

    /** The file that a committed document was read from; empty if there is no such document. */
    Optional<String> file(String documentId);
}
