package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import dev.rerank4j.Encoder;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleUnaryOperator;

/**
 * An index in an OpenSearch or Elasticsearch cluster, searched by words ({@link #bm25()}), by meaning
 * ({@link #vector()}) and by both at once ({@link #hybrid()}). Either one that Rerank4j makes and fills, or, with
 * {@linkplain OpenSearchOptions#fields() fields}, one that somebody else fills and that is only read. Safe for use by
 * several threads.
 *
 * <p>What is added is collected, sent in requests of bounded size, and searched after {@link #commit()}, which refreshes
 * the index; nothing else does, as the index is made without refreshes of its own. A document's passages lie on one
 * shard, so that a search sees a document whole. What a cluster cannot do, and the embedded index can:
 * <ul>
 * <li>A commit is not one step. If it fails or the process dies, what was sent before stays in the cluster, and becomes
 * visible with the next commit of anybody. Adding the same documents again puts that right. Marks are sent after all
 * passages: one that is there says that what it stands for is there.
 * <li>With several shards, a search during a commit may see it on some shards and not yet on others.
 * <li>One process at a time may write: a commit of one makes half a document of another visible, and the last one to
 * write a document wins, passage by passage.
 * <li>That a passage's id is unique among documents is not checked.
 * </ul>
 *
 * <p>Rankings have at most 10,000 hits. Failures of the cluster are {@link RerankException}s: {@code UNAVAILABLE} if it
 * does not answer, wants another key, is red, or has no such index; {@code OVERLOADED} if it has no room for more;
 * {@code INVALID_REQUEST} if it cannot read a filter or has too long a query; {@code TIMEOUT} at the deadline. What only
 * some shards found is never taken for all.
 */
public final class OpenSearchIndex implements Index {

    private final OpenSearchOptions options;
    private final Optional<CheckedEncoder> encoder;
    private final OpenSearchClient client;
    private final OpenSearchQueries queries;
    private final OpenSearchHits hits;
    private final OpenSearchWriter writer;
    private final OpenSearchSchema schema;
    private final OpenSearchReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean made;

    private OpenSearchIndex(OpenSearchOptions options, Optional<CheckedEncoder> encoder) {
        this.options = options;
        this.encoder = encoder;
        client = new OpenSearchClient(options);
        queries = new OpenSearchQueries(options);
        hits = new OpenSearchHits(options.fields());
        writer = new OpenSearchWriter(options, client);
        schema = new OpenSearchSchema(options, client);
        reader = new OpenSearchReader(client, schema);
    }

    /**
     * Opens an index without vectors. Nothing is asked of the cluster yet, so that the index need not exist: the first
     * change makes it.
     *
     * @param options which index of which cluster
     * @return an index to search and, without fields of its own, to write to; to be closed by the caller
     */
    public static OpenSearchIndex open(OpenSearchOptions options) {
        return new OpenSearchIndex(options, Optional.empty());
    }

    /**
     * Opens an index with vectors. Nothing is asked of the cluster yet, so that the index need not exist: the first
     * change makes it.
     *
     * @param options which index of which cluster
     * @param encoder makes the vectors of passages and queries; the index does not close it
     * @return an index to search and, without fields of its own, to write to; to be closed by the caller
     */
    public static OpenSearchIndex open(OpenSearchOptions options, Encoder encoder) {
        return new OpenSearchIndex(options, Optional.of(new CheckedEncoder(encoder)));
    }

    /**
     * {@return the retriever named {@code bm25}: passages that have words of the query, scored by the engine's BM25}
     * The query is text, whatever characters it has. In an index that Rerank4j makes, words are those of
     * {@link Passage#content()} as the embedded index sees them, where the engine has the same analysis.
     */
    public Retriever bm25() {
        return retriever("bm25", (query, limit, deadline) -> {
            schema.requireWords(deadline);
            return queries.words(query);
        }, score -> score);
    }

    /**
     * {@return the retriever named {@code vector}: passages near the query by the encoder} In an index that Rerank4j
     * makes the score is the cosine, -1 to 1; in another, what the engine gives. The filter is applied before the
     * search, so that as many hits come as pass it, up to the limit; near ones may be missed, as the engine walks a
     * graph.
     *
     * @throws IllegalStateException if the index was opened without an encoder, or its fields have no vector
     */
    public Retriever vector() {
        CheckedEncoder vectors = vectors();
        // Both engines turn a cosine into (1 + cosine) / 2, which is never below 0.
        DoubleUnaryOperator meaning = options.fields().isEmpty() ? score -> 2 * score - 1 : score -> score;
        return retriever("vector", (query, limit, deadline) -> {
            schema.requireVectors(vectors, deadline);
            float[] vector = vectors.query(query.text());
            deadline.check("vector");
            return queries.near(vector, query.filter(), limit);
        }, meaning);
    }

    /**
     * {@return the retriever named {@code hybrid}: passages by words and by the encoder, in one ranking that the engine
     * makes} OpenSearch's hybrid query with the normalization processor (each part's scores from 0 to 1, and their
     * mean), which its neural-search plugin has; Elasticsearch's reciprocal rank fusion.
     *
     * @throws IllegalStateException if the index was opened without an encoder, or its fields have no vector
     */
    public Retriever hybrid() {
        CheckedEncoder vectors = vectors();
        return retriever("hybrid", (query, limit, deadline) -> {
            schema.requireWords(deadline);
            schema.requireVectors(vectors, deadline);
            float[] vector = vectors.query(query.text());
            deadline.check("hybrid");
            return queries.hybrid(query, vector, limit);
        }, score -> score);
    }

