package dev.rerank4j.cli;

/**
 * Tells the person who waits how far indexing has come. Messages of others go through {@link Diagnostics} meanwhile.
 */
interface Progress extends AutoCloseable {

    int SECONDS_BETWEEN_LINES = 5;

    /** A bar on a terminal, lines elsewhere. */
    static Progress on(Shell shell, Diagnostics diagnostics) {
        return shell.isTerminal(Shell.Stream.ERR)
                ? new ProgressLine(diagnostics, System::nanoTime, shell.columns())
                : new ProgressLines(diagnostics, System::nanoTime, SECONDS_BETWEEN_LINES);
    }

    /** There is something to do: so many files of so many bytes altogether. */
    void start(int files, long bytes);

    /** So far these bytes were read and these passages indexed. */
    void at(long bytes, int passages);

    @Override
    default void close() {
    }
}
