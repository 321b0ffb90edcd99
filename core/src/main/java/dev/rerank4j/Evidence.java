package dev.rerank4j;

import java.util.Objects;

/**
 * What one stage said of a hit. Scores of different stages are not comparable.
 *
 * @param stage the stage's name, such as {@code bm25}
 * @param rank its rank in that stage; 1 is best
 * @param score its score in that stage; finite
 */
public record Evidence(String stage, int rank, double score) {

    /**
     * Checks rank and score.
     *
     * @throws IllegalArgumentException if {@code rank < 1} or {@code score} is not finite
     */
    public Evidence {
        Objects.requireNonNull(stage, "stage");
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be >= 1, got " + rank);
        }
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("score must be finite, got " + score);
        }
    }
}
