package dev.rerank4j.server;

/** A request cannot be answered: one sentence for the person who sent it, without a text of theirs. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    Refusal(Reason reason, String message) {
        super(message, null, false, false); // told to the client, not traced
        this.reason = reason;
    }

    static Refusal invalid(String message) {
        return new Refusal(Reason.INVALID_REQUEST, message);
    }

    Reason reason() {
        return reason;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
