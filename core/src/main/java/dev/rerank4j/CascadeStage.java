package dev.rerank4j;

import java.util.Objects;

/**
 * One stage of a {@linkplain Reranker#cascade cascade}.
 *
 * @param reranker the dearer, the later; not a cascade itself
 * @param depth how many candidates it reads at most, the best in the order so far; at least 1
 */
public record CascadeStage(Reranker reranker, int depth) {

    /**
     * Checks the depth.
     *
     * @throws IllegalArgumentException if {@code depth < 1} or the reranker is a cascade
     */
    public CascadeStage {
        Objects.requireNonNull(reranker, "reranker");
        Checks.atLeastOne("depth", depth);
        if (reranker instanceof CascadeReranker) {
            throw new IllegalArgumentException("a cascade must not stand in a cascade: put its stages there");
        }
    }
}
