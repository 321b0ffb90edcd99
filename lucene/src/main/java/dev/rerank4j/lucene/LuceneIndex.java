package dev.rerank4j.lucene;

import dev.rerank4j.Encoder;
import dev.rerank4j.Filter;
import dev.rerank4j.Index;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.lucene.search.IndexSearcher;

/**
 * An index in one directory, searched by words ({@link #bm25()}) and by meaning ({@link #vector()}). Safe for use by
 * several threads.
 *
 * <p>Everything that reads sees the last commit, also one that another process made meanwhile, and documents whole. The
 * first change locks the directory against other writers until {@link #close()}; reading needs no lock and no
 * permission to write. A process may die at any moment: the last commit stays.
 *
 * <p>If a change or commit fails because of the directory (no space left, for instance), what was added since the last
 * commit is lost and further changes are refused with the same message; searching goes on. Open the index again to
 * write.
 *
 * <p>Texts are kept as they are, except that lone surrogates become U+FFFD. Passage ids are unique in the whole index;
 * those added since the last commit are held in memory to see to that, so that long runs should commit now and then.
 */
public final class LuceneIndex implements Index {

    /** How many passages are encoded before they are written, unless a single document has more. */
    private static final int SLICE = 512;

    private final Path directory;
    private final String language;
    private final Analysis analysis;
    private final CommitReader reader;
    private final CommitWriter writer;
    private final Blocks blocks;
    private final Retriever bm25;
    private final Retriever vector;
    private volatile boolean closed;

    private LuceneIndex(Path directory, Encoder encoder, Identity identity) {
        this.directory = directory;
        language = identity.language();
        analysis = new Analysis(identity.language());
        reader = new CommitReader(directory, identity);
        writer = new CommitWriter(directory, identity, analysis.analyzer(), reader);
        Vectors vectors = new Vectors(encoder, identity.dimension());
        blocks = new Blocks(vectors);
        CommitSearch search = new CommitSearch(reader, directory);
        bm25 = new Bm25Retriever(search, analysis);
        vector = new VectorRetriever(search, vectors);
    }

