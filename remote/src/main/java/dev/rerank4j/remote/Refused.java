package dev.rerank4j.remote;

import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An attempt that led to no answer. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    /** What an attempt says of the service. */
    enum Health {
        /** It answers, even if not as wished. */
        UP,
        /** It does not. */
        DOWN,
        /** Nothing, as nobody waited long enough. */
        UNKNOWN
    }

    private final Kind kind;
    private final boolean passing;
    private final Health health;
    private final transient @Nullable Duration pause; // as the service asks for

    private Refused(Kind kind, String message, @Nullable Throwable cause, boolean passing, Health health,
            @Nullable Duration pause) {
        super(message, cause);
        this.kind = kind;
        this.passing = passing;
        this.health = health;
        this.pause = pause;
    }

    /** It will be so again. */
    static Refused lasting(Kind kind, String message, @Nullable Throwable cause) {
        return new Refused(kind, message, cause, false, Health.UP, null);
    }

    /** It may be otherwise in a moment. */
    static Refused passing(Kind kind, String message, @Nullable Throwable cause, Health health) {
        return new Refused(kind, message, cause, true, health, null);
    }

    Refused after(Optional<Duration> wished) {
        return new Refused(kind, message(), getCause(), passing, health, wished.orElse(null));
    }

    boolean passing() {
        return passing;
    }

    Health health() {
        return health;
    }

    Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }

    private String message() {
        return String.valueOf(getMessage());
    }

    /** As the caller hears of it. */
    RerankException problem(int attempts) {
        String message = attempts > 1 ? message() + "; it was tried " + attempts + " times" : message();
        Throwable cause = getCause();
        return cause == null ? new RerankException(kind, message) : new RerankException(kind, message, cause);
    }
}
