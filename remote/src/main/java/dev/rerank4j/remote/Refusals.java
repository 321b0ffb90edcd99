package dev.rerank4j.remote;

import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.Refused.Health;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What a status means that is no answer, said to a person. Bodies are not repeated: they may hold the texts.
 *
 * @param name of the service
 */
record Refusals(String name, URI address, Advice advice) {

    Refused of(int status, HttpHeaders headers) {
        return switch (status) {
            case 400 -> lasting(Kind.INVALID_REQUEST, status, "refused the request as malformed",
                    "check the model's name and that the query and the texts are within its limits");
            case 401 -> lasting(Kind.UNAVAILABLE, status, "does not accept the key, or wants one", advice.key());
            case 402 -> lasting(Kind.UNAVAILABLE, status, "wants to be paid", "check the account");
            case 403 -> lasting(Kind.UNAVAILABLE, status, "does not allow this", "check what its key may do; "
                    + advice.key());
            case 404 -> lasting(Kind.UNAVAILABLE, status, "has nothing there", advice.missing());
            case 407 -> lasting(Kind.UNAVAILABLE, status, "is behind a proxy that wants a password",
                    "use another proxy");
            case 413 -> lasting(Kind.INVALID_REQUEST, status, "refused the request as too large",
                    "send fewer or shorter texts at a time");
            case 422 -> lasting(Kind.INVALID_REQUEST, status, "could not make sense of the request",
                    "check the model's name and that it is of the kind that is asked for");
            case 429 -> {
                Optional<Duration> pause = retryAfter(headers);
                yield passing(Kind.OVERLOADED, status, "has too much to do for this key or at all", pause.map(
                        wait -> "it wants to be left alone for " + wait.toSeconds() + " s").orElse(
                                "try again later, or ask less often"),
                        Health.UP).after(pause);
            }
            case 408, 500, 502, 503, 504 -> passing(Kind.UNAVAILABLE, status, "failed", "try again later", Health.DOWN)
                    .after(retryAfter(headers));
            default -> status / 100 == 3
                    ? lasting(Kind.UNAVAILABLE, status, moved(headers), "give its new address if you trust it; "
                            + "the request was not sent on")
                    : lasting(Kind.UNAVAILABLE, status, "did not answer as expected", advice.missing());
        };
    }

    private Refused lasting(Kind kind, int status, String what, String todo) {
        return Refused.lasting(kind, sentence(status, what, todo), null);
    }

    private Refused passing(Kind kind, int status, String what, String todo, Health health) {
        return Refused.passing(kind, sentence(status, what, todo), null, health);
    }

    private String sentence(int status, String what, String todo) {
        return name + " " + what + " (status " + status + "): " + todo;
    }

    /** The host alone: the rest of an address may hold secrets. */
    private String moved(HttpHeaders headers) {
        Optional<String> host = headers.firstValue("Location").flatMap(location -> {
            try {
                return Optional.ofNullable(address.resolve(location).getHost());
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
        return host.map(there -> there.equalsIgnoreCase(address.getHost())
                ? "moved to another address at the same host"
                : "moved to the host " + there).orElse("moved");
    }

    /** Seconds, or a moment as HTTP writes it; not negative. */
    static Optional<Duration> retryAfter(HttpHeaders headers) {
        return headers.firstValue("Retry-After").map(String::strip).flatMap(value -> {
            if (value.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            try {
                Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                Duration wait = Duration.between(Instant.now(), then);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }
}
