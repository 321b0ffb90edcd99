package dev.rerank4j.cli;

/** The person who typed the command can put it right: exit code 2. The message is one sentence that says how. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
