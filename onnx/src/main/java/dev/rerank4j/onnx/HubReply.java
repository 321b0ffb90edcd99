package dev.rerank4j.onnx;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server answered. To be closed: its body is on its way.
 *
 * @param uri whose answer it is, after redirects
 * @param own whether that is the hub itself, and not a place that it sent us to
 */
record HubReply(URI uri, boolean own, int status, HttpHeaders headers, BodyQueue body) implements AutoCloseable {

    Optional<String> header(String name) {
        return headers.firstValue(name).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Empty if it is no number, or less than 0. */
    OptionalLong number(String name) {
        try {
            long value = header(name).map(Long::parseLong).orElse(-1L);
            return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Its host and port, for messages: the rest of an address may hold a signature. */
    String place() {
        return uri.getAuthority();
    }

    @Override
    public void close() {
        body.close();
    }
}
