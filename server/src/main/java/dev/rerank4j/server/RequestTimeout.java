package dev.rerank4j.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.time.Duration;
import java.util.Optional;

/** How long a client says that it waits. */
final class RequestTimeout {

    private static final HeaderName HEADER = HeaderNames.create("X-Request-Timeout-Ms");

    private RequestTimeout() {
    }

    /**
     * What the client asks for, but not more than there is.
     *
     * @throws Refusal if it asks for something else
     */
    static Duration of(ServerRequestHeaders headers, Duration most) {
        Optional<String> wish = headers.value(HEADER);
        if (wish.isEmpty()) {
            return most;
        }
        try {
            long millis = Long.parseLong(wish.get().strip());
            if (millis >= 1) {
                return millis < most.toMillis() ? Duration.ofMillis(millis) : most;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Refusal.invalid(HEADER.defaultCase() + " must be a whole number of milliseconds >= 1");
    }
}
