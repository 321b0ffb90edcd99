package dev.rerank4j.server;

import dev.rerank4j.Passage;
import dev.rerank4j.Scorer;
import java.util.List;
import java.util.Objects;
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
 */
public record ServedModel(String name, Scorer scorer, int maxTokens, Function<Passage, List<Passage>> cutter,
        Supplier<Load> load) {

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
