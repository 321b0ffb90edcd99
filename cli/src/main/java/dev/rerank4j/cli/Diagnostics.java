package dev.rerank4j.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What is said on the standard error: messages, each one line, and beneath them at most one progress bar that the
 * messages do not tear. Safe for use by several threads: log records and the bar's clock come from their own.
 */
final class Diagnostics {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean verbose;
    private String bar = "";

    Diagnostics(PrintStream err, boolean verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    boolean verbose() {
        return verbose;
    }

    void say(String message) {
        print(TextLayout.printable(message));
    }

    void warn(String message) {
        say("warning: " + message);
    }

    /** The end of the command: one sentence, and where it happened only for those who ask. */
    void error(String message, Throwable cause) {
        say("rerank: " + message);
        trace(cause);
    }

    /** Where it happened, with --verbose. */
    synchronized void trace(Throwable cause) {
        if (verbose) {
            cause.printStackTrace(err);
            err.flush();
        }
    }

    /** Shows the bar, or another state of it, instead of the last one. */
    synchronized void bar(String line) {
        bar = line;
        err.print(ERASE_LINE + line);
        err.flush();
    }

    synchronized void clearBar() {
        if (!bar.isEmpty()) {
            bar = "";
            err.print(ERASE_LINE);
            err.flush();
        }
    }

    /** Several lines as they are, for --verbose. */
    synchronized void block(String lines) {
        print(lines.stripTrailing());
    }

    private synchronized void print(String line) {
        if (bar.isEmpty()) {
            err.println(line);
        } else {
            err.print(ERASE_LINE + line + System.lineSeparator() + bar);
        }
        err.flush();
    }

    /** A sentence for an error that has none of its own. */
    static String sentence(Throwable error) {
        String message = error.getMessage();
        String kind = error.getClass().getSimpleName().replaceAll("(Exception|Error)$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
        return message == null || message.isBlank() ? kind : kind + ": " + message;
    }
}
