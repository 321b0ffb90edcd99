package dev.rerank4j.server;

import dev.rerank4j.ScoreRequest;
import java.util.List;
import java.util.Optional;

/**
 * What all rerank dialects ask for.
 *
 * @param model the name that was given
 * @param query not blank
 * @param texts not empty
 * @param limit how many are wanted; at least 1
 * @param textTokens how many tokens of each text are read at most
 * @param cut which end a text loses that is too long
 * @param pieces into how many pieces a text may be cut of which the best counts; 1 if what is too long is cut off
 */
record RerankCall(Optional<String> model, String query, List<String> texts, int limit, int textTokens,
        ScoreRequest.Side cut, int pieces) {

    static final int ALL = Integer.MAX_VALUE;

    /** The name of a single model's stage. */
    static final String STAGE = "rerank";

    /** What the order of the texts is evidence of. */
    static final String INPUT = "input";

    RerankCall(Optional<String> model, String query, List<String> texts, int limit) {
        this(model, query, texts, limit, ALL, ScoreRequest.Side.END, 1);
    }

    RerankCall withTexts(List<String> others) {
        return new RerankCall(model, query, others, limit, textTokens, cut, pieces);
    }

    RerankCall withTextTokens(int most) {
        return new RerankCall(model, query, texts, limit, most, cut, pieces);
    }

    RerankCall withPieces(int most) {
        return new RerankCall(model, query, texts, limit, textTokens, cut, most);
    }

    RerankCall cutAt(ScoreRequest.Side side) {
        return new RerankCall(model, query, texts, limit, textTokens, side, pieces);
    }
}
