package dev.rerank4j.cli;

/** Somebody pressed Ctrl-C, and everything is in a good state: exit code 130. The message says what state. */
final class InterruptedRun extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InterruptedRun(String message) {
        super(message);
    }
}
