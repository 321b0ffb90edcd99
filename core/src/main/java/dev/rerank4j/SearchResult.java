package dev.rerank4j;

import java.util.List;
import java.util.Objects;

/**
 * The answer to a {@link SearchRequest}.
 *
 * @param ranking the hits, best first; at most {@code limit}, possibly none
 * @param stages what became of each stage, in the order of the pipeline
 */
public record SearchResult(Ranking ranking, List<StageReport> stages) {

    /** Copies the reports. */
    public SearchResult {
        Objects.requireNonNull(ranking, "ranking");
        stages = List.copyOf(stages);
    }

    /**
     * {@return whether a stage failed or was cut off: the hits are real, but better ones may be missing or the order
     * coarser}
     */
    public boolean degraded() {
        return stages.stream().anyMatch(StageReport.Failed.class::isInstance);
    }
}
