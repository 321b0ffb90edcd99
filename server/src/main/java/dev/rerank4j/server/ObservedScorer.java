package dev.rerank4j.server;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A scorer that tells the server's metrics what it has scored. A {@link ServedModel} makes one of its scorer; hand that
 * one, {@link ServedModel#scorer()}, also to the pipelines that search with the model, and the metrics tell of searches,
 * too. Safe for use by several threads.
 */
public final class ObservedScorer implements Scorer {

    private final Scorer other;
    private volatile Consumer<Scores> observer = scores -> {
    };

    ObservedScorer(Scorer other) {
        this.other = Objects.requireNonNull(other, "scorer");
    }

    /** From now on hears of all scores; must neither change nor keep them. */
    void observe(Consumer<Scores> by) {
        observer = by;
    }

    @Override
    public String name() {
        return other.name();
    }

    @Override
    public Scores score(ScoreRequest request) {
        Scores scores = other.score(request);
        observer.accept(scores);
        return scores;
    }

    @Override
    public void close() {
        other.close();
    }
}
