package dev.rerank4j.cli;

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
        TUNING("tuning", "configurations");

        private final String word;
        private final String yield;

        Work(String word, String yield) {
            this.word = word;
            this.yield = yield;
        }

        String word() {
            return word;
        }

        String yield() {
            return yield;
        }
    }

    /** Of indexing: a bar on a terminal, lines elsewhere. */
    static Progress on(Shell shell, Diagnostics diagnostics) {
        return on(shell, diagnostics, Work.INDEXING);
    }

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(Shell shell, Diagnostics diagnostics, Work work) {
        return shell.isTerminal(Shell.Stream.ERR)
                ? new ProgressLine(work, diagnostics, System::nanoTime, shell.columns())
                : new ProgressLines(work, diagnostics, System::nanoTime, SECONDS_BETWEEN_LINES);
    }

    /** There is something to do: so many parts, of this size altogether (bytes, queries). */
    void start(int parts, long size);

    /** So far this much of the size is done, and so many passages, pairs, searches came of it. */
    void at(long done, long yield);

    @Override
    default void close() {
    }
}
