package dev.rerank4j.cli;

import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Where log records of the libraries go: {@code System.Logger}, SLF4J, Log4j and Commons Logging all end in
 * {@code java.util.logging}, and here become one line on the standard error. Ours from WARNING, those of others from
 * SEVERE, because a parser's complaints about a font are nobody's concern; all of them from INFO with
 * {@code --verbose}.
 */
final class Log extends Handler {

    private static final String OURS = "dev.rerank4j";

    private final Diagnostics diagnostics;

    private Log(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Sends the log records of the whole process to these diagnostics. */
    static void to(Diagnostics diagnostics) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(diagnostics.verbose() ? Level.INFO : Level.WARNING);
        Log handler = new Log(diagnostics);
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    @Override
    public void publish(LogRecord line) {
        String logger = line.getLoggerName() == null ? "" : line.getLoggerName();
        Level least = diagnostics.verbose() ? Level.INFO : logger.startsWith(OURS) ? Level.WARNING : Level.SEVERE;
        if (line.getLevel().intValue() < least.intValue()) {
            return;
        }
        String message = new SimpleFormatter().formatMessage(line);
        diagnostics.say(line.getLevel().getName().toLowerCase(Locale.ROOT).replace("severe", "error") + ": "
                + (diagnostics.verbose() ? logger + ": " : "") + message);
        if (line.getThrown() != null) {
            diagnostics.trace(line.getThrown());
        }
    }

    @Override
    public void flush() {
        // every line is flushed as it is printed
    }

    @Override
    public void close() {
        // the standard error is not ours to close
    }
}
