package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * A model whose scores are kept: a pair is scored once, whichever systems ask for it. It counts what the model had to
 * read, and stops between slices of a request when somebody wants that; what is scored then is kept.
 */
final class EvalScorer implements Scorer {

    /** Few enough that an interrupt is heard soon, also with a large model. */
    private static final int SLICE = 16;

    private final Scorer cached;
    private final StageScorer.Reads reads;
    private final BooleanSupplier stop;
    private final AtomicLong pairs = new AtomicLong();

    /**
     * @param model remains the caller's to close
     */
    EvalScorer(StageScorer model, ConcurrentMap<String, CachedScorer.Score> scores, BooleanSupplier stop) {
        this.cached = new CachedScorer(new Counted(model.scorer(), pairs), scores);
        this.reads = model.reads();
        this.stop = stop;
    }

    /** As a second stage asks it. */
    StageScorer stage() {
        return new StageScorer(this, reads);
    }

    /** How many pairs the model has read. */
    long pairs() {
        return pairs.get();
    }

    @Override
    public String name() {
        return cached.name();
    }

    /**
     * @throws Stopped if somebody wants it to end
     */
    @Override
    public Scores score(ScoreRequest request) {
        List<String> texts = request.texts();
        for (int i = 0; i < texts.size(); i += SLICE) {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            cached.score(new ScoreRequest(request.query(), texts.subList(i, Math.min(texts.size(), i + SLICE)),
                    request.maxTokens(), request.cut(), request.deadline()));
        }
        return cached.score(request);
    }

    @Override
    public void close() {
        // the model is not ours
    }

    /** Leaves the work where it is. */
    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }

    private record Counted(Scorer model, AtomicLong pairs) implements Scorer {

        @Override
        public String name() {
            return model.name();
        }

        @Override
        public Scores score(ScoreRequest request) {
            Scores scores = model.score(request);
            pairs.addAndGet(scores.size());
            return scores;
        }

        @Override
        public void close() {
            // whoever made the model closes it
        }
    }
}
