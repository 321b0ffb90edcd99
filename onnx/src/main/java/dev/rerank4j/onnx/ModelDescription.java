package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a model's own files say of it, and where they say nothing, the list of known models. The network itself has not
 * been read: that it can be loaded is not said.
 *
 * @param kind what it is for
 * @param architecture as {@code config.json} calls it, such as {@code xlm-roberta}; empty if it does not say
 * @param maxLength how many tokens it reads, special ones included; of a reranker, of query and text together
 * @param activation what a reranker's logit means; empty for encoders
 * @param pooling how an encoder's vectors become one, in the order they are joined; empty for rerankers that need none,
 *        and where the network does it itself
 * @param queryPrefix what it sees before a query; may be empty
 * @param textPrefix what it sees before a text; may be empty
 * @param languages two-letter codes of the languages that it was trained for; empty if unknown
 */
public record ModelDescription(ModelKind kind, Optional<String> architecture, int maxLength,
        Optional<ModelSpec.Activation> activation, List<Pooling> pooling, String queryPrefix, String textPrefix,
        Set<String> languages) {

    /** Copies the collections. */
    public ModelDescription {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(activation, "activation");
        pooling = List.copyOf(pooling);
        Objects.requireNonNull(queryPrefix, "queryPrefix");
        Objects.requireNonNull(textPrefix, "textPrefix");
        languages = Set.copyOf(languages);
    }

    /**
     * Reads the files of a model of a hub.
     *
     * @param model whose files are on this machine
     * @return what they say
     * @throws RerankException {@code UNAVAILABLE} if a file is missing, {@code MODEL} if one does not say what it must, or
     *         says that the model is neither a reranker nor an encoder
     */
    public static ModelDescription of(HubModel model) {
        ModelFolder folder = ModelFolder.of(model);
        Optional<String> architecture = HuggingFaceConfig.read(folder.files()).modelType();
        return switch (folder.kind()) {
            case RERANKER -> {
                ModelSpec spec = folder.reranker();
                yield new ModelDescription(ModelKind.RERANKER, architecture, spec.maxLength(),
                        Optional.of(spec.activation()), spec.head().map(Head::pooling).orElse(List.of()),
                        spec.queryInstruction(), "", spec.languages());
            }
            case ENCODER -> {
                EncoderSpec spec = folder.encoder();
                yield new ModelDescription(ModelKind.ENCODER, architecture, spec.maxLength(), Optional.empty(),
                        spec.head().pooling(), spec.queryInstruction(), spec.textInstruction(), spec.languages());
            }
        };
    }
}
