package dev.rerank4j.server;

import dev.rerank4j.Scores;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What all rerank dialects are answered with.
 *
 * @param model which one answered
 * @param best the best of the texts, at most the limit: by score, equal ones by index
 * @param tokens of all pairs
 * @param cut how many of all texts lost a part
 * @param timings where the time went
 */
record Ranked(ServedModel model, List<Item> best, long tokens, int cut, Scores.Timings timings) {

    /**
     * One text.
     *
     * @param index its place in the request
     * @param logit the model's
     * @param probability empty if the model has none
     * @param tokens of the pair
     * @param cut whether it lost a part
     * @param start where the piece begins that counted, in UTF-16 units
     * @param end where it ends, exclusive
     */
    record Item(int index, float logit, OptionalDouble probability, int tokens, boolean cut, int start, int end) {

        /** The same, known to have lost a part if this says so. */
        Item cutIf(boolean more) {
            return more && !cut ? new Item(index, logit, probability, tokens, true, start, end) : this;
        }

        /** 0 to 1 where the model has probabilities, otherwise its logit. */
        float relevance() {
            return (float) probability.orElse(logit);
        }
    }
}
