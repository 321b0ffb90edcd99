package dev.rerank4j.lucene;

import dev.rerank4j.Filter;
import java.io.IOException;
import org.apache.lucene.index.FilteredTermsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.MultiTermQuery;
import org.apache.lucene.search.QueryVisitor;
import org.apache.lucene.util.AttributeSource;
import org.apache.lucene.util.BytesRef;

/**
 * Finds what has a text in one of its metadata texts, of those that are terms themselves. It reads every distinct value
 * of the field, so that its cost grows with them.
 */
final class ContainsInTermsQuery extends MultiTermQuery {

    private final Filter.Contains contains;

    ContainsInTermsQuery(Filter.Contains contains) {
        super(Layout.terms(contains.field()), CONSTANT_SCORE_BLENDED_REWRITE);
        this.contains = contains;
    }

    @Override
    protected TermsEnum getTermsEnum(Terms terms, AttributeSource attributes) throws IOException {
        return new Matching(terms.iterator());
    }

    @Override
    public void visit(QueryVisitor visitor) {
        if (visitor.acceptField(getField())) {
            visitor.visitLeaf(this);
        }
    }

    @Override
    public String toString(String field) {
        return "contains(" + contains.field() + ")";
    }

    @Override
    public boolean equals(Object other) {
        return sameClassAs(other) && contains.equals(((ContainsInTermsQuery) other).contains);
    }

    @Override
    public int hashCode() {
        return classHash() ^ contains.hashCode();
    }

    private final class Matching extends FilteredTermsEnum {

        Matching(TermsEnum all) {
            super(all);
            setInitialSeekTerm(new BytesRef(new byte[]{Layout.WHOLE}));
        }

        @Override
        protected AcceptStatus accept(BytesRef term) {
            if (term.bytes[term.offset] != Layout.WHOLE) {
                return AcceptStatus.END; // the greatest of the first bytes
            }
            String text = new BytesRef(term.bytes, term.offset + 1, term.length - 1).utf8ToString();
            return text.contains(contains.text()) ? AcceptStatus.YES : AcceptStatus.NO;
        }
    }
}
