package dev.rerank4j.lucene;

import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Retriever;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.jspecify.annotations.Nullable;

/**
 * Finds passages whose vectors are near that of the query. Scores are cosines, -1 to 1, of the full vectors; which
 * passages are compared at all is up to a graph over their rounded forms, so that now and then a near one is missed.
 */
final class VectorRetriever implements Retriever {

    static final String NAME = "vector";

    /**
     * How many candidates the graph is asked for beyond the limit: the more it keeps in view, the fewer it misses, and
     * rounding moves some of the last ones out of order.
     */
    private static final int MARGIN = 100;

    private final CommitSearch search;
    private final Vectors vectors;

    VectorRetriever(CommitSearch search, Vectors vectors) {
        this.search = search;
        this.vectors = vectors;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Ranking retrieve(Query query, int limit, Deadline deadline) {
        return search.search(NAME, limit, deadline, passages -> {
            float[] vector = vectors.query(query.text());
            deadline.check(NAME);
            int candidates = (int) Math.min((long) limit + MARGIN, passages.count());
            return passages.best(new KnnFloatVectorQuery(Layout.VECTOR, vector, candidates,
                    filter(query.filter(), candidates, passages.count())), candidates, new FullVectors(vector));
        });
    }

    /** Lucene filters before it walks the graph; and if everything is wanted, a filter makes it skip the graph. */
    private static org.apache.lucene.search.@Nullable Query filter(Filter filter, int candidates, int all) {
        if (!filter.equals(Filter.NONE)) {
            return FilterQueries.of(filter);
        }
        return candidates >= all ? new FieldExistsQuery(Layout.VECTOR) : null;
    }
}
