package dev.rerank4j.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param status such as 200
 * @param headers by lower-case name; of several of a name, at least the first
 * @param text the body
 */
record Answer(int status, Map<String, String> headers, String text) {

    private static final JsonMapper MAPPER = new JsonMapper();

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The body as JSON.
     *
     * @throws AssertionError if it is none
     */
    JsonNode json() {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON, status " + status + ": " + text, e);
        }
    }

    /** Of status 200, as JSON. */
    JsonNode ok() {
        if (status != 200) {
            throw new AssertionError("status " + status + ": " + text);
        }
        return json();
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
