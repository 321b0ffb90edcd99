package dev.rerank4j;

import java.util.List;

/** A model that turns texts into vectors whose dot product tells how near they are. Safe for use by several threads. */
public interface Encoder extends AutoCloseable {

    /** The model's name; equal names mean equal vectors, so that an index can refuse those of another model. */
    String name();

    /** How many numbers a vector has. */
    int dimension();

    /**
     * The vector of a query, of length 1 and {@link #dimension()} numbers. What the model cannot read is cut off at the end.
     *
     * @throws RerankException if the model cannot answer; the encoder remains usable
     */
    float[] query(String text);

    /**
     * The vectors of passages, in their order, each of length 1. What the model cannot read is cut off at the end.
     *
     * @throws RerankException if the model cannot answer; the encoder remains usable
     */
    float[][] passages(List<String> texts);

    /** Frees the model; a second call does nothing. */
    @Override
    void close();
}
