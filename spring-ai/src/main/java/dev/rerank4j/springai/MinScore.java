package dev.rerank4j.springai;

import dev.rerank4j.Hit;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The least a hit must have: of probability, where the model gives one, else of score.
 *
 * @param least nothing is left out if empty
 */
record MinScore(OptionalDouble least) {

    static final MinScore NONE = new MinScore(OptionalDouble.empty());

    static MinScore of(double least) {
        if (!Double.isFinite(least)) {
            throw new IllegalArgumentException("minScore must be finite, got " + least);
        }
        return new MinScore(OptionalDouble.of(least));
    }

    /**
     * What is left of the hits of a result. A hit that a calibrated model did not read has no probability and goes, unless
     * it read none: where a stage failed and there are no probabilities, nothing is known, and all stay.
     */
    List<Hit> of(List<Hit> hits, boolean degraded) {
        boolean calibrated = hits.stream().anyMatch(hit -> hit.probability().isPresent());
        if (least.isEmpty() || degraded && !calibrated) {
            return hits;
        }
        return hits.stream().filter(hit -> calibrated
                ? hit.probability().isPresent() && hit.probability().getAsDouble() >= least.getAsDouble()
                : hit.score() >= least.getAsDouble()).toList();
    }
}
