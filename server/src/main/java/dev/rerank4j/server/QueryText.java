package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A query as the dialects have it. */
final class QueryText {

    private QueryText() {
    }

    /**
     * @throws Refusal if there is none
     */
    static String of(@Nullable String query) {
        if (query == null) {
            throw new Refusal(Reason.MALFORMED, "query must be a text, got nothing");
        }
        return query;
    }

    /**
     * Also an object with a text, as Jina's newer API has it.
     *
     * @throws Refusal if there is none
     */
    static String of(@Nullable JsonNode query) {
        if (query == null || query.isNull()) {
            throw new Refusal(Reason.MALFORMED, "query must be a text, got nothing");
        }
        JsonNode text = query.isObject() ? query.path("text") : query;
        if (!text.isTextual()) {
            throw new Refusal(Reason.MALFORMED, "query must be a text, got " + Json.kind(query));
        }
        return text.textValue();
    }
}
