package dev.rerank4j.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Where the command was typed: its streams, which of them are a terminal, and the environment. Text is UTF-8 in both
 * directions whatever the locale says, because JSON has to be and documents are.
 *
 * @param terminals which streams are a terminal
 * @param columns how wide it is
 */
record Shell(InputStream in, PrintStream out, PrintStream err, Set<Stream> terminals, int columns,
        Map<String, String> environment) {

    enum Stream {
        IN, OUT, ERR
    }

    /** How wide lines are where nobody says. */
    static final int DEFAULT_COLUMNS = 100;

    private static final int NARROWEST = 40;
    private static final int WIDEST = 140;

    /**
     * The process's own. Java cannot ask a single stream whether it is a terminal, so the launcher says it in two
     * system properties; without the launcher nothing is taken for a terminal.
     */
    static Shell ofProcess() {
        String terminals = System.getProperty("rerank4j.terminals", "");
        Set<Stream> streams = EnumSet.noneOf(Stream.class);
        for (Stream stream : Stream.values()) {
            if (terminals.contains(String.valueOf(stream.ordinal()))) {
                streams.add(stream);
            }
        }
        return new Shell(System.in, stream(FileDescriptor.out), stream(FileDescriptor.err), streams,
                Integer.getInteger("rerank4j.columns", DEFAULT_COLUMNS), System.getenv());
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 16), false,
                StandardCharsets.UTF_8);
    }

    boolean isTerminal(Stream stream) {
        return terminals.contains(stream);
    }

    /** How wide results may be: the terminal's width within reason, otherwise a constant so that output is stable. */
    int width() {
        return isTerminal(Stream.OUT) && columns > 0 ? Math.clamp(columns, NARROWEST, WIDEST) : DEFAULT_COLUMNS;
    }

    /** An environment variable; the empty text if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Whether colours are wanted on the standard output where nobody gave an option. */
    boolean colourful() {
        return isTerminal(Stream.OUT) && variable("NO_COLOR").isEmpty() && !variable("TERM").equals("dumb");
    }
}
