package dev.rerank4j.cli;

import dev.rerank4j.RerankException;

/** What the process tells the shell. */
final class ExitCode {

    /** Something was found, or done. */
    static final int FOUND = 0;

    /** The search worked and found nothing. */
    static final int NOTHING = 1;

    /** The command line, the configuration or the input is wrong: trying again will not help. */
    static final int USAGE = 2;

    /** A file, index or model could not be used. */
    static final int FAILED = 3;

    /** Interrupted from the keyboard: 128 + SIGINT, as shells expect. */
    static final int INTERRUPTED = 130;

    private ExitCode() {
    }

    static int of(RerankException.Kind kind) {
        return switch (kind) {
            case INVALID_REQUEST -> USAGE;
            case OVERLOADED, TIMEOUT, UNAVAILABLE, MODEL, INTERNAL -> FAILED;
        };
    }
}
