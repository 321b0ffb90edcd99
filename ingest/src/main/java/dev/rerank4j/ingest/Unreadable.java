package dev.rerank4j.ingest;

import java.io.IOException;

/** A file or line that cannot be read; the message is a warning's reason. */
final class Unreadable extends IOException {

    private static final long serialVersionUID = 1L;

    Unreadable(String reason) {
        super(reason);
    }

    Unreadable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
