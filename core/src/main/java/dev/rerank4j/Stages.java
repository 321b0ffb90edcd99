package dev.rerank4j;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs the stages that a reranker consists of: a {@link SearchPipeline}, which times and reports each, cuts it off at
 * the deadline, and skips what does not apply. Called by one thread, one stage after another.
 */
@FunctionalInterface
public interface Stages {

    /**
     * Runs one stage.
     *
     * @param name the stage's, as in its evidence; unique within the search
     * @param work what the stage does, on whichever thread; what it throws is the stage's failure
     * @return the stage's ranking; empty if it failed, was late or was skipped: then go on with what there was before it
     * @throws RerankException of kind {@code UNAVAILABLE} if the calling thread was interrupted, which it still is
     */
    Optional<Ranking> run(String name, Supplier<Ranking> work);
}
