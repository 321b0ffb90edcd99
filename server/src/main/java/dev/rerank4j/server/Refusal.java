package dev.rerank4j.server;

/** A request cannot be answered: one sentence for the person who sent it, without a text of theirs. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final boolean last;

    Refusal(Reason reason, String message) {
        this(reason, message, false);
    }

    /**
     * A refusal.
     *
     * @param last whether nothing can be understood of what follows on the connection
     */
    Refusal(Reason reason, String message, boolean last) {
        super(message, null, false, false); // told to the client, not traced
        this.reason = reason;
        this.last = last;
    }

    static Refusal invalid(String message) {
        return new Refusal(Reason.INVALID_REQUEST, message);
    }

    Reason reason() {
        return reason;
    }

    boolean last() {
        return last;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
