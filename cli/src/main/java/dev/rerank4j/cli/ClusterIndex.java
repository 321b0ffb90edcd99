package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.lucene.WordMatcher;
import dev.rerank4j.remote.OpenSearchIndex;
import dev.rerank4j.remote.OpenSearchOptions;
import dev.rerank4j.remote.SearchEngine;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The index in an OpenSearch or Elasticsearch cluster: one that {@code rerank index} fills, or one of somebody else
 * that is only searched.
 *
 * @param opensearch the index; with an encoder if its retriever needs one
 * @param foreign the names of the metadata fields of an index that somebody else fills; empty for one of ours
 * @param words finds the words of queries in hits
 * @param language of its words
 * @param search what the retriever {@code opensearch} is
 */
record ClusterIndex(OpenSearchIndex opensearch, Optional<List<String>> foreign, WordMatcher words, String language,
        Cluster.Search search) implements TextIndex {

    /**
     * Opens the index.
     *
     * @param section the name of the settings
     * @param language says in which language an index is, or is to be, given that of one that is there
     * @throws UsageException if the settings are incomplete, or a secret cannot be had
     * @throws dev.rerank4j.RerankException if the cluster cannot be used
     */
    static ClusterIndex open(String section, SearchEngine engine, Cluster settings,
            Function<Optional<String>, String> language, Models models, Shell shell) {
        OpenSearchOptions options = settings.options(section, engine, shell);
        String code = language.apply(made(options));
        WordMatcher words = WordMatcher.of(code);
        OpenSearchOptions wanted = options.withLanguage(code);
        try {
            OpenSearchIndex index = settings.search() == Cluster.Search.BM25
                    ? OpenSearchIndex.open(wanted)
                    : OpenSearchIndex.open(wanted, models.encoder());
            return new ClusterIndex(index, options.fields().map(fields -> List.copyOf(fields.metadata().keySet())),
                    words, code, settings.search());
        } catch (RuntimeException e) {
            words.close();
            throw e;
        }
    }

    /** The language of an index that is there. Asks the cluster, so that one that cannot be used is told at once. */
    private static Optional<String> made(OpenSearchOptions options) {
        if (options.fields().isPresent()) {
            return Optional.of(""); // how somebody else analyses words is not known
        }
        try (OpenSearchIndex index = OpenSearchIndex.open(options)) {
            return index.language();
        }
    }

    @Override
    public List<Retriever> retrievers(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case OPENSEARCH, ELASTICSEARCH -> List.of(switch (search) {
                case BM25 -> opensearch.bm25();
                case VECTOR -> opensearch.vector();
                case HYBRID -> opensearch.hybrid();
            });
            case BM25 -> List.of(opensearch.bm25());
            case VECTOR -> List.of(vector());
            case HYBRID -> List.of(opensearch.bm25(), vector());
            case POSTGRES -> throw new IllegalArgumentException("this is no PostgreSQL");
        };
    }

    private Retriever vector() {
        if (search == Cluster.Search.BM25) {
            throw new UsageException("there are no vectors, because search is bm25 in the cluster's section of the "
                    + "configuration");
        }
        return opensearch.vector();
    }

    @Override
    public Filter filter(List<String> conditions) {
        return FilterSyntax.parse(conditions, Set.copyOf(foreign.orElseGet(() -> List.copyOf(opensearch.fields()))));
    }

    @Override
    public List<int[]> matches(String query, String text) {
        return words.matches(query, text);
    }

    @Override
    public int documentCount() {
        return own().documentCount();
    }

    /** What is in somebody else's is not looked into: zero, as for one of which nothing is known. */
    @Override
    public int count(Filter filter) {
        return foreign.isPresent() ? 0 : opensearch.count(filter);
    }

    /** As for {@link #count}. */
    @Override
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return foreign.isPresent() ? new TreeMap<>() : opensearch.counts(field, filter);
    }

    @Override
    public List<Passage> passages(String documentId) {
        return own().passages(List.of(documentId)).getOrDefault(documentId, List.of());
    }

    @Override
    public List<Passage> firstPassages(String after, int limit) {
        return own().firstPassages(after, limit);
    }

    @Override
    public Map<String, String> marks() {
        return own().marks();
    }

    @Override
    public void mark(String key, String mark) {
        own().mark(key, mark);
    }

    @Override
    public Set<String> documents(String file) {
        return own().documents(file);
    }

    @Override
    public Map<String, Committed> committed(Collection<String> documentIds) {
        Map<String, Committed> committed = new HashMap<>();
        own().passages(documentIds).forEach((id, passages) -> committed.put(id, Committed.of(passages)));
        return committed;
    }

    @Override
    public void add(List<Passage> passages) {
        own().add(passages);
    }

    @Override
    public void delete(String documentId) {
        own().delete(documentId);
    }

    @Override
    public void commit() {
        own().commit();
    }

    /** What is somebody else's is searched, and neither read through nor written. */
    private OpenSearchIndex own() {
        if (foreign.isPresent()) {
            throw new UsageException("an index with fields of its own in the configuration is filled by somebody else "
                    + "and only searched: leave the fields out for an index that 'rerank index' makes");
        }
        return opensearch;
    }

    @Override
    public void close() {
        opensearch.close();
        words.close();
    }
}
