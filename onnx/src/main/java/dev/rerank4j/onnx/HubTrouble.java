package dev.rerank4j.onnx;

import dev.rerank4j.RerankException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a hub did not give what it was asked for. Its message is for people; nothing that the hub wrote is in it. */
final class HubTrouble extends Exception {

    private static final long serialVersionUID = 1L;

    private final RerankException.Kind kind;
    private final boolean passing;
    private final @Nullable Duration pause;

    private HubTrouble(RerankException.Kind kind, String message, boolean passing, @Nullable Duration pause,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.passing = passing;
        this.pause = pause;
    }

    /** What asking again does not help against. */
    static HubTrouble lasting(RerankException.Kind kind, String message) {
        return new HubTrouble(kind, message, false, null, null);
    }

    static HubTrouble lasting(RerankException.Kind kind, String message, Throwable cause) {
        return new HubTrouble(kind, message, false, null, cause);
    }

    /** What may be gone in a moment. */
    static HubTrouble passing(String message, @Nullable Throwable cause) {
        return new HubTrouble(RerankException.Kind.UNAVAILABLE, message, true, null, cause);
    }

    /** What is gone after a pause that the hub named. */
    static HubTrouble passing(String message, Duration pause) {
        return new HubTrouble(RerankException.Kind.UNAVAILABLE, message, true, pause, null);
    }

    RerankException.Kind kind() {
        return kind;
    }

    boolean isPassing() {
        return passing;
    }

    /** What the hub asked for. */
    Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }

    RerankException toRerankException() {
        return new RerankException(kind, String.valueOf(getMessage()), this);
    }
}
