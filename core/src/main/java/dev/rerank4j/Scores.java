package dev.rerank4j;

import java.time.Duration;
import java.util.BitSet;
import java.util.Objects;

/**
 * What a model said of the texts of a {@link ScoreRequest}, in their order. The arrays belong to the receiver.
 *
 * @param logits the model's raw scores; higher is better; finite
 * @param probabilities 0 to 1, rising with the logits; of length 0 if the model has no meaning for them
 * @param tokens how many tokens of each pair the model read, special ones included
 * @param cut which texts were too long and lost a part
 * @param timings where the time went
 */
public record Scores(float[] logits, float[] probabilities, int[] tokens, BitSet cut, Timings timings) {

    /**
     * Time per phase; phases of different batches overlap, so the sum may exceed the time on the clock.
     *
     * @param tokenize turning texts into token ids
     * @param queue waiting for a compute thread
     * @param inference running the model
     */
    public record Timings(Duration tokenize, Duration queue, Duration inference) {

        /** No time at all in any phase. */
        public static final Timings ZERO = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /**
     * Checks lengths and ranges; the arrays are taken as they are, not copied.
     *
     * @throws IllegalArgumentException if the lengths differ, a logit is not finite or a probability is not within 0
     *         to 1
     */
    public Scores {
        if (tokens.length != logits.length || probabilities.length != 0 && probabilities.length != logits.length) {
            throw new IllegalArgumentException("scores must have one length, got " + logits.length + " logits, "
                    + probabilities.length + " probabilities, " + tokens.length + " token counts");
        }
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("logits must be finite, got " + logit);
            }
        }
        for (float probability : probabilities) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("probabilities must be within 0 to 1, got " + probability);
            }
        }
        Objects.requireNonNull(cut, "cut");
        Objects.requireNonNull(timings, "timings");
    }

    /** {@return how many texts were scored} */
    public int size() {
        return logits.length;
    }
}
