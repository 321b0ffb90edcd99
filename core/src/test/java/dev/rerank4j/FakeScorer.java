package dev.rerank4j;

import java.util.BitSet;
import java.util.function.Function;

/** A scorer that does what its test says. */
record FakeScorer(String name, Function<ScoreRequest, Scores> answer) implements Scorer {

    @Override
    public Scores score(ScoreRequest request) {
        return answer.apply(request);
    }

    @Override
    public void close() {
    }

    /** Without probabilities. */
    static Scores scores(float... logits) {
        return new Scores(logits, new float[0], new int[logits.length], new BitSet(), Scores.Timings.ZERO);
    }

    /** Scores with sigmoids. */
    static Scores probable(float... logits) {
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return new Scores(logits, probabilities, new int[logits.length], new BitSet(), Scores.Timings.ZERO);
    }
}
