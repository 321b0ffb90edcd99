package dev.rerank4j.lucene;

import dev.rerank4j.Filter;
import java.io.IOException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.ConstantScoreScorer;
import org.apache.lucene.search.ConstantScoreWeight;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.ScorerSupplier;
import org.apache.lucene.search.TwoPhaseIterator;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Finds what has a text in one of its metadata texts, of those that are too long to be terms: the stored passages that
 * have such a text in this field are read and asked.
 */
final class ContainsInStoredQuery extends Query {

    private final Filter.Contains contains;

    ContainsInStoredQuery(Filter.Contains contains) {
        this.contains = contains;
    }

    @Override
    public Weight createWeight(IndexSearcher searcher, ScoreMode scoreMode, float boost) throws IOException {
        Query withLongText = searcher.rewrite(
                new PrefixQuery(new Term(Layout.terms(contains.field()), new BytesRef(new byte[]{Layout.HASHED}))));
        Weight candidates = searcher.createWeight(withLongText, ScoreMode.COMPLETE_NO_SCORES, 1);
        return new ConstantScoreWeight(this, boost) {
            @Override
            public @Nullable ScorerSupplier scorerSupplier(LeafReaderContext context) throws IOException {
                ScorerSupplier supplier = candidates.scorerSupplier(context);
                return supplier == null ? null : new ScorerSupplier() {
                    @Override
                    public Scorer get(long leadCost) throws IOException {
                        DocIdSetIterator approximation = supplier.get(leadCost).iterator();
                        return new ConstantScoreScorer(score(), scoreMode, verified(approximation, context));
                    }

                    @Override
                    public long cost() {
                        return supplier.cost();
                    }
                };
            }

            @Override
            public boolean isCacheable(LeafReaderContext context) {
                return true;
            }
        };
    }

    private TwoPhaseIterator verified(DocIdSetIterator candidates, LeafReaderContext context) throws IOException {
        StoredFields stored = context.reader().storedFields();
        return new TwoPhaseIterator(candidates) {
            @Override
            public boolean matches() throws IOException {
                return contains.matches(StoredPassages.read(stored, candidates.docID()).metadata());
            }

            @Override
            public float matchCost() {
                return 10_000; // decompresses a stored passage
            }
        };
    }

    @Override
    public void visit(QueryVisitor visitor) {
        if (visitor.acceptField(Layout.terms(contains.field()))) {
            visitor.visitLeaf(this);
        }
    }

    @Override
    public String toString(String field) {
        return "containsLong(" + contains.field() + ")";
    }

    @Override
    public boolean equals(Object other) {
        return sameClassAs(other) && contains.equals(((ContainsInStoredQuery) other).contains);
    }

    @Override
    public int hashCode() {
        return classHash() ^ contains.hashCode();
    }
}
