package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.ModelSpec;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.server.ServedModel;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A reranker that is loaded, and what is known of it.
 *
 * @param scorer the model
 * @param named as it was named
 * @param hub what it was loaded from, if that was a hub
 */
record LoadedReranker(OnnxScorer scorer, ModelName named, Optional<HubModel> hub) {

    /** In names of files. */
    private static final Pattern INT8 = Pattern.compile("int8|quantized");

    /** What people call it: a hub's model as they named it. */
    String name() {
        return named instanceof ModelName.Hub model ? model.toString() : scorer.spec().name();
    }

    /** Those that it knows; empty if unknown. */
    Set<String> languages() {
        return Models.languages(named, scorer.spec().languages());
    }

    /** Where it is from, for the server's clients. */
    ServedModel.Origin origin() {
        String file = hub.map(HubModel::modelFile).orElse(scorer.name());
        return new ServedModel.Origin(hub.map(HubModel::commit), INT8.matcher(file).find() ? "int8" : "float32");
    }

    /** What tells it from every other, also from one of the same name that was trained anew. */
    String identity() {
        // The list of known models may say something else in a newer version of this program.
        ModelSpec spec = scorer.spec();
        return hub.map(model -> String.join("-", model.id().repository(), model.commit(), model.modelFile(),
                spec.activation().name(), "" + spec.maxLength(),
                Integer.toHexString(spec.queryInstruction().hashCode())))
                .orElseGet(() -> ModelIdentity.of(named, scorer.name()));
    }
}
