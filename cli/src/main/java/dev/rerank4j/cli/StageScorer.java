package dev.rerank4j.cli;

import dev.rerank4j.Scorer;

/**
 * A model as a second stage asks it.
 *
 * @param scorer gives the scores
 * @param reads how it is best asked
 */
record StageScorer(Scorer scorer, Reads reads) {

    /** How a model reads candidates. */
    enum Reads {
        /** As few as it takes, block by block: each pair takes its time. */
        IN_BLOCKS,
        /** All in one request: a request takes its time, and may be paid for, however few pairs are in it. */
        AT_ONCE,
        /** All in one request, each beside the others: what it says is an order of these, and no score of a pair. */
        AS_LIST
    }

    /** A model inside this process. */
    static StageScorer of(Scorer scorer) {
        return new StageScorer(scorer, Reads.IN_BLOCKS);
    }

    /** The same model, asked by way of another scorer. */
    StageScorer by(Scorer other) {
        return new StageScorer(other, reads);
    }
}
