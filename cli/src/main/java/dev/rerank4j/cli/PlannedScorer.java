package dev.rerank4j.cli;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Asks nobody: it notes what a model would have to be asked for, beside what is kept. For one thread. */
final class PlannedScorer implements Scorer {

    private final EvalScorer kept;
    private final LoadedReranker.Remote model;
    private final EvalPlan plan;
    private final Set<String> planned = new HashSet<>();

    PlannedScorer(EvalScorer kept, LoadedReranker.Remote model, EvalPlan plan) {
        this.kept = kept;
        this.model = model;
        this.plan = plan;
    }

    @Override
    public String name() {
        return kept.name();
    }

    @Override
    public Scores score(ScoreRequest request) {
        Set<String> missing = kept.missing(request);
        missing.removeAll(planned);
        planned.addAll(missing);
        plan.add(model, 1, missing.size());
        int count = request.texts().size();
        return new Scores(new float[count], new float[0], new int[count], new BitSet(), Scores.Timings.ZERO);
    }

    @Override
    public void close() {
        // the model is not ours
    }
}
