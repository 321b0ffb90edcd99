package dev.rerank4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.rerank4j.Encoder;
import dev.rerank4j.RerankException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Any {@link Encoder} as LangChain4j's {@link EmbeddingModel}, for their embedding stores and ingestors. It supports
 * {@link EmbeddingInputType}: {@code QUERY} puts the model's instruction before a text. Without it a text is taken for a
 * document, so give their {@code EmbeddingStoreContentRetriever} the setting {@code embeddingInputType(QUERY)}.
 *
 * <p>What their interface says holds: blank segments do not exist, no text is no embedding, other parameters and other
 * content than text are refused. Token usage is not known. It throws {@link RerankException} where the encoder does. Safe
 * for use by several threads.
 */
public final class EncoderEmbeddingModel implements EmbeddingModel, AutoCloseable {

    private final Encoder encoder;
    private final boolean owner;

    private EncoderEmbeddingModel(Encoder encoder, boolean owner) {
        this.encoder = Objects.requireNonNull(encoder, "encoder");
        this.owner = owner;
    }

    /**
     * The built-in encoder, English, 384 dimensions. {@link #close()} frees it.
     *
     * @return a model that owns its encoder
     * @throws RerankException {@code UNAVAILABLE} if {@code rerank4j-onnx} or {@code rerank4j-model} was taken off the
     *         class path
     */
    public static EncoderEmbeddingModel builtIn() {
        return new EncoderEmbeddingModel(BuiltIn.encoder(), true);
    }

    /**
     * Any encoder, which remains its maker's to close.
     *
     * @param encoder turns texts into vectors
     * @return the encoder in their words
     */
    public static EncoderEmbeddingModel of(Encoder encoder) {
        return new EncoderEmbeddingModel(encoder, false);
    }

    /**
     * Embeds what {@link #embed(EmbeddingRequest)} has checked.
     *
     * @return an embedding of length 1 for each input, in their order
     * @throws RerankException if the encoder cannot answer
     * @throws IllegalStateException if the encoder is closed
     */
    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
        float[][] vectors = request.inputType() == EmbeddingInputType.QUERY
                ? texts.stream().map(encoder::query).toArray(float[][]::new)
                : encoder.passages(texts);
        return EmbeddingResponse.builder().embeddings(Arrays.stream(vectors).map(Embedding::from).toList())
                .modelName(encoder.name()).build();
    }

    /** The input type alone. */
    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return Set.of(EmbeddingRequestParameters.INPUT_TYPE);
    }

    @Override
    public int dimension() {
        return encoder.dimension();
    }

    /** The encoder's name. */
    @Override
    public String modelName() {
        return encoder.name();
    }

    /** Frees the encoder if {@link #builtIn()} made it, else does nothing; a second call does nothing. */
    @Override
    public void close() {
        if (owner) {
            encoder.close();
        }
    }
}
