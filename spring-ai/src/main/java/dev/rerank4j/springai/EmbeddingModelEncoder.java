package dev.rerank4j.springai;

import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.ai.embedding.EmbeddingModel;

/**
 * One of Spring AI's embedding models as an {@link Encoder}, so that an index can be made with it. Its vectors are
 * brought to length 1. Safe for use by several threads if the model is.
 *
 * <p>Queries are handed over as single texts, passages in lists of at most {@value #MOST_AT_ONCE}. Cutting texts that are
 * too long is the model's affair.
 */
public final class EmbeddingModelEncoder implements Encoder {

    /** How many texts a request has at most: providers refuse long lists. */
    private static final int MOST_AT_ONCE = 128;

    private final String name;
    private final EmbeddingModel model;
    private final String queryInstruction;
    private volatile int dimension; // 0: not asked yet, for it may mean a call of a remote service
    private volatile boolean closed;

    /**
     * Without an instruction.
     *
     * @param name the model's name: an index refuses vectors of a model with another
     * @param model closing it remains the caller's affair
     */
    public EmbeddingModelEncoder(String name, EmbeddingModel model) {
        this(name, model, "");
    }

    /**
     * With an instruction.
     *
     * @param name the model's name: an index refuses vectors of a model with another
     * @param model closing it remains the caller's affair
     * @param queryInstruction what the model wants before a query, with its blank; may be empty
     * @throws IllegalArgumentException if the name is blank
     */
    public EmbeddingModelEncoder(String name, EmbeddingModel model, String queryInstruction) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("encoder name must not be blank");
        }
        this.name = name;
        this.model = Objects.requireNonNull(model, "model");
        this.queryInstruction = Objects.requireNonNull(queryInstruction, "queryInstruction");
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * How many numbers a vector has: asked of the model once, which may mean a call of a remote service.
     *
     * @throws RerankException {@code UNAVAILABLE} if the model fails
     */
    @Override
    public int dimension() {
        if (dimension == 0) {
            dimension = ask(model::dimensions);
        }
        return dimension;
    }

    @Override
    public float[] query(String text) {
        requireOpen();
        return unit(ask(() -> model.embed(queryInstruction + text)));
    }

    @Override
    public float[][] passages(List<String> texts) {
        requireOpen();
        float[][] vectors = new float[texts.size()][];
        for (int start = 0; start < texts.size(); start += MOST_AT_ONCE) {
            List<String> some = texts.subList(start, Math.min(texts.size(), start + MOST_AT_ONCE));
            List<float[]> answer = ask(() -> model.embed(some));
            if (answer.size() != some.size()) {
                throw new RerankException(RerankException.Kind.MODEL, "embedding model " + name + " gave "
                        + answer.size() + " vectors for " + some.size() + " texts");
            }
            for (int i = 0; i < some.size(); i++) {
                vectors[start + i] = unit(answer.get(i));
            }
        }
        return vectors;
    }

    private float[] unit(float[] vector) {
        if (vector.length != dimension()) {
            throw new RerankException(RerankException.Kind.MODEL, "embedding model " + name + " gave a vector of "
                    + vector.length + " numbers instead of " + dimension());
        }
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        if (!(squares > 0 && Double.isFinite(squares))) {
            throw new RerankException(RerankException.Kind.MODEL, "embedding model " + name
                    + " gave a vector without direction");
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(squares));
        }
        return unit;
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (RerankException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "embedding model " + name + " failed: " + e.getClass().getName(), e); // its message may have texts
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("encoder is closed");
        }
    }

    /** Refuses further texts; a second call does nothing. The model is not closed. */
    @Override
    public void close() {
        closed = true;
    }
}
