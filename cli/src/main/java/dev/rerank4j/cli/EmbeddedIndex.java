package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import dev.rerank4j.Retriever;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/** The index in a folder of this machine. */
record EmbeddedIndex(LuceneIndex lucene) implements TextIndex {

    @Override
    public List<Retriever> retrievers(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case BM25 -> List.of(lucene.bm25());
            case VECTOR -> List.of(lucene.vector());
            case HYBRID -> List.of(lucene.bm25(), lucene.vector());
            case OPENSEARCH, ELASTICSEARCH, POSTGRES -> throw new UsageException("--retriever "
                    + retrieval.text() + " searches what is there, and no files or folder of an index: "
                    + "take bm25, vector or hybrid");
        };
    }

    @Override
    public Filter filter(List<String> conditions) {
        return FilterSyntax.parse(conditions, lucene.fields());
    }

    @Override
    public List<int[]> matches(String query, String text) {
        return lucene.matches(query, text);
    }

    @Override
    public String language() {
        return lucene.language();
    }

    @Override
    public int documentCount() {
        return lucene.documentCount();
    }

    @Override
    public int count(Filter filter) {
        return lucene.count(filter);
    }

    @Override
    public SortedMap<String, Integer> counts(String field, Filter filter) {
        return lucene.counts(field, filter);
    }

    @Override
    public List<Passage> passages(String documentId) {
        return lucene.passages(documentId);
    }

    @Override
    public List<Passage> firstPassages(String after, int limit) {
        return lucene.firstPassages(after, limit);
    }

    @Override
    public Map<String, String> marks() {
        return lucene.marks();
    }

    @Override
    public void mark(String key, String mark) {
        lucene.mark(key, mark);
    }

    @Override
    public Set<String> documents(String file) {
        return lucene.documents(file).keySet();
    }

    @Override
    public Map<String, Committed> committed(Collection<String> documentIds) {
        Map<String, Committed> committed = new HashMap<>();
        if (lucene.size() > 0) {
            for (String id : documentIds) {
                List<Passage> passages = lucene.passages(id);
                if (!passages.isEmpty()) {
                    committed.put(id, Committed.of(passages));
                }
            }
        }
        return committed;
    }

    @Override
    public void add(List<Passage> passages) {
        lucene.add(passages);
    }

    @Override
    public void delete(String documentId) {
        lucene.delete(documentId);
    }

    @Override
    public void commit() {
        lucene.commit();
    }

    @Override
    public void close() {
        lucene.close();
    }
}
