package dev.rerank4j.server;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How the server listens, and what it takes.
 *
 * @param host the address or name to listen at
 * @param port 0 to 65535; 0 for any that is free
 * @param maxBody bytes of a request's body at most; at least 1
 * @param maxDocuments documents of a request at most; at least 1
 * @param maxConcurrent requests worked on at once at most, waiting ones included; at least 1. What comes beyond is
 *        refused at once
 * @param timeout how long a request may take at most, from its first line; a client may ask for less; longer than zero
 * @param shutdownTimeout how long {@link RerankServer#close} waits for requests that run; not negative
 * @param corsOrigins origins whose pages may call, such as {@code https://shop.example}, or {@code *}; empty for none
 */
public record ServerOptions(String host, int port, long maxBody, int maxDocuments, int maxConcurrent, Duration timeout,
        Duration shutdownTimeout, Set<String> corsOrigins) {

    /**
     * Checks the ranges and copies the origins.
     *
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public ServerOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name, got nothing");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be within 0 to 65535, got " + port);
        }
        atLeastOne("max-body", maxBody);
        atLeastOne("max-documents", maxDocuments);
        atLeastOne("max-concurrent", maxConcurrent);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, got " + timeout);
        }
        if (shutdownTimeout.isNegative()) {
            throw new IllegalArgumentException("shutdown-timeout must be >= 0, got " + shutdownTimeout);
        }
        corsOrigins = Set.copyOf(corsOrigins);
        Objects.requireNonNull(host, "host");
    }

    /**
     * {@return the options of a server on loopback alone, port 8080; 32 MiB and 10,000 documents a request; 256 at
     * once; 30 seconds; no other origins}
     */
    public static ServerOptions defaults() {
        return new ServerOptions("127.0.0.1", 8080, 32L << 20, 10_000, 256, Duration.ofSeconds(30),
                Duration.ofSeconds(10), Set.of());
    }

    /**
     * {@return the same on another port}
     *
     * @param other 0 to 65535; 0 for any that is free
     * @throws IllegalArgumentException if {@code other} is out of range
     */
    public ServerOptions withPort(int other) {
        return new ServerOptions(host, other, maxBody, maxDocuments, maxConcurrent, timeout, shutdownTimeout,
                corsOrigins);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }
}
