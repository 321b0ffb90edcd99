package dev.rerank4j.server;

import java.util.Map;

/**
 * What is answered.
 *
 * @param status such as 200
 * @param headers besides the usual ones
 * @param type the content type
 * @param body its bytes
 */
record Reply(int status, Map<String, String> headers, String type, byte[] body) {

    private static final String JSON = "application/json";

    static Reply json(Object body) {
        return json(200, Map.of(), body);
    }

    static Reply json(int status, Map<String, String> headers, Object body) {
        return new Reply(status, headers, JSON, Json.bytes(body));
    }
}
