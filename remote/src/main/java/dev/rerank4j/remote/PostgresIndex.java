package dev.rerank4j.remote;

import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import javax.sql.DataSource;

/**
 * An index in a PostgreSQL database, searched by words ({@link #fullText()}) and, with an encoder and the extension
 * pgvector, by meaning ({@link #vector()}). Safe for use by several threads.
 *
 * <p>Connections come from the {@link DataSource} that it is handed, one for each reading, and one from the first
 * change until the commit: all changes between two commits are one transaction of the database. What other processes
 * commit is seen at once; two that write wait for each other. The tables are made by the first change.
 *
 * <p>If a change or commit fails because of the database, what was added since the last commit is lost and further
 * changes are refused with the same message; searching goes on. Open the index again to write.
 *
 * <p>Texts are kept as they are, except that lone surrogates become U+FFFD. Ids and names of metadata fields have at
 * most 2,000 bytes of UTF-8. Of a passage the words of the first 250,000 characters are found.
 */
public final class PostgresIndex implements Index {

    private final PostgresOptions options;
    private final Optional<CheckedEncoder> vectors;
    private final PostgresLayout layout;
    private final PassageColumns columns;
    private final PostgresReader reader;
    private final PostgresContents contents;
    private final PostgresWriter writer;
    private final Retriever fullText;

    private PostgresIndex(DataSource database, PostgresOptions options, Optional<Encoder> encoder) {
        this.options = options;
        vectors = encoder.map(CheckedEncoder::new);
        layout = new PostgresLayout(options);
        columns = PassageColumns.of(layout, options);
        reader = new PostgresReader(database, options.name());
        contents = new PostgresContents(reader, layout, columns);
        writer = new PostgresWriter(database, layout, PostgresIdentity.of(options, encoder), options);
        fullText = new FullTextRetriever(reader, columns, options.configuration(), layout::statistics);
    }

    /**
     * Opens an index for reading and, at the first change, for writing. It need not exist: the first change makes it.
     *
     * @param database gives connections to PostgreSQL, 12 or newer, at least two at a time; a pool is best. The index
     *        does not close it
     * @param options where the index lies
     * @param encoder makes the vectors of passages and queries, which the extension pgvector keeps; the index does not
     *        close it. Empty for an index of words alone
     * @return an index to search and to write to; to be closed by the caller
     * @throws IllegalArgumentException if the encoder's vectors have more than 16,000 numbers, or more than 2,000 and
     *         the options want a graph
     * @throws RerankException if the database cannot be reached or used, or holds an index there of another encoder,
     *         dimension, text search configuration or format. An index with vectors may be opened without an encoder to
     *         be searched by words; its first change then throws
     */
    public static PostgresIndex open(DataSource database, PostgresOptions options, Optional<Encoder> encoder) {
        Objects.requireNonNull(database, "database");
        encoder.ifPresent(known -> {
            int most = options.graph() ? PgVector.MAX_GRAPH_DIMENSION : PgVector.MAX_DIMENSION;
            if (known.dimension() < 1 || known.dimension() > most) {
                throw new IllegalArgumentException("dimension of encoder " + known.name() + " must be within 1 to "
                        + most + ", got " + known.dimension());
            }
        });
        PostgresIndex index = new PostgresIndex(database, options, encoder);
        PostgresIdentity identity = PostgresIdentity.of(options, encoder);
        index.reader.read(connection -> {
            PostgresIdentity.read(index.layout, options.name(), connection)
                    .ifPresent(written -> identity.verifyForReading(options.name(), written));
            if (encoder.isPresent()) {
                PgVector.of(options.name(), connection);
            }
            return true;
        });
        return index;
    }

    /**
     * {@return the text search configuration that the index in a database was made with, which is the one to open it
     * with; nothing if there is no index}
     *
     * @param database gives connections to PostgreSQL
     * @param options where the index lies; the rest does not count
     * @throws RerankException if the database cannot be reached or used, or the index is of another format
     */
    public static Optional<String> configuration(DataSource database, PostgresOptions options) {
        return new PostgresReader(database, options.name()).read(connection -> PostgresIdentity
                .read(new PostgresLayout(options), options.name(), connection).map(PostgresIdentity::configuration));
    }

    /**
     * {@return the retriever named {@code full-text}: passages that have words of the query, by the index's text search
     * configuration, scored by BM25 with k1 = 1.2 and b = 0.75}
     *
     * <p>The score is a sum over the words of the query that the passage has; it is above 0 and has no upper bound.
     * Passages with the query's rarest words, about 20,000 of them, are scored by all its words; those that have its
     * commoner words alone are looked at only if these do not fill the ranking. How many passages have a word is counted,
     * or, if it is common in an index of more than 20,000, taken from the server's statistics, which a commit renews.
     * A query may have 1,024 distinct words.
     */
    public Retriever fullText() {
        return fullText;
    }

