package dev.rerank4j.server;

import dev.rerank4j.Passage;
import dev.rerank4j.Scorer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A cross-encoder that is served.
 *
 * @param name what clients call it, and what answers name
 * @param scorer scores the pairs; whoever made it closes it; {@link #scorer()} gives it as an {@link ObservedScorer}
 * @param maxTokens how many tokens of query and text together it reads
 * @param cutter cuts a text that is too long for it into pieces, of which text and location count; none, or one, if it
 *        need not be cut. Called by several threads
 * @param load what it is doing, for metrics
 * @param origin where it is from
 */
public record ServedModel(String name, Scorer scorer, int maxTokens, Function<Passage, List<Passage>> cutter,
        Supplier<Load> load, Origin origin) {

    /**
     * Checks name and window, and makes the scorer an {@link ObservedScorer} if it is none.
     *
     * @throws IllegalArgumentException if {@code name} is blank or {@code maxTokens < 1}
     */
    public ServedModel {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a model must have a name");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max tokens must be >= 1, got " + maxTokens);
        }
        scorer = scorer instanceof ObservedScorer ? scorer : new ObservedScorer(scorer);
        Objects.requireNonNull(cutter, "cutter");
        Objects.requireNonNull(load, "load");
        Objects.requireNonNull(origin, "origin");
    }

    /**
     * A model of which nobody says where it is from.
     *
     * @param name what clients call it, and what answers name
     * @param scorer scores the pairs; whoever made it closes it
     * @param maxTokens how many tokens of query and text together it reads
     * @param cutter cuts a text that is too long for it into pieces; called by several threads
     * @param load what it is doing, for metrics
     * @throws IllegalArgumentException if {@code name} is blank or {@code maxTokens < 1}
     */
    public ServedModel(String name, Scorer scorer, int maxTokens, Function<Passage, List<Passage>> cutter,
            Supplier<Load> load) {
        this(name, scorer, maxTokens, cutter, load, Origin.UNKNOWN);
    }

    /**
     * Where a model is from.
     *
     * @param revision the state of its repository, such as a commit; empty if it has none
     * @param precision of its numbers, such as {@code float32} or {@code int8}
     */
    public record Origin(Optional<String> revision, String precision) {

        /** Of a model of which nobody says it. */
        public static final Origin UNKNOWN = new Origin(Optional.empty(), "float32");

        /** Holds the components as they are. */
        public Origin {
            Objects.requireNonNull(revision, "revision");
            Objects.requireNonNull(precision, "precision");
        }
    }

    /**
     * What a model has been doing since it was loaded.
     *
     * @param waitingTokens tokens of requests that wait or run now, roughly
     * @param batches how many batches have run
     * @param usefulTokens tokens in them
     * @param paddedTokens tokens and padding in them
     */
    public record Load(long waitingTokens, long batches, long usefulTokens, long paddedTokens) {

        /** Of a model that does not tell. */
        public static final Supplier<Load> UNKNOWN = () -> new Load(0, 0, 0, 0);
    }
}
