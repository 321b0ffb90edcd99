package dev.rerank4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Any of LangChain4j's {@link EmbeddingModel}s as an {@link Encoder}, for {@code LuceneIndex} and all else that wants
 * one. Vectors are brought to length 1. A model that supports {@link EmbeddingInputType} is told what is a query and what
 * is a document; with another, both are embedded alike, without instruction.
 *
 * <p>LangChain4j refuses blank texts, so that of a blank one, a full stop is embedded. Safe for use by several threads if
 * the model is.
 */
public final class EmbeddingModelEncoder implements Encoder {

    private static final String BLANK = ".";

    private final EmbeddingModel model;
    private final String name;
    private volatile int dimension; // 0: not asked for yet
    private volatile boolean closed;

    private EmbeddingModelEncoder(EmbeddingModel model, String name) {
        this.model = Objects.requireNonNull(model, "model");
        this.name = name;
    }

    /**
     * Under the model's own name.
     *
     * @param model remains its maker's
     * @return an encoder by this model
     * @throws IllegalArgumentException if the model does not tell its name: an index refuses vectors of another model by
     *         it
     */
    public static EmbeddingModelEncoder of(EmbeddingModel model) {
        String name = model.modelName();
        if (name == null || name.isBlank() || name.equals("unknown")) {
            throw new IllegalArgumentException("embedding model " + model.getClass().getName()
                    + " must tell its name, or be given one: EmbeddingModelEncoder.of(model, name)");
        }
        return new EmbeddingModelEncoder(model, name);
    }

    /**
     * Under a name of one's own.
     *
     * @param model remains its maker's
     * @param name not blank; another name for each model whose vectors differ
     * @return an encoder by this model
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public static EmbeddingModelEncoder of(EmbeddingModel model, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name of an embedding model must not be blank");
        }
        return new EmbeddingModelEncoder(model, name);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * How many numbers a vector has, by the model's word, which is asked once: some embed a text to know.
     *
     * @throws RerankException {@code UNAVAILABLE} if the model cannot answer
     */
    @Override
    public int dimension() {
        if (dimension == 0) {
            dimension = asked(name, model::dimension);
        }
        return dimension;
    }

    /**
     * The vector of a query.
     *
     * @throws RerankException as {@link #passages}
     */
    @Override
    public float[] query(String text) {
        return unit(embeddings(List.of(text), EmbeddingInputType.QUERY))[0];
    }

    /**
     * The vectors of passages, all in one call to the model.
     *
     * @throws RerankException {@code UNAVAILABLE} if the model throws; {@code MODEL} if it gives not as many vectors as
     *         texts, one of another dimension, or one without direction: of zeros, NaN or infinity
     */
    @Override
    public float[][] passages(List<String> texts) {
        return unit(embeddings(texts, EmbeddingInputType.DOCUMENT));
    }

    private List<Embedding> embeddings(List<String> texts, EmbeddingInputType type) {
        if (closed) {
            throw new IllegalStateException("encoder is closed");
        }
        List<Embedding> embeddings = texts.isEmpty() ? List.of() : asked(name, () -> embed(model, texts, type));
        if (embeddings.size() != texts.size()) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "model " + name + " gave " + embeddings.size() + " vectors for " + texts.size() + " texts");
        }
        return embeddings;
    }

    /** The model's own vectors. */
    static List<Embedding> embed(EmbeddingModel model, List<String> texts, EmbeddingInputType type) {
        List<String> full = texts.stream().map(text -> Segments.isBlank(text) ? BLANK : text).toList();
        return model.supportedParameters().contains(EmbeddingRequestParameters.INPUT_TYPE)
                ? model.embed(EmbeddingRequest.builder().inputs(full.toArray(String[]::new)).inputType(type).build())
                        .embeddings()
                : model.embedAll(full.stream().map(TextSegment::from).toList()).content();
    }

    /** What the world's models throw is of all classes, and may quote the text. */
    static <T> T asked(String name, Supplier<T> model) {
        try {
            return model.get();
        } catch (RerankException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new RerankException(RerankException.Kind.UNAVAILABLE,
                    "model " + name + " failed: " + e.getClass().getName(), e);
        }
    }

    private float[][] unit(List<Embedding> embeddings) {
        float[][] vectors = new float[embeddings.size()][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = unit(embeddings.get(i).vector());
        }
        return vectors;
    }

    private float[] unit(float[] vector) {
        if (vector.length != dimension()) {
            throw new RerankException(RerankException.Kind.MODEL, "model " + name + " gave a vector of "
                    + vector.length + " numbers instead of " + dimension());
        }
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        double length = Math.sqrt(squares);
        if (!(length > 0 && Double.isFinite(length))) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "model " + name + " gave a vector of length " + length);
        }
        float[] unit = new float[vector.length]; // a copy: theirs may be cached
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /** Refuses further calls and leaves the model alone; a second call does nothing. */
    @Override
    public void close() {
        closed = true;
    }
}
