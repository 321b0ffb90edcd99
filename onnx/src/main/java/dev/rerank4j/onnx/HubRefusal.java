package dev.rerank4j.onnx;

import dev.rerank4j.RerankException.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a status other than success means, in words for people. The reply's own text is never shown: it may hold what was
 * sent.
 *
 * @param id what was asked about
 * @param options of the hub that was asked
 * @param longestWait the longest pause that is granted to a hub that asks for one
 */
record HubRefusal(ModelId id, HubOptions options, Duration longestWait) {

    /** Hugging Face's own header: {@code "api";r=0;t=55}. */
    private static final Pattern LIMIT = Pattern.compile(";\\s*t=(\\d{1,9})");

    HubTrouble of(HubReply reply) {
        int status = reply.status();
        if (!reply.own()) {
            return elsewhere(reply);
        }
        return switch (reply.header("X-Error-Code").orElse("")) {
            case "GatedRepo" -> invalid(id.repository() + " is given only to who accepted its licence: accept it at "
                    + page() + ", then " + token("of that account"));
            case "RevisionNotFound" -> invalid("there is no revision " + id.revision() + " of " + id.repository()
                    + " at " + hub() + ": " + page() + "/tree/main shows its branches and tags");
            case "EntryNotFound" -> invalid("a file of " + id + " is not at " + hub() + " although its list names it:"
                    + " try again later");
            case "RepoNotFound" -> missing();
            default -> switch (status) {
                case 401 -> reply.header("X-Error-Message").orElse("").contains("Invalid credentials")
                        ? invalid(hub() + " does not accept the token: check HF_TOKEN")
                        : missing();
                case 403 -> invalid(hub() + " refuses access to " + id + " (403): "
                        + token("that may read it"));
                case 404 -> missing();
                case 407 -> HubTrouble.lasting(Kind.UNAVAILABLE, "the proxy asks for a name and a password: write them"
                        + " into HTTPS_PROXY, as http://NAME:PASSWORD@HOST:PORT, and for an https hub start Java with"
                        + " -Djdk.http.auth.tunneling.disabledSchemes=");
                default -> other(reply);
            };
        };
    }

    /** A place for large files: its 403 means that the address, which it signed, is too old. */
    private static HubTrouble elsewhere(HubReply reply) {
        String message = reply.place() + ", where the hub sends for this file, answers with status " + reply.status();
        return reply.status() == 403 || passes(reply.status())
                ? HubTrouble.passing(message, (Throwable) null)
                : HubTrouble.lasting(Kind.UNAVAILABLE, message + ": try again later");
    }

    private HubTrouble other(HubReply reply) {
        if (!passes(reply.status())) {
            return HubTrouble.lasting(Kind.UNAVAILABLE, hub() + " answers with status " + reply.status()
                    + ": is it a Hugging Face Hub? Check HF_ENDPOINT and the proxy");
        }
        String message = hub() + (reply.status() == 429
                ? " is asked too often from here (429)"
                : " fails with status " + reply.status());
        Optional<Duration> pause = pause(reply, Instant.now());
        if (pause.isEmpty()) {
            return HubTrouble.passing(message + ": try again later", (Throwable) null);
        }
        if (pause.get().compareTo(longestWait) > 0) {
            return HubTrouble.lasting(Kind.UNAVAILABLE, message + ": it asks to come again in "
                    + pause.get().toSeconds() + " seconds" + (options.token().isEmpty()
                            ? "; with HF_TOKEN set it allows more"
                            : ""));
        }
        return HubTrouble.passing(message + ": try again later", pause.get());
    }

    private static boolean passes(int status) {
        return status == 408 || status == 429 || status / 100 == 5;
    }

    /** What {@code Retry-After} says, in seconds or as a date, or else {@code RateLimit}. */
    static Optional<Duration> pause(HubReply reply, Instant now) {
        Optional<String> after = reply.header("Retry-After");
        if (after.isPresent()) {
            try {
                if (after.get().matches("\\d{1,9}")) {
                    return Optional.of(Duration.ofSeconds(Long.parseLong(after.get())));
                }
                Instant then = ZonedDateTime.parse(after.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                return Optional.of(then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO);
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
        Matcher limit = LIMIT.matcher(reply.header("RateLimit").orElse(""));
        return limit.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1)))) : Optional.empty();
    }

    private HubTrouble missing() {
        return invalid("there is no model " + id.repository() + " at " + hub() + ", or not for everybody: check its"
                + " name; if it is private, " + token("that may read it"));
    }

    private String token(String which) {
        return options.token().isEmpty()
                ? "set HF_TOKEN to a token " + which
                : "set HF_TOKEN to a token " + which + ": the one that is set does not do";
    }

    private static HubTrouble invalid(String message) {
        return HubTrouble.lasting(Kind.INVALID_REQUEST, message);
    }

    private URI hub() {
        return options.endpoint();
    }

    private String page() {
        return options.endpoint() + "/" + id.repository();
    }
}
