package dev.rerank4j.server;

import java.util.Map;

/**
 * What is answered.
 *
 * @param status such as 200
 * @param headers besides the usual ones
 * @param type the content type
 * @param body its bytes
 * @param closing whether the connection ends with it
 */
record Reply(int status, Map<String, String> headers, String type, byte[] body, boolean closing) {

    private static final String JSON = "application/json";

    Reply(int status, Map<String, String> headers, String type, byte[] body) {
        this(status, headers, type, body, false);
    }

    static Reply json(Object body) {
        return json(200, Map.of(), body);
    }

    static Reply json(int status, Map<String, String> headers, Object body) {
        return new Reply(status, headers, JSON, Json.bytes(body));
    }

    /** The same, but after it the connection ends. */
    Reply last() {
        return new Reply(status, headers, type, body, true);
    }
}
