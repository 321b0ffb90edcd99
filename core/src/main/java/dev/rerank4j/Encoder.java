package dev.rerank4j;

import java.util.List;

/** A model that turns texts into vectors whose dot product tells how near they are. Safe for use by several threads. */
public interface Encoder extends AutoCloseable {

    /**
     * {@return the model's name; equal names mean equal vectors, so that an index can refuse those of another model}
     */
    String name();

    /** {@return how many numbers a vector has} */
    int dimension();

    /**
     * {@return the vector of a query, of length 1 and {@link #dimension()} numbers} Where the model wants one, an
     * instruction is put before the text: that alone sets it apart from a passage. What the model cannot read is cut
     * off at the end.
     *
     * @param text may be empty
     * @throws RerankException if the model cannot answer; the encoder remains usable
     * @throws IllegalStateException if closed
     */
    float[] query(String text);

    /**
     * {@return the vectors of passages, in their order, each of length 1} What the model cannot read is cut off at the
     * end.
     *
     * @param texts may be empty, may hold empty and equal texts
     * @throws RerankException if the model cannot answer; the encoder remains usable
     * @throws IllegalStateException if closed
     */
    float[][] passages(List<String> texts);

    /** Frees the model; a second call does nothing. */
    @Override
    void close();
}
