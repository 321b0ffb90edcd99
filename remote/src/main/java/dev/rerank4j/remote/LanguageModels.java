package dev.rerank4j.remote;

import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;

/** Language models as second stages. */
public final class LanguageModels {

    private LanguageModels() {
    }

    /**
     * {@return a scorer that asks of each text whether it answers, by the probability of yes and no}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param options where it is
     */
    public static Scorer pointwise(ChatApi api, String model, RemoteOptions options) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * {@return a reranker that has windows of candidates put in order, from the last to the first}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param window how many candidates are shown at a time
     * @param stride by how many the window moves
     * @param options where it is
     */
    public static Reranker listwise(ChatApi api, String model, int window, int stride, RemoteOptions options) {
        throw new UnsupportedOperationException("not yet");
    }

    /**
     * {@return a reranker that asks for the best of a set, again and again, until so many are found as are wanted}
     *
     * @param api how the server is spoken to
     * @param model the model's name
     * @param set how many candidates are shown at a time
     * @param options where it is
     */
    public static Reranker setwise(ChatApi api, String model, int set, RemoteOptions options) {
        throw new UnsupportedOperationException("not yet");
    }
}
