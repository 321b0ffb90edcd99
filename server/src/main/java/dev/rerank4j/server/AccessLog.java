package dev.rerank4j.server;

import java.time.Duration;

/** Hears of every request that was answered. Called by the thread that answered; must not throw. */
@FunctionalInterface
public interface AccessLog {

    /** Hears nothing. */
    AccessLog NONE = entry -> {
    };

    /**
     * One request. It holds no text of queries or documents: of the address only the route that answered.
     *
     * @param id the request's id, as answered in {@code X-Request-Id}
     * @param key the name of the key; {@code -} without one
     * @param method such as {@code POST}
     * @param route such as {@code /v2/rerank}; {@code -} if there is none
     * @param status 499 if the client went away before it was answered
     * @param time from the request's first line to the answer
     * @param bytes of the answer's body
     */
    record Entry(String id, String key, String method, String route, int status, Duration time, long bytes) {
    }

    /**
     * A request was answered, or its client went away.
     *
     * @param entry what there is to tell of it
     */
    void answered(Entry entry);
}
