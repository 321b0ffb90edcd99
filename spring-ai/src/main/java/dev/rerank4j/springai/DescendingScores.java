package dev.rerank4j.springai;

import dev.rerank4j.Hit;
import java.util.List;

/**
 * Scores that tell the order of a list also to those who sort by them, as Spring AI's document joiner does: of equal
 * ones the later is the least possible bit lower.
 */
final class DescendingScores {

    private DescendingScores() {
    }

    /** Probabilities where all hits have one and they are in the order of the hits; else the scores of the hits. */
    static double[] of(List<Hit> hits) {
        boolean probabilities = true;
        double previous = 1;
        for (Hit hit : hits) {
            double probability = hit.probability().orElse(Double.POSITIVE_INFINITY);
            probabilities &= probability <= previous;
            previous = probability;
        }
        boolean byProbability = probabilities;
        return strictly(hits.stream()
                .mapToDouble(hit -> byProbability ? hit.probability().orElseThrow() : hit.score()).toArray());
    }

    /** These scores, which do not rise, so that they fall. */
    static double[] strictly(double[] scores) {
        double[] falling = scores.clone();
        for (int i = 1; i < falling.length; i++) {
            falling[i] = Math.min(falling[i], Math.nextDown(falling[i - 1]));
        }
        return falling;
    }
}
