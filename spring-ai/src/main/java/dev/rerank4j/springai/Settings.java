package dev.rerank4j.springai;

import java.time.Duration;

/** The grammar of complaints: "limit must be >= 1, got 0". */
final class Settings {

    private Settings() {
    }

    static int atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
        return value;
    }

    static Duration aboveZero(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
        }
        return timeout;
    }
}
