package dev.rerank4j.remote;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a service is and how it is called. Immutable; each {@code with…} gives another.
 *
 * @param address {@code http} or {@code https}, a host, perhaps a port and the beginning of all paths; no user, query or
 *        fragment
 * @param key empty for services that want none; goes over {@code https}, or to this machine, unless
 *        {@code plaintextKey}
 * @param plaintextKey whether the key may be sent over {@code http} to another machine
 * @param attemptTimeout how long one attempt may take; the caller's deadline counts if it is sooner
 * @param retries how often a call is tried again where that may help; 0 or more
 * @param maxAnswerBytes how long an answer may be
 * @param maxConcurrent how many calls run at the same time; others wait for their deadline
 * @param proxy empty for what the system's properties say
 * @param ssl empty for the JDK's certificates
 * @param listener hears of every call
 */
public record RemoteOptions(URI address, ApiKey key, boolean plaintextKey, Duration attemptTimeout, int retries,
        int maxAnswerBytes, int maxConcurrent, Optional<ProxySelector> proxy, Optional<SSLContext> ssl,
        RemoteListener listener) {

    /**
     * Checks the address and the numbers.
     *
     * @throws IllegalArgumentException if the address is of another form, or a key would go over plain {@code http}, or
     *         a number is out of its range
     */
    public RemoteOptions {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(proxy, "proxy");
        Objects.requireNonNull(ssl, "ssl");
        Objects.requireNonNull(listener, "listener");
        Addresses.check(address, key.isPresent() && !plaintextKey);
        if (attemptTimeout.isNegative() || attemptTimeout.isZero()) {
            throw new IllegalArgumentException("attempt timeout must be > 0, got " + attemptTimeout);
        }
        if (retries < 0) {
            throw new IllegalArgumentException("retries must be >= 0, got " + retries);
        }
        if (maxAnswerBytes < 1) {
            throw new IllegalArgumentException("max answer bytes must be >= 1, got " + maxAnswerBytes);
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max concurrent must be >= 1, got " + maxConcurrent);
        }
    }

    /**
     * {@return options without a key: 30 seconds an attempt, two retries, 64 MiB an answer, 8 calls at a time}
     *
     * @param address as the component
     * @throws IllegalArgumentException if it is of another form
     */
    public static RemoteOptions at(URI address) {
        return new RemoteOptions(address, ApiKey.none(), false, Duration.ofSeconds(30), 2, 64 << 20, 8,
                Optional.empty(), Optional.empty(), RemoteListener.NONE);
    }

    /**
     * {@return the same with a key}
     *
     * @param other the key
     * @throws IllegalArgumentException if it would go over plain {@code http}
     */
    public RemoteOptions withKey(ApiKey other) {
        return new RemoteOptions(address, other, plaintextKey, attemptTimeout, retries, maxAnswerBytes, maxConcurrent,
                proxy, ssl, listener);
    }

    /**
     * {@return the same, the key going wherever the address leads}
     */
    public RemoteOptions withPlaintextKey() {
        return new RemoteOptions(address, key, true, attemptTimeout, retries, maxAnswerBytes, maxConcurrent, proxy,
                ssl, listener);
    }

    /**
     * {@return the same with other patience}
     *
     * @param timeout how long one attempt may take
     * @param times how often a call is tried again
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public RemoteOptions withPatience(Duration timeout, int times) {
        return new RemoteOptions(address, key, plaintextKey, timeout, times, maxAnswerBytes, maxConcurrent, proxy, ssl,
                listener);
    }

    /**
     * {@return the same with a listener}
     *
     * @param other hears of every call
     */
    public RemoteOptions withListener(RemoteListener other) {
        return new RemoteOptions(address, key, plaintextKey, attemptTimeout, retries, maxAnswerBytes, maxConcurrent,
                proxy, ssl, other);
    }

    /**
     * {@return the same with other limits}
     *
     * @param bytes how long an answer may be
     * @param calls how many run at the same time
     * @throws IllegalArgumentException if one of them is below 1
     */
    public RemoteOptions withLimits(int bytes, int calls) {
        return new RemoteOptions(address, key, plaintextKey, attemptTimeout, retries, bytes, calls, proxy, ssl,
                listener);
    }

    /**
     * {@return the same through proxies}
     *
     * @param other chooses which, or none, by the address; empty for what the system's properties say, such as
     *        {@code https.proxyHost}
     */
    public RemoteOptions withProxy(Optional<ProxySelector> other) {
        return new RemoteOptions(address, key, plaintextKey, attemptTimeout, retries, maxAnswerBytes, maxConcurrent,
                other, ssl, listener);
    }

    /**
     * {@return the same that trusts others}
     *
     * @param other whose certificates are trusted; empty for the JDK's
     */
    public RemoteOptions withSsl(Optional<SSLContext> other) {
        return new RemoteOptions(address, key, plaintextKey, attemptTimeout, retries, maxAnswerBytes, maxConcurrent,
                proxy, other, listener);
    }
}
