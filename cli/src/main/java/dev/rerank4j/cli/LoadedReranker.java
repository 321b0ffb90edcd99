package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.ModelSpec;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.remote.LanguageModels;
import dev.rerank4j.remote.RerankLimits;
import dev.rerank4j.server.ServedModel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** A reranker that can be asked, and what is known of it. */
sealed interface LoadedReranker {

    /** What people call it. */
    String name();

    /** The model, to be asked. */
    StageScorer stage();

    /** Those that it knows; empty if unknown. */
    Set<String> languages();

    /** How many tokens of query and text together it reads; empty if unknown. */
    OptionalInt window();

    /** What tells it from every other, also from one of the same name that was trained anew. */
    String identity();

    /** Frees it. */
    default void close() {
        stage().scorer().close();
    }

    /**
     * A model that is loaded into this process.
     *
     * @param scorer the model
     * @param named as it was named
     * @param hub what it was loaded from, if that was a hub
     */
    record Local(OnnxScorer scorer, ModelName named, Optional<HubModel> hub) implements LoadedReranker {

        /** In names of files. */
        private static final Pattern INT8 = Pattern.compile("int8|quantized");

        /** A hub's model as they named it. */
        @Override
        public String name() {
            return named instanceof ModelName.Hub model ? model.toString() : scorer.spec().name();
        }

        @Override
        public StageScorer stage() {
            return StageScorer.of(scorer);
        }

        @Override
        public Set<String> languages() {
            return Models.languages(named, scorer.spec().languages());
        }

        @Override
        public OptionalInt window() {
            return OptionalInt.of(scorer.maxLength());
        }

        /** Where it is from, for the server's clients. */
        ServedModel.Origin origin() {
            String file = hub.map(HubModel::modelFile).orElse(scorer.name());
            return new ServedModel.Origin(hub.map(HubModel::commit), INT8.matcher(file).find() ? "int8" : "float32");
        }

        @Override
        public String identity() {
            // The list of known models may say something else in a newer version of this program.
            ModelSpec spec = scorer.spec();
            return hub.map(model -> String.join("-", model.id().repository(), model.commit(), model.modelFile(),
                    spec.activation().name(), "" + spec.maxLength(),
                    Integer.toHexString(spec.queryInstruction().hashCode())))
                    .orElseGet(() -> ModelIdentity.of(named, scorer.name()));
        }
    }

    /**
     * A model that somebody else serves. Which languages it knows is not known.
     *
     * @param stage the model
     * @param named as it was named
     * @param use what was asked of it
     * @param keyed whether it is asked with a key
     */
    record Remote(StageScorer stage, ModelName.Remote named, RemoteUse use, boolean keyed) implements LoadedReranker {

        /** Whether it costs money: what wants a key is taken to, unless it has a price of nothing. */
        boolean billed() {
            Double price = named.settings().price();
            return price == null ? keyed : price > 0;
        }

        /** How many calls so many texts take, about: long ones may take more. */
        long calls(int texts) {
            if (named.type().rerank().isPresent()) {
                int most = named.type().rerank().get().limits().texts();
                return (texts + (long) most - 1) / most;
            }
            int window = RemoteModel.window(named);
            return switch (named.method()) {
                case POINTWISE -> texts;
                case LISTWISE -> texts <= window
                        ? 1
                        : 1 + Math.ceilDiv(texts - window, RemoteModel.stride(named));
                case SETWISE -> setwise(texts, window);
            };
        }

        /** A heap is built, and the best are taken from it, each as deep as the heap at most. */
        private static long setwise(int texts, int set) {
            int depth = (int) Math.ceil(Math.log(Math.max(2, texts)) / Math.log(Math.max(2, set - 1)));
            return Math.ceilDiv(texts, set - 1) + (long) Math.min(texts, LanguageModels.BEST) * depth;
        }

        @Override
        public String name() {
            return named.written();
        }

        /** Texts in any are taken. */
        @Override
        public Set<String> languages() {
            return Set.of();
        }

        /** As its documentation says, in tokens that are near enough to the model's. */
        @Override
        public OptionalInt window() {
            return named.type().rerank().map(api -> api.limits().pairTokens())
                    .filter(tokens -> tokens != RerankLimits.NONE).map(OptionalInt::of).orElse(OptionalInt.empty());
        }

        /** Its name, and where it is: a server of one's own may have another model behind it. */
        @Override
        public String identity() {
            String address = CommonOptions.or(named.settings().address(), named.type().address().toString());
            return stage.scorer().name() + "-" + Integer.toHexString(address.hashCode());
        }
    }
}
