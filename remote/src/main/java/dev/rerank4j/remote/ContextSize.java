package dev.rerank4j.remote;

/** How many tokens a server is told to make room for. */
final class ContextSize {

    private static final int STEP = 1024;

    private ContextSize() {
    }

    /** A quarter more than that, as tokens are counted approximately, in steps that share a loaded model. */
    static int of(int tokens) {
        return (int) ((tokens * 5L / 4 + STEP - 1) / STEP * STEP);
    }
}