    /**
     * Opens a directory for reading and, at the first change, for writing. It need not exist: the first change makes
     * it.
     *
     * @param directory holds the index and nothing else
     * @param encoder makes the vectors of passages and queries; the index does not close it
     * @param language a code of {@link #languages()}, whose words are then found by their stems; another two-letter
     *        code of ISO 639, or empty, for words as they are
     * @return an index to search and to write to; to be closed by the caller
     * @throws IllegalArgumentException if there is no such language, or the encoder's vectors have more than 4,096
     *         numbers
     * @throws RerankException of kind {@code UNAVAILABLE} if the directory is a file, cannot be read, is damaged, or
     *         holds an index of another encoder, dimension, language or format
     */
    public static LuceneIndex open(Path directory, Encoder encoder, String language) {
        Objects.requireNonNull(directory, "directory");
        LuceneIndex index = new LuceneIndex(directory, encoder, Identity.of(encoder, language));
        try {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw IndexFailures.isFile(directory);
            }
            index.reader.refresh();
            return index;
        } catch (RuntimeException e) {
            index.close();
            throw e;
        }
    }

    /**
     * {@return whether the directory holds a committed index, of any format}
     *
     * @param directory need not exist
     * @throws RerankException if it cannot be listed
     */
    public static boolean exists(Path directory) {
        return CommitReader.exists(directory);
    }

    /**
     * The language that the committed index in a directory was made with, which is the one to {@link #open} it with.
     *
     * @param directory need not exist
     * @return as {@link #language()}; nothing if there is no index that Rerank4j wrote
     * @throws RerankException if it cannot be read
     */
    public static Optional<String> language(Path directory) {
        return CommitReader.userData(directory).flatMap(Identity::language);
    }

    /**
     * The encoder that the committed index in a directory was made with, which is the one to {@link #open} it with.
     *
     * @param directory need not exist
     * @return its name; nothing if there is no index that Rerank4j wrote
     * @throws RerankException if it cannot be read
     */
    public static Optional<String> encoder(Path directory) {
        return CommitReader.userData(directory).flatMap(Identity::encoder);
    }

    /** {@return the codes of the languages with stems, stop words and word boundaries of their own, sorted} */
    public static Set<String> languages() {
        return Languages.supported();
    }

    /**
     * A hash over a document's passages: ids, titles, texts, locations and metadata, in their order.
     *
     * @param passages of one document, in its order; may be empty
     * @return 64 hexadecimal digits, the same on every machine and in every process
     */
    public static String fingerprint(List<Passage> passages) {
        return Hash.of(passages.stream().map(PassageCodec::encode).toList());
    }

    /**
     * {@return the retriever named {@code bm25}: passages that have words of the query, scored by BM25 with Lucene's
     * parameters over {@link Passage#content()}} The query is text, whatever characters it has; of one without words
     * (for instance of stop words only) the ranking is empty. Of an English query those words do not count that
     * questions are made of, such as "what", "how" or "have", unless it has no others. It throws
     * {@link RerankException} of kind {@code INVALID_REQUEST} for more than 1,024 distinct words, {@code TIMEOUT} at
     * the deadline, {@code UNAVAILABLE} if there is no index.
     */
    public Retriever bm25() {
        return bm25;
    }

    /**
     * {@return the retriever named {@code vector}: passages near the query by the encoder, scored by the cosine, -1 to
     * 1, of their full vectors} The filter is applied before the search, so that as many hits come as pass it, up to
     * the limit. Up to about 20,000 passages all are compared; beyond, a graph is walked, which misses one now and
     * then, and more where dozens of passages have the very same content. It throws {@link RerankException} of kind
     * {@code TIMEOUT} at the deadline, {@code UNAVAILABLE} if there is no index, {@code MODEL} if the encoder gives
     * something that is not a vector of length 1.
     */
    public Retriever vector() {
        return vector;
    }

    /**
     * Adds documents, each by all of its passages: a document that was there is replaced, at once.
     *
     * @param passages of one or more documents; all passages of a document in one call, next to each other
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     * @throws RerankException of kind {@code INVALID_REQUEST} if a passage id is taken by another document, an id is
     *         not well-formed Unicode, or a metadata field's name is longer than 1,000 characters; {@code MODEL} if the
     *         encoder does not give a vector of length 1 for each passage; {@code UNAVAILABLE} if the directory is
     *         locked, read-only or full. Documents before the one in question may have been added.
     */
    @Override
    public void add(List<Passage> passages) {
        requireOpen();
        List<List<Passage>> slice = new ArrayList<>();
        int size = 0;
        for (List<Passage> document : Blocks.grouped(passages)) {
            slice.add(document);
            size += document.size();
            if (size >= SLICE) {
                writer.add(blocks.of(slice));
                slice.clear();
                size = 0;
            }
        }
        if (!slice.isEmpty()) {
            writer.add(blocks.of(slice));
        }
    }

    @Override
    public void delete(String documentId) {
        writer.delete(documentId);
    }

    /** {@inheritDoc} Of a directory without an index it makes an empty one. */
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
     */
    public void mark(String key, String mark) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key of a mark must not be empty");
        }
        writer.mark(WellFormed.name("key of a mark", key), mark);
    }

    /** {@return the marks of the last commit by key; empty if there is none} */
    public Map<String, String> marks() {
        return reader.read(StoredMarks::all).orElse(Map.of());
    }

    /**
     * {@return of each committed document with a passage of this file: its id and the {@link #fingerprint} of its
     * passages}
     *
     * @param file as the {@linkplain dev.rerank4j.Location#file() locations} of its passages name it
     */
    public Map<String, String> documents(String file) {
        return reader.read(searcher -> StoredPassages.fingerprints(file, searcher)).orElse(Map.of());
    }

    /**
     * {@return the committed passages of a document, in the order they were added; empty if there is none}
     *
     * @param documentId of a document; need not exist
     */
    public List<Passage> passages(String documentId) {
        return reader.read(searcher -> StoredPassages.of(documentId, searcher)).orElse(List.of());
    }

    /**
     * {@return the first passages of committed documents, a document each, in an order of their ids that never changes:
     * to go through all of them page by page} A document that is added or deleted meanwhile may be missed or seen; all
     * others are seen once.
     *
     * @param after the document id after which to go on; empty to begin. It need not exist any more
     * @param limit how many at most; at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     */
    public List<Passage> firstPassages(String after, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        return reader.read(searcher -> StoredPassages.firsts(after, limit, searcher)).orElse(List.of());
    }

    /** {@return names of the metadata fields of committed passages, sorted} */
    public Set<String> fields() {
        return reader.read(StoredPassages::fields).orElse(Set.of());
    }

    /**
     * Of the committed passages that pass a filter, how many have each text of a metadata field: a passage with several
     * counts for each of them. For fields of few texts: each is counted by itself. Texts of more than 4,096 bytes are
     * left out.
     *
     * @param field the metadata field; need not exist
     * @param filter {@link Filter#NONE} for all passages
     * @return sorted by text; empty if no passage has a text there
     * @throws RerankException of kind {@code INVALID_REQUEST} if the filter has more than 1,024 conditions
     */
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return counted(searcher -> StoredPassages.counts(field, FilterQueries.of(filter), searcher))
                .orElse(Collections.emptySortedMap());
    }

    /**
     * {@return number of committed passages that pass a filter}
     *
     * @param filter {@link Filter#NONE} for all passages
     * @throws RerankException of kind {@code INVALID_REQUEST} if the filter has more than 1,024 conditions
     */
    public int count(Filter filter) {
        return counted(searcher -> StoredPassages.count(FilterQueries.of(filter), searcher)).orElse(0);
    }

    private <T> Optional<T> counted(CommitReader.Reading<T> reading) {
        try {
            return reader.read(reading);
        } catch (IndexSearcher.TooManyClauses e) {
            throw new RerankException(RerankException.Kind.INVALID_REQUEST, "the filter has more than "
                    + IndexSearcher.getMaxClauseCount() + " conditions: shorten it", e);
        }
    }

    /** {@return the code of the language whose analysis finds the words; empty for none in particular} */
    public String language() {
        return language;
    }

    /** {@return number of committed passages} */
    public int size() {
        return reader.read(searcher -> searcher.count(Layout.PASSAGES)).orElse(0);
    }

    /** {@return number of committed documents} */
    public int documentCount() {
        return reader.read(searcher -> searcher.count(Layout.DOCUMENTS)).orElse(0);
    }

    /**
     * Where words of the query stand in a text, by this index's analysis: "ran" where the query says "run", if the
     * language's stems say so.
     *
     * @param query any text
     * @param text any text, such as that of a hit
     * @return ascending [start, end) pairs of character (UTF-16 unit) indexes, which neither overlap nor touch
     */
    public List<int[]> matches(String query, String text) {
        requireOpen();
        return analysis.matches(query, text);
    }

    /** Closes without committing, and frees the directory for other writers; a second call does nothing. */
    @Override
    public void close() {
        closed = true;
        writer.close();
        reader.close();
        analysis.close();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("index " + directory + " is closed");
        }
    }
}
