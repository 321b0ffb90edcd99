package dev.rerank4j.cli;

import dev.rerank4j.CachedScorer;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    private final Scorer model;
    private final ConcurrentMap<String, CachedScorer.Score> scores;
    private final StageScorer.Reads reads;
    private final BooleanSupplier stop;
    private final AtomicLong pairs = new AtomicLong();

    /**
     * @param model remains the caller's to close
     */
    EvalScorer(StageScorer model, ConcurrentMap<String, CachedScorer.Score> scores, BooleanSupplier stop) {
        this.model = new Counted(model.scorer(), pairs);
        this.scores = scores;
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
        return model.name();
    }

    /**
     * @throws Stopped if somebody wants it to end
     */
    @Override
    public Scores score(ScoreRequest request) {
        List<String> texts = request.texts();
        Scorer cached = new CachedScorer(named(request), scores);
        int slice = reads == StageScorer.Reads.IN_BLOCKS ? SLICE : Math.max(1, texts.size());
        for (int i = 0; i < texts.size(); i += slice) {
            if (stop.getAsBoolean()) {
                throw new Stopped();
            }
            cached.score(new ScoreRequest(request.query(), texts.subList(i, Math.min(texts.size(), i + slice)),
                    request.maxTokens(), request.cut(), request.deadline()));
        }
        return cached.score(request);
    }

    /** What would have to be asked for, by the keys of the scores. */
    Set<String> missing(ScoreRequest request) {
        String name = named(request).name();
        Set<String> missing = new HashSet<>();
        for (String text : request.texts()) {
            String key = CachedScorer.key(name, request, text);
            if (scores.get(key) == null) {
                missing.add(key);
            }
        }
        return missing;
    }

    /** What puts texts in order says something of all of them together: so it is kept. */
    private Scorer named(ScoreRequest request) {
        return reads == StageScorer.Reads.AS_LIST
                ? new Renamed(model, model.name() + "/" + CachedScorer.key("", request, String.join("\0",
                        request.texts())))
                : model;
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

    /** The same model under another name. */
    private record Renamed(Scorer model, String name) implements Scorer {

        @Override
        public Scores score(ScoreRequest request) {
            return model.score(request);
        }

        @Override
        public void close() {
            // whoever made the model closes it
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
