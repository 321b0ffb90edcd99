package dev.rerank4j.springai;

import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/**
 * An {@link Encoder} as one of Spring AI's embedding models. Vectors have length 1. Safe for use by several threads.
 *
 * <p>A single text, {@link #embed(String)}, is encoded as a query, with the instruction that the model wants before one:
 * that is how vector stores ask for the vector of a query. Lists of texts, documents and requests are encoded as
 * passages.
 *
 * @param encoder closing it remains the caller's affair
 */
public record EncoderEmbeddingModel(Encoder encoder) implements EmbeddingModel {

    /** Over an encoder. */
    public EncoderEmbeddingModel {
        Objects.requireNonNull(encoder, "encoder");
    }

    /**
     * The vectors of passages.
     *
     * @param request texts, possibly none; its options may ask for a model or dimensions, but only for these
     * @return in the order of the texts, with the model's name; tokens are not counted
     * @throws IllegalArgumentException if the options ask for other dimensions
     * @throws RerankException if the model cannot answer
     * @throws IllegalStateException if the encoder is closed
     */
    @Override
    public EmbeddingResponse call(EmbeddingRequest request) {
        EmbeddingOptions options = request.getOptions();
        if (options != null && options.getDimensions() != null && options.getDimensions() != dimensions()) {
            throw new IllegalArgumentException("dimensions must be " + dimensions() + ", got "
                    + options.getDimensions());
        }
        float[][] vectors = encoder.passages(request.getInstructions());
        List<Embedding> embeddings = new ArrayList<>(vectors.length);
        for (int i = 0; i < vectors.length; i++) {
            embeddings.add(new Embedding(vectors[i], i));
        }
        return new EmbeddingResponse(embeddings, new EmbeddingResponseMetadata(encoder.name(), new EmptyUsage()));
    }

    /**
     * The vector of a query.
     *
     * @param text may be empty
     * @return of length 1
     * @throws RerankException if the model cannot answer
     */
    @Override
    public float[] embed(String text) {
        return encoder.query(text);
    }

    /**
     * The vector of a document.
     *
     * @param document with a text
     * @return of length 1
     * @throws IllegalArgumentException if it has media instead
     * @throws RerankException if the model cannot answer
     */
    @Override
    public float[] embed(Document document) {
        return encoder.passages(List.of(getEmbeddingContent(document)))[0];
    }

    /**
     * What is encoded of a document: its text, and before it title and headings, where its metadata has them under the
     * keys of {@link RerankMetadata}, as in an index.
     *
     * @param document with a text
     * @return may be empty
     * @throws IllegalArgumentException if it has media instead
     */
    @Override
    public String getEmbeddingContent(Document document) {
        String text = document.getText();
        if (text == null) {
            throw new IllegalArgumentException("document " + document.getId() + " must have a text, got media");
        }
        return Documents.passage(document.getId(), text, document.getMetadata()).content();
    }

    /**
     * How many numbers a vector has.
     *
     * @return known without asking the model
     */
    @Override
    public int dimensions() {
        return encoder.dimension();
    }
}
