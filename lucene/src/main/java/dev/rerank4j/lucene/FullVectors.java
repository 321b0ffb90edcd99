package dev.rerank4j.lucene;

import java.io.IOException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.util.VectorUtil;

/** Scores passages by the cosine of the query with their vectors as the encoder gave them, -1 to 1. */
final class FullVectors implements CommitSearch.Scoring {

    private final float[] query;

    FullVectors(float[] query) {
        this.query = query;
    }

    @Override
    public double score(LeafReaderContext leaf, int doc, float luceneScore) throws IOException {
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(Layout.VECTOR);
        if (vectors == null) {
            throw new CorruptIndexException("there are no vectors", Layout.VECTOR);
        }
        KnnVectorValues.DocIndexIterator at = vectors.iterator();
        if (at.advance(doc) != doc) {
            throw new CorruptIndexException("a passage has no vector", Layout.VECTOR);
        }
        return Math.clamp(VectorUtil.dotProduct(query, vectors.vectorValue(at.index())), -1.0, 1.0);
    }
}
