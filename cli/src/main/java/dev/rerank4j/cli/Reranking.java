package dev.rerank4j.cli;

import dev.rerank4j.CascadeStage;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the second stage.
 *
 * @param model {@code built-in}, {@code none}, a folder with a cross-encoder, or {@code owner/name} of one
 * @param cascade the models of a cascade, the first reads first; empty if one model reads all
 * @param mix how its scores and those of the retrievers become one
 * @param maxInput how many bytes of candidates {@code rerank rerank} takes
 */
record Reranking(String model, List<Narrowing> cascade, Config.Mixing mix, ByteSize maxInput) {

    Reranking {
        if (model.isBlank()) {
            throw new IllegalArgumentException(
                    "model must be built-in, none, a folder or a model's name, got nothing");
        }
        cascade = List.copyOf(cascade);
        Narrowing.check(cascade);
    }

    /** With one model, or none, instead of what there was. */
    Reranking withModel(String other) {
        return new Reranking(other, List.of(), mix, maxInput);
    }

    Reranking withCascade(List<Narrowing> other) {
        return new Reranking(model, other, mix, maxInput);
    }

    Reranking withMix(Config.Mixing other) {
        return new Reranking(model, cascade, other, maxInput);
    }

    /** With the models' scores alone. */
    Reranking unmixed() {
        return withMix(new Config.Mixing(Config.Mixing.Type.NONE, mix.weights(), mix.neighbours(), mix.margin()));
    }

    /** What reranks, in its order, one model as a cascade of one that reads all; empty if nothing does. */
    List<Narrowing> stages() {
        return cascade.isEmpty()
                ? model.equals(ModelName.NONE) ? List.of() : List.of(new Narrowing(model, Integer.MAX_VALUE))
                : cascade;
    }

    /** The models of the {@link #stages}. */
    List<String> models() {
        return stages().stream().map(stage -> String.valueOf(stage.model())).toList();
    }

    /**
     * The same, as what they name.
     *
     * @param providers those of the configuration
     * @throws UsageException if one can be none of a model
     */
    List<ModelName> names(Map<String, Provider> providers) {
        return models().stream().map(name -> cascade.isEmpty()
                ? ModelName.reranker(name, providers)
                : ModelName.narrowing(name, providers)).toList();
    }

    /** How many candidates are read if nobody says. */
    int depth() {
        return cascade.isEmpty() ? SearchRequest.DEFAULT_DEPTH : cascade.getFirst().depth();
    }

    /**
     * The second stage of a search for so many hits; empty without a model.
     *
     * @param loaded the {@link #models}
     */
    Optional<Reranker> reranker(List<StageScorer> loaded, int limit, SearchRequest.Unit unit) {
        if (loaded.isEmpty() || cascade.isEmpty()) {
            return loaded.stream().findFirst().map(scorer -> mix.reranker(scorer, limit, unit));
        }
        List<CascadeStage> stages = new ArrayList<>();
        for (int i = 0; i < cascade.size(); i++) {
            boolean last = i + 1 == cascade.size();
            stages.add(new CascadeStage(last
                    ? mix.reranker(loaded.get(i), limit, unit)
                    : mix.reranker(loaded.get(i), cascade.get(i + 1).depth(), SearchRequest.Unit.PASSAGE),
                    cascade.get(i).depth()));
        }
        return Optional.of(Reranker.cascade(stages));
    }

    /**
     * A stage of a cascade.
     *
     * @param model as the model of a reranker; not {@code none}
     * @param depth how many candidates it reads
     */
    record Narrowing(@Nullable String model, int depth) {

        /** Not by the constructor, so that a misspelt key of the file is told first. */
        private static void check(List<Narrowing> cascade) {
            if (cascade.size() == 1) {
                throw new IllegalArgumentException("cascade must have two models or more, got one: that is a model");
            }
            Set<String> models = new HashSet<>();
            for (int i = 0; i < cascade.size(); i++) {
                String model = cascade.get(i).model();
                int depth = cascade.get(i).depth();
                if (model == null || model.isBlank() || model.equals(ModelName.NONE)) {
                    throw new IllegalArgumentException(
                            "cascade must have a model in each place: built-in, a folder or a model's name, got "
                                    + (model == null || model.isBlank() ? "nothing" : model));
                }
                if (!models.add(model)) {
                    throw new IllegalArgumentException("cascade must have different models, got " + model + " twice");
                }
                if (depth < 1 || i > 0 && depth > cascade.get(i - 1).depth()) {
                    throw new IllegalArgumentException("cascade must have depths >= 1 that do not grow, got "
                            + String.join(", ", cascade.stream().map(each -> "" + each.depth()).toList()));
                }
            }
        }
    }
}
