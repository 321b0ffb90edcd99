package dev.rerank4j.lucene;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.Retriever;
import java.io.IOException;
import java.util.Map;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;

/**
 * Finds passages by their words, scored by BM25 with Lucene's parameters, k1 = 1.2 and b = 0.75: chosen on other
 * collections, no others were better (docs/quality.md).
 */
final class Bm25Retriever implements Retriever {

    static final String NAME = "bm25";

    private final CommitSearch search;
    private final Analysis analysis;

    Bm25Retriever(CommitSearch search, Analysis analysis) {
        this.search = search;
        this.analysis = analysis;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        return search.search(NAME, limit, deadline, passages -> {
            Map<String, Integer> terms = analysis.queryTerms(query.text());
            return terms.isEmpty()
                    ? Ranking.builder(NAME).build()
                    : search(terms, query.filter(), passages);
        });
    }

    private static Ranking search(Map<String, Integer> terms, Filter filter, CommitSearch.Passages passages)
            throws IOException {
        int most = IndexSearcher.getMaxClauseCount();
        if (terms.size() > most) {
            throw new RerankException(Kind.INVALID_REQUEST, "the query has " + terms.size()
                    + " distinct words, bm25 reads at most " + most + ": shorten it");
        }
        BooleanQuery.Builder words = new BooleanQuery.Builder();
        terms.forEach((term, count) -> {
            TermQuery word = new TermQuery(new Term(Layout.CONTENT, term));
            words.add(count == 1 ? word : new BoostQuery(word, count), Occur.SHOULD);
        });
        if (filter.equals(Filter.NONE)) {
            return passages.best(words.build());
        }
        return passages.best(new BooleanQuery.Builder()
                .add(words.build(), Occur.MUST)
                .add(FilterQueries.of(filter), Occur.FILTER)
                .build());
    }
}
