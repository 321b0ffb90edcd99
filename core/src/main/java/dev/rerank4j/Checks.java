package dev.rerank4j;

/** The grammar of complaints about arguments: "limit must be >= 1, got 0". */
final class Checks {

    private Checks() {
    }

    static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }
}
