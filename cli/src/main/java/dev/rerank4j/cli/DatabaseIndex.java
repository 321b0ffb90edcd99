package dev.rerank4j.cli;

import com.zaxxer.hikari.HikariDataSource;
import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.lucene.WordMatcher;
import dev.rerank4j.remote.PostgresIndex;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The index in a PostgreSQL database.
 *
 * @param language of its words
 * @param search what the retriever {@code postgres} is
 */
record DatabaseIndex(PostgresIndex postgres, HikariDataSource connections, WordMatcher words, String language,
        Database.Search search) implements TextIndex {

    @Override
    public List<Retriever> retrievers(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case POSTGRES -> retrievers(switch (search) {
                case FULL_TEXT -> Config.Retrieval.BM25;
                case VECTOR -> Config.Retrieval.VECTOR;
            });
            case BM25 -> List.of(postgres.fullText());
            case VECTOR -> List.of(vector());
            case HYBRID -> List.of(postgres.fullText(), vector());
            case OPENSEARCH, ELASTICSEARCH -> throw new IllegalArgumentException("this is PostgreSQL");
        };
    }

    private Retriever vector() {
        if (search == Database.Search.FULL_TEXT) {
            throw new UsageException("postgres.search is full-text, so that there are no vectors here; make it vector");
        }
        return postgres.vector();
    }

    @Override
    public Filter filter(List<String> conditions) {
        return FilterSyntax.parse(conditions, postgres.fields());
    }

    @Override
    public List<int[]> matches(String query, String text) {
        return words.matches(query, text);
    }

    @Override
    public int documentCount() {
        return postgres.documentCount();
    }

    @Override
    public int count(Filter filter) {
        return postgres.count(filter);
    }

    @Override
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return postgres.counts(field, filter);
    }

    @Override
    public List<Passage> passages(String documentId) {
        return postgres.passages(documentId);
    }

    @Override
    public List<Passage> firstPassages(String after, int limit) {
        return postgres.firstPassages(after, limit);
    }

    @Override
    public Map<String, String> marks() {
        return postgres.marks();
    }

    @Override
    public void mark(String key, String mark) {
        postgres.mark(key, mark);
    }

    @Override
    public Set<String> documents(String file) {
        return postgres.documents(file);
    }

    @Override
    public Map<String, Committed> committed(Collection<String> documentIds) {
        Map<String, Committed> committed = new HashMap<>();
        postgres.passages(documentIds).forEach((id, passages) -> committed.put(id, Committed.of(passages)));
        return committed;
    }

    @Override
    public void add(List<Passage> passages) {
        postgres.add(passages);
    }

    @Override
    public void delete(String documentId) {
        postgres.delete(documentId);
    }

    @Override
    public void commit() {
        postgres.commit();
    }

    @Override
    public void close() {
        postgres.close();
        connections.close();
        words.close();
    }
}
