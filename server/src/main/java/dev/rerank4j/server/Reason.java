package dev.rerank4j.server;

import dev.rerank4j.RerankException;
import java.util.Locale;

/** Why a request is not answered. What it is in a dialect's words and numbers, {@link ErrorDialect} says. */
enum Reason {
    /** It is not what the route takes: not JSON, a value of the wrong kind. */
    MALFORMED,
    /** It is well-formed, and cannot be answered as it is. */
    INVALID_REQUEST,
    /** There is nothing to do: no documents. */
    EMPTY,
    /** No key, or none of ours. */
    UNAUTHORIZED,
    /** The key may not do that. */
    FORBIDDEN,
    /** No such route, model or index. */
    NOT_FOUND,
    /** The route is there for another method. */
    METHOD_NOT_ALLOWED,
    /** The body did not come in time. */
    SLOW,
    /** Too many bytes or documents. */
    TOO_LARGE,
    /** Too much is waiting; trying again later makes sense. */
    OVERLOADED,
    /** The deadline passed. */
    TIMEOUT,
    /** Something cannot be used right now. */
    UNAVAILABLE,
    /** The model failed. */
    MODEL,
    /** A mistake of ours. */
    INTERNAL;

    static Reason of(RerankException.Kind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> INVALID_REQUEST;
            case OVERLOADED -> OVERLOADED;
            case TIMEOUT -> TIMEOUT;
            case UNAVAILABLE -> UNAVAILABLE;
            case MODEL -> MODEL;
            case INTERNAL -> INTERNAL;
        };
    }

    /** The status where a dialect has no other. */
    int status() {
        return switch (this) {
            case MALFORMED, INVALID_REQUEST, EMPTY -> 400;
            case UNAUTHORIZED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case METHOD_NOT_ALLOWED -> 405;
            case SLOW -> 408;
            case TOO_LARGE -> 413;
            case OVERLOADED -> 429;
            case MODEL, INTERNAL -> 500;
            case UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    /** The kind that the native API gives it. */
    String kind() {
        return switch (this) {
            case MALFORMED, EMPTY -> INVALID_REQUEST.kind();
            case SLOW -> TIMEOUT.kind();
            default -> name().toLowerCase(Locale.ROOT);
        };
    }
}
