package dev.rerank4j.server;

import java.util.List;
import java.util.Objects;

/**
 * Several cross-encoders that answer as one, each for the best of what the one before it put first. Of the texts of a
 * request, which come in no order, the first one reads all.
 *
 * @param name what clients call it, and what answers name
 * @param stages the first reads first; at least one
 */
public record ServedCascade(String name, List<Stage> stages) {

    /**
     * Checks the name and the depths.
     *
     * @throws IllegalArgumentException if {@code name} is blank, there is no stage, or depths grow
     */
    public ServedCascade {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a cascade must have a name");
        }
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a cascade must have at least one stage, got none");
        }
        for (int i = 1; i < stages.size(); i++) {
            if (stages.get(i).depth() > stages.get(i - 1).depth()) {
                throw new IllegalArgumentException("depths of a cascade must not grow, got " + stages.get(i).depth()
                        + " after " + stages.get(i - 1).depth());
            }
        }
    }

    /**
     * One of its models.
     *
     * @param model is served by itself, too
     * @param depth how many texts it reads at most; at least 1. That of the first one does not count
     */
    public record Stage(ServedModel model, int depth) {

        /**
         * Checks the depth.
         *
         * @throws IllegalArgumentException if {@code depth < 1}
         */
        public Stage {
            Objects.requireNonNull(model, "model");
            if (depth < 1) {
                throw new IllegalArgumentException("depth must be >= 1, got " + depth);
            }
        }
    }

    /** A model by itself. */
    static ServedCascade of(ServedModel model) {
        return new ServedCascade(model.name(), List.of(new Stage(model, Integer.MAX_VALUE)));
    }

    /** The one whose word is the last. */
    ServedModel last() {
        return stages.getLast().model();
    }

    /** How many tokens of query and text together each of its models reads. */
    int maxTokens() {
        return stages.stream().mapToInt(stage -> stage.model().maxTokens()).min().orElseThrow();
    }
}
