package dev.rerank4j.lucene;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * Vectors as a graph (HNSW) over one byte per number, with the full numbers beside it.
 *
 * <p>Of the encodings that Lucene 10.5 offers (8, 7, 4, 2 and 1 bits) one byte loses next to nothing: the graph is
 * walked over a quarter of the memory, the candidates are then scored by the full numbers, which are read for them
 * alone. Fewer bits pay off where many millions of vectors do not fit into memory; one directory on one machine is not
 * there.
 * The format reads itself back by Lucene's own name, so that a reader needs nothing of this class.
 */
final class VectorFormat extends KnnVectorsFormat {

    /** Lucene's own limit of 1,024 is below what common encoders give; nothing in the format depends on it. */
    static final int MAX_DIMENSION = 4_096;

    /** Links per vector, and how many candidates they are chosen from: Lucene's defaults. */
    private static final int LINKS = 16;
    private static final int LINK_CANDIDATES = 100;

    /**
     * A segment gets no graph if a search in one would be expected to compare all vectors anyway:
     * {@code THRESHOLD * ln(size) >= size}, which is so up to about 20,000 passages. There, comparing all takes a few
     * milliseconds, finds all (a graph loses its way among many equal vectors), and spares the making of the graph,
     * most of Lucene's work at indexing.
     */
    private static final int THRESHOLD = 2_000;

    private static final KnnVectorsFormat QUANTIZED = new Lucene104HnswScalarQuantizedVectorsFormat(
            ScalarEncoding.UNSIGNED_BYTE, LINKS, LINK_CANDIDATES, 1, null, THRESHOLD);

    private VectorFormat() {
        super(QUANTIZED.getName());
    }

    /** Lucene's codec with this format for all vectors. */
    static Codec codec() {
        VectorFormat format = new VectorFormat();
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
            }
        };
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return QUANTIZED.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return QUANTIZED.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
        return MAX_DIMENSION;
    }
}
