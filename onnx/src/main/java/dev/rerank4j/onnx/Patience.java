package dev.rerank4j.onnx;

import java.time.Duration;

/**
 * How long a hub is waited for, and how often it is asked again.
 *
 * @param retries how often after failures that may pass, as long as nothing more has come
 * @param firstPause before the first retry; each next pause is twice as long
 * @param longestPause what pauses grow to
 * @param longestWait the longest pause that a hub gets if it asks for one
 * @param connect for a connection
 * @param silence for more bytes, once there is a connection
 */
record Patience(int retries, Duration firstPause, Duration longestPause, Duration longestWait, Duration connect,
        Duration silence) {

    /** Five retries within 15 seconds; a minute if the hub asks for it; ten seconds to connect, thirty of silence. */
    static final Patience STANDARD = new Patience(5, Duration.ofMillis(500), Duration.ofSeconds(8),
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30));

    Patience withoutRetries() {
        return new Patience(0, firstPause, longestPause, longestWait, connect, silence);
    }
}
