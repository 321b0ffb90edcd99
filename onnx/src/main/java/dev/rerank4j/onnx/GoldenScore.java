package dev.rerank4j.onnx;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A pair whose score is known: what a model has to say on this processor before it may serve.
 *
 * @param query the query
 * @param text the text
 * @param tokens how many tokens the pair has after the cut, special ones included
 * @param firstIds the first token ids of the pair
 * @param logits by model file name, what that file gave where it was made
 */
public record GoldenScore(String query, String text, int tokens, List<Integer> firstIds, Map<String, Float> logits) {

    /** Copies the ids and logits. */
    public GoldenScore {
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(text, "text");
        firstIds = List.copyOf(firstIds);
        logits = Map.copyOf(logits);
    }
}
