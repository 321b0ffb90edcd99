package dev.rerank4j.server;

import dev.rerank4j.Scores;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one model said of the texts of a call.
 *
 * @param best all of them: by score, equal ones by index
 * @param tokens of all pairs
 * @param timings where the time went
 */
record Reading(List<Text> best, long tokens, Scores.Timings timings) {

    static final Reading NOTHING = new Reading(List.of(), 0, Scores.Timings.ZERO);

    /**
     * One text.
     *
     * @param index its place in the call
     * @param logit the model's
     * @param probability empty if the model has none
     * @param tokens of the pair
     * @param cut whether it lost a part
     * @param start where the piece begins that counted, in UTF-16 units
     * @param end where it ends, exclusive
     */
    record Text(int index, float logit, OptionalDouble probability, int tokens, boolean cut, int start, int end) {

        /** The same, known to have lost a part if this says so. */
        Text cutIf(boolean more) {
            return more && !cut ? new Text(index, logit, probability, tokens, true, start, end) : this;
        }

        Text at(int place) {
            return new Text(place, logit, probability, tokens, cut, start, end);
        }

        /** 0 to 1 where the model has probabilities, otherwise its logit. */
        float relevance() {
            return (float) probability.orElse(logit);
        }
    }

    /** The cost of both. */
    Reading plusCostOf(Reading other) {
        return new Reading(best, tokens + other.tokens, sum(timings, other.timings));
    }

    static Scores.Timings sum(Scores.Timings one, Scores.Timings other) {
        return new Scores.Timings(one.tokenize().plus(other.tokenize()), one.queue().plus(other.queue()),
                one.inference().plus(other.inference()));
    }
}
