package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * An index that commands search and bring up to date: a folder of this machine, or what an engine elsewhere keeps. Both
 * are searched by the same pipeline and filled by the same {@link IndexSync}. Safe for use by several threads.
 */
sealed interface TextIndex extends Index permits EmbeddedIndex, DatabaseIndex, ClusterIndex {

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

    /** The ids of the committed documents with a passage of this file. */
    Set<String> documents(String file);

    /** What is committed of some documents, by their ids; what is not there is left out. */
    Map<String, Committed> committed(Collection<String> documentIds);

    /**
     * What is known of a committed document.
     *
     * @param file that it was read from; may be empty
     * @param fingerprint of its passages
     */
    record Committed(String file, String fingerprint) {

        /** Of the passages of a document, at least one. */
        static Committed of(List<Passage> passages) {
            return new Committed(passages.getFirst().location().file(), LuceneIndex.fingerprint(passages));
        }
    }
}
