package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest.Side;

/** How long a query may be: it is never cut, and a prompt must have an end. */
final class QueryLimit {

    static final int TOKENS = 512;

    private QueryLimit() {
    }

    /**
     * How many tokens a query has.
     *
     * @throws RerankException of kind {@code INVALID_REQUEST} if they are too many
     */
    static int check(String query) {
        int tokens = PromptText.tokens(query);
        if (tokens > TOKENS || PromptText.cut(query, TOKENS, Side.END).cut()) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    "query has about " + tokens + " tokens, a language model is "
                            + "asked at most " + TOKENS + ": shorten it");
        }
        return tokens;
    }
}
