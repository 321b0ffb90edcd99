package dev.rerank4j.server;

import dev.rerank4j.Passage;
import dev.rerank4j.Scorer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model that is served: a cross-encoder of this process, or one that somebody else runs.
 *
 * @param name what clients call it, and what answers name
 * @param scorer scores the pairs; whoever made it closes it; {@link #scorer()} gives it as an {@link ObservedScorer}
 * @param maxTokens how many tokens of query and text together it reads
 * @param cutter cuts a text that is too long for it into pieces, of which text and location count; none, or one, if it
 *        need not be cut. Called by several threads
 * @param load what it is doing, for metrics
 * @param origin where it is from
 * @param remote of a model that somebody else runs; empty for one of this process
 */
public record ServedModel(String name, Scorer scorer, int maxTokens, Function<Passage, List<Passage>> cutter,
        Supplier<Load> load, Origin origin, Optional<Remote> remote) {

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
        Objects.requireNonNull(remote, "remote");
    }

    /**
     * A model of this process.
     *
     * @param name what clients call it, and what answers name
     * @param scorer scores the pairs; whoever made it closes it
     * @param maxTokens how many tokens of query and text together it reads
     * @param cutter cuts a text that is too long for it into pieces; called by several threads
     * @param load what it is doing, for metrics
     * @param origin where it is from
     * @throws IllegalArgumentException if {@code name} is blank or {@code maxTokens < 1}
     */
    public ServedModel(String name, Scorer scorer, int maxTokens, Function<Passage, List<Passage>> cutter,
            Supplier<Load> load, Origin origin) {
        this(name, scorer, maxTokens, cutter, load, origin, Optional.empty());
    }

    /**
     * {@return a model that somebody else runs, who cuts texts as it does}
     *
     * @param name what clients call it, and what answers name
     * @param scorer asks it; whoever made it closes it
     * @param maxTokens how many tokens of query and text together it reads; {@link Integer#MAX_VALUE} if nobody says
     * @param remote who runs it, and what was asked
     * @throws IllegalArgumentException if {@code name} is blank or {@code maxTokens < 1}
     */
    public static ServedModel remote(String name, Scorer scorer, int maxTokens, Remote remote) {
        return new ServedModel(name, scorer, maxTokens, List::of, Load.UNKNOWN, Origin.UNKNOWN, Optional.of(remote));
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
     * Who runs a model, and what was asked of it.
     *
     * @param provider such as {@code cohere}, for metrics
     * @param calls since it is served
     */
    public record Remote(String provider, Supplier<Calls> calls) {

        /** Holds the components as they are. */
        public Remote {
            Objects.requireNonNull(provider, "provider");
            Objects.requireNonNull(calls, "calls");
        }
    }

    /**
     * Calls of somebody else's service, and what it said that they consumed; what it did not say counts nothing.
     *
     * @param count of those that ended, the failed ones included
     * @param failed of those that were not answered
     * @param time of all, one after another
     * @param inputTokens tokens read
     * @param outputTokens tokens written
     * @param billedUnits what is paid for, in the service's unit
     */
    public record Calls(long count, long failed, Duration time, long inputTokens, long outputTokens,
            double billedUnits) {

        /** Holds the components as they are. */
        public Calls {
            Objects.requireNonNull(time, "time");
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
