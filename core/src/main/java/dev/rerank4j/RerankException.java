package dev.rerank4j;

import java.util.Objects;

/**
 * What the world did to us, as opposed to misuse, which is an {@link IllegalArgumentException} or
 * {@link IllegalStateException}. The message is one sentence for the person who ran the program: what was wrong, what
 * is allowed, what to do. It never holds the text of queries or documents.
 */
public final class RerankException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Decides HTTP status, exit code and whether trying again makes sense. */
    public enum Kind {
        /** The request cannot be answered as it is, for instance a query longer than the model reads. */
        INVALID_REQUEST,
        /** Too much is waiting already; try again later. */
        OVERLOADED,
        /** The deadline passed. */
        TIMEOUT,
        /** A file, index or service cannot be used right now. */
        UNAVAILABLE,
        /** A model gave or holds something it must not: NaN, a wrong shape, a checksum that is off. */
        MODEL,
        /** A mistake of ours. */
        INTERNAL
    }

    /** What sort of failure it is. */
    private final Kind kind;

    /**
     * A failure that has no cause of its own, such as a deadline that passed.
     *
     * @param kind what sort of failure it is
     * @param message one sentence for a person, without text of queries or documents
     */
    public RerankException(Kind kind, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * A failure that something else led to.
     *
     * @param kind what sort of failure it is
     * @param message one sentence for a person, without text of queries or documents
     * @param cause what led to it
     */
    public RerankException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /** {@return what sort of failure it is, for a caller to decide by} */
    public Kind kind() {
        return kind;
    }
}
