package dev.rerank4j.remote;

import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;

/** A rerank API of somebody else. */
public final class RemoteScorer implements Scorer {

    private final String name;

    private RemoteScorer(String name) {
        this.name = name;
    }

    /**
     * {@return a scorer that asks an API}
     *
     * @param api how it is spoken to
     * @param model which model is asked; may be empty for servers that have but one
     * @param options where it is
     */
    public static RemoteScorer of(RerankApi api, String model, RemoteOptions options) {
        return new RemoteScorer(api + "/" + model);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Scores score(ScoreRequest request) {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {
    }
}