    private Retriever retriever(String name, OpenSearchRetriever.Question question, DoubleUnaryOperator score) {
        return new OpenSearchRetriever(name, client, queries, hits, question, score);
    }

    private CheckedEncoder vectors() {
        if (queries.vectorField().isEmpty()) {
            throw new IllegalStateException("the fields of " + client.subject() + " have no vector: name one");
        }
        return encoder.orElseThrow(() -> new IllegalStateException(client.subject()
                + " was opened without an encoder: open it with one to search by vectors"));
    }

    /**
     * Adds documents, each by all of its passages: a document that was there is replaced.
     *
     * @param passages of one or more documents; all passages of a document in one call, next to each other
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws IllegalStateException if closed, or the index is one that somebody else fills
     * @throws RerankException as the class says, and of kind {@code MODEL} if the encoder does not give a vector of
     *         length 1 for each passage. What was added since the last commit may then be written in part: add it again
     */
    @Override
    public void add(List<Passage> passages) {
        requireWritable();
        Map<String, List<Passage>> documents = Documents.grouped(passages);
        documents.forEach((id, document) -> {
            List<float[]> vectors = encoder.map(e -> e.passages(document.stream().map(Passage::content).toList()))
                    .orElse(List.of());
            locked(() -> writer.put(id, new OpenSearchWriter.Pending(document, vectors)));
        });
    }

    @Override
    public void delete(String documentId) {
        requireWritable();
        locked(() -> writer.put(documentId, new OpenSearchWriter.Pending(List.of(), List.of())));
    }

    /**
     * Makes all that was added and deleted so far visible and durable; makes an empty index if there is none.
     *
     * @throws IllegalStateException if closed, or the index is one that somebody else fills
     * @throws RerankException as the class says; what was added since the last commit may then be written in part, and
     *         is to be added again
     */
    @Override
    public void commit() {
        requireWritable();
        locked(writer::commit);
    }

    /**
     * Remembers, with the next commit, a mark under a key: a file's content hash under its name, say. It is kept in the
     * index.
     *
     * @param key not empty
     * @param mark empty to remove it
     * @throws IllegalArgumentException if {@code key} is empty
     * @throws IllegalStateException if closed, or the index is one that somebody else fills
     */
    public void mark(String key, String mark) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key of a mark must not be empty");
        }
        requireWritable();
        locked(() -> writer.mark(key, mark));
    }

    /**
     * {@return the language whose stems an index is made with; nothing if there is no index}
     *
     * @throws RerankException as the class says, and if the index is of another format or somebody else's
     */
    public Optional<String> language() {
        return schema.identity(Deadline.none()).map(OpenSearchIdentity::language);
    }

    /**
     * {@return the marks of the last commit by key; empty if there is none}
     *
     * @throws RerankException as the class says
     */
    public Map<String, String> marks() {
        return reader.marks();
    }

    /**
     * {@return the ids of the committed documents with a passage of this file, sorted}
     *
     * @param file as the {@linkplain dev.rerank4j.Location#file() locations} of its passages name it
     * @throws RerankException as the class says
     */
    public Set<String> documents(String file) {
        return reader.documents(file);
    }

    /**
     * {@return the committed passages of documents by the documents' ids, each in the order they were added; a document
     * that is not there is left out}
     *
     * @param documentIds of documents; they need not exist
     * @throws RerankException as the class says
     */
    public Map<String, List<Passage>> passages(Collection<String> documentIds) {
        return reader.passages(documentIds);
    }

    /**
     * {@return the first passages of committed documents, a document each, in an order of their ids that never changes:
     * to go through all of them page by page}
     *
     * @param after the document id after which to go on; empty to begin. It need not exist any more
     * @param limit how many at most; at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException as the class says
     */
    public List<Passage> firstPassages(String after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        return reader.firstPassages(after, limit);
    }

    /**
     * {@return names of the metadata fields of committed passages, sorted}
     *
     * @throws RerankException as the class says
     */
    public Set<String> fields() {
        return reader.fields();
    }

    /**
     * {@return of the committed passages that pass a filter, how many have each text of a metadata field, sorted by
     * text} A passage with several counts for each of them.
     *
     * @param field the metadata field; need not exist
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException as the class says
     */
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return reader.counts(field, filter);
    }

    /**
     * {@return number of committed passages that pass a filter}
     *
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException as the class says
     */
    public int count(Filter filter) {
        return reader.count(filter);
    }

    /**
     * {@return number of committed documents}
     *
     * @throws RerankException as the class says
     */
    public int documentCount() {
        return reader.documentCount();
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            if (!made) {
                if (schema.requireWritable(encoder, Deadline.none()).isEmpty()) {
                    client.create(OpenSearchLayout.index(options, encoder.map(CheckedEncoder::name).orElse(""),
                            encoder.map(CheckedEncoder::dimension).orElse(0)));
                    schema.requireWritable(encoder, Deadline.none()); // somebody else may have been first
                }
                made = true;
            }
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private void requireWritable() {
        client.requireOpen();
        if (options.fields().isPresent()) {
            throw new IllegalStateException(client.subject()
                    + " is filled by somebody else and only read: leave the fields out for an index to write to");
        }
    }

    /** Closes without committing; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }
}