    /**
     * {@return the retriever named {@code vector}: passages near the query by the encoder, scored by the cosine, -1 to
     * 1}
     *
     * @throws IllegalStateException if the index was opened without an encoder
     */
    public Retriever vector() {
        return new NearestRetriever(reader, columns, vectors.orElseThrow(
                () -> new IllegalStateException("index " + options.name() + " was opened without an encoder")),
                PostgresColumns.Distance.COSINE, options.name());
    }

    /**
     * Adds documents, each by all of its passages: a document that was there is replaced, at once.
     *
     * @param passages of one or more documents; all passages of a document in one call, next to each other
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws RerankException of kind {@code INVALID_REQUEST} if a passage id is taken by another document, or an id or
     *         a metadata field's name is too long or not well-formed Unicode; {@code MODEL} if the encoder does not give
     *         a vector of length 1 for each passage; {@code UNAVAILABLE} if the database cannot be written. Documents
     *         before the one in question may have been added.
     */
    @Override
    public void add(List<Passage> passages) {
        reader.requireOpen();
        for (List<List<Passage>> slice : PostgresBatch.slices(passages)) {
            writer.add(PostgresBatch.of(slice, vectors));
        }
    }

    @Override
    public void delete(String documentId) {
        writer.delete(documentId);
    }

    /** {@inheritDoc} Where there is no index it makes an empty one. */
    @Override
    public void commit() {
        writer.commit();
    }

    /**
     * Remembers, with the next commit, a mark under a key: a file's content hash under its name, say.
     *
     * @param key not empty
     * @param mark empty to remove it
     * @throws IllegalArgumentException if {@code key} is empty
     * @throws RerankException as {@link #add}
     */
    public void mark(String key, String mark) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key of a mark must not be empty");
        }
        writer.mark(PostgresText.name("key of a mark", key, PostgresLayout.LONGEST_NAME), mark);
    }

    /**
     * {@return the marks of the last commit by key; empty if there is none}
     *
     * @throws RerankException if the database cannot be read
     */
    public Map<String, String> marks() {
        return contents.marks();
    }

    /**
     * {@return the ids of the committed documents with a passage of this file, sorted}
     *
     * @param file as the {@linkplain dev.rerank4j.Location#file() locations} of its passages name it
     * @throws RerankException if the database cannot be read
     */
    public Set<String> documents(String file) {
        return contents.documents(file);
    }

    /**
     * {@return the committed passages of a document, in the order they were added; empty if there is none}
     *
     * @param documentId of a document; need not exist
     * @throws RerankException if the database cannot be read
     */
    public List<Passage> passages(String documentId) {
        return passages(List.of(documentId)).getOrDefault(documentId, List.of());
    }

    /**
     * {@return the committed passages of documents by the documents' ids, each in the order they were added; a document
     * that is not there is left out}
     *
     * @param documentIds of documents; they need not exist
     * @throws RerankException if the database cannot be read
     */
    public Map<String, List<Passage>> passages(Collection<String> documentIds) {
        return contents.passages(documentIds);
    }

    /**
     * {@return the first passages of committed documents, a document each, in an order of their ids that never changes:
     * to go through all of them page by page} A document that is added or deleted meanwhile may be missed or seen.
     *
     * @param after the document id after which to go on; empty to begin. It need not exist any more
     * @param limit how many at most; at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if the database cannot be read
     */
    public List<Passage> firstPassages(String after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        return contents.firstPassages(after, limit);
    }

    /**
     * {@return whether a committed passage has this metadata field}
     *
     * @param field its name
     * @throws RerankException if the database cannot be read
     */
    public boolean hasField(String field) {
        return contents.hasField(field);
    }

    /**
     * {@return names of the metadata fields of committed passages, sorted} All of them are read for it.
     *
     * @throws RerankException if the database cannot be read
     */
    public Set<String> fields() {
        return contents.fields();
    }

    /**
     * {@return of the committed passages that pass a filter, how many have each text of a metadata field, sorted by
     * text} A passage with several counts for each of them.
     *
     * @param field the metadata field; need not exist
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException if the database cannot be read
     */
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return contents.counts(field, filter);
    }

    /**
     * {@return number of committed passages that pass a filter}
     *
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException if the database cannot be read
     */
    public int count(Filter filter) {
        return contents.count("count(*)", columns.condition(filter));
    }

    /**
     * {@return number of committed passages}
     *
     * @throws RerankException if the database cannot be read
     */
    public int size() {
        return count(Filter.NONE);
    }

    /**
     * {@return number of committed documents}
     *
     * @throws RerankException if the database cannot be read
     */
    public int documentCount() {
        return contents.count("count(DISTINCT document)", Sql.of("TRUE"));
    }

    /** Closes without committing; a second call does nothing. */
    @Override
    public void close() {
        writer.close();
        reader.close();
    }
}
