package dev.rerank4j.onnx;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the reviewed list of models ({@code known-models.json}) says of one. Whatever neither its card nor its
 * configuration says is empty.
 *
 * @param repository {@code owner/name}
 * @param kind what it is for
 * @param architecture as {@code config.json} calls it ({@code model_type})
 * @param queryPrefix what stands before a query
 * @param textPrefix what stands before a text
 * @param activation what a logit means; empty for encoders
 * @param maxLength tokens
 * @param licence as the card names it, such as {@code apache-2.0}
 * @param commercial whether the licence allows commercial use
 * @param languages two-letter codes; empty if unknown
 * @param source address of the card or configuration that says so
 * @param note for people: what else one should know; may be empty
 */
public record KnownModel(String repository, ModelKind kind, Optional<String> architecture, Optional<String> queryPrefix,
        Optional<String> textPrefix, Optional<ModelSpec.Activation> activation, OptionalInt maxLength, String licence,
        boolean commercial, Set<String> languages, List<String> source, String note) {

    /** Copies the collections. */
    public KnownModel {
        languages = Set.copyOf(languages);
        source = List.copyOf(source);
    }

    /**
     * {@return what is known of a model; empty if it is not in the list}
     *
     * @param repository {@code owner/name}; upper and lower case are the same here, so that no licence is missed
     */
    public static Optional<KnownModel> find(String repository) {
        return KnownModelReader.BUNDLED.stream().filter(model -> model.repository().equalsIgnoreCase(repository))
                .findFirst();
    }

    /** {@return all of the list, sorted by repository without regard to case} */
    public static List<KnownModel> all() {
        return KnownModelReader.BUNDLED;
    }
}
