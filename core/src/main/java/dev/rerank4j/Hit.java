package dev.rerank4j;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A passage in a {@link Ranking}, with the reason for its rank.
 *
 * @param passage what was found
 * @param score the last stage's score; higher is better; finite; there is one zero, -0.0 becomes 0.0
 * @param probability how likely the passage answers the query, 0 to 1; empty unless a calibrated model gave one
 * @param evidence what each stage said of it, in the order of the stages; the last stage last
 */
public record Hit(Passage passage, double score, OptionalDouble probability, List<Evidence> evidence) {

    /**
     * Checks the ranges and copies the evidence.
     *
     * @throws IllegalArgumentException if {@code score} is not finite or {@code probability} is not within 0 to 1
     */
    public Hit {
        Objects.requireNonNull(passage, "passage");
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score of passage " + passage.id() + " must be finite, got " + score);
        }
        if (probability.isPresent() && !(probability.getAsDouble() >= 0 && probability.getAsDouble() <= 1)) {
            throw new IllegalArgumentException("probability of passage " + passage.id() + " must be within 0 to 1, got "
                    + probability.getAsDouble());
        }
        score = score == 0 ? 0.0 : score; // -0.0 would rank below 0.0, to which it is equal
        evidence = List.copyOf(evidence);
    }

    /**
     * {@return what this stage said of the passage; empty if the stage did not rank it}
     *
     * @param stage the name of a stage
     */
    public Optional<Evidence> evidence(String stage) {
        return evidence.stream().filter(e -> e.stage().equals(stage)).findFirst();
    }
}
