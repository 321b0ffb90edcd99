package dev.rerank4j.springai;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A scorer that gives the logits its test says, without probabilities, and remembers what it read. */
final class ScriptedScorer implements Scorer {

    private final ToDoubleFunction<String> logits;
    private final List<String> read = Collections.synchronizedList(new ArrayList<>());

    ScriptedScorer(ToDoubleFunction<String> logits) {
        this.logits = logits;
    }

    List<String> read() {
        return List.copyOf(read);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public Scores score(ScoreRequest request) {
        int count = request.texts().size();
        float[] all = new float[count];
        for (int i = 0; i < count; i++) {
            read.add(request.texts().get(i));
            all[i] = (float) logits.applyAsDouble(request.texts().get(i));
        }
        return new Scores(all, new float[0], new int[count], new BitSet(), Scores.Timings.ZERO);
    }

    @Override
    public void close() {
    }
}
