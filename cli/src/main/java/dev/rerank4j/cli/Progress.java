package dev.rerank4j.cli;

import java.util.Locale;

/**
 * Tells the person who waits how far some work has come. Messages of others go through {@link Diagnostics} meanwhile.
 */
interface Progress extends AutoCloseable {

    int SECONDS_BETWEEN_LINES = 5;

    /** What is done, and what comes of it. */
    enum Work {
        /** Bytes are read, passages come of them. */
        INDEXING("indexing", "passages"),
        /** Queries are answered, pairs scored for them. */
        SCORING("scoring", "pairs"),
        /** Searches are timed. */
        TIMING("timing", "searches"),
        /** Configurations are tried. */
        TUNING("tuning", "configurations"),
        /** A file comes from a hub. */
        DOWNLOADING("downloading", "bytes");

        private final String word;
        private final String yield;

        Work(String word, String yield) {
            this.word = word;
            this.yield = yield;
        }

        String word() {
            return word;
        }

        /** What has come of it so far: {@code 1,200 passages}. */
        String count(long yield) {
            return this == DOWNLOADING
                    ? String.format(Locale.ROOT, "%,.1f MB", yield / 1e6)
                    : Units.count(yield) + " " + this.yield;
        }

        /** How much comes of it in a second: {@code 41}. */
        String rate(long yield, double seconds) {
            return this == DOWNLOADING
                    ? String.format(Locale.ROOT, "%,.1f MB", yield / 1e6 / seconds)
                    : String.format(Locale.ROOT, "%.0f", yield / seconds);
        }

        /** Whether its size is in bytes. */
        boolean inBytes() {
            return this == INDEXING || this == DOWNLOADING;
        }
    }

    /** Of indexing: a bar on a terminal, lines elsewhere. */
    static Progress on(Shell shell, Diagnostics diagnostics) {
        return on(shell, diagnostics, Work.INDEXING);
    }

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(Shell shell, Diagnostics diagnostics, Work work) {
        return on(shell, diagnostics, work, work.word());
    }

    /** Of some work by another name. */
    static Progress on(Shell shell, Diagnostics diagnostics, Work work, String name) {
        return shell.isTerminal(Shell.Stream.ERR)
                ? new ProgressLine(work, name, diagnostics, System::nanoTime, shell.columns())
                : new ProgressLines(work, name, diagnostics, System::nanoTime, SECONDS_BETWEEN_LINES);
    }

    /** There is something to do: so many parts, of this size altogether (bytes, queries). */
    void start(int parts, long size);

    /** So far this much of the size is done, and so many passages, pairs, searches came of it. */
    void at(long done, long yield);

    @Override
    default void close() {
    }
}
