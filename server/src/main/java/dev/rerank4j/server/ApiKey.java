package dev.rerank4j.server;

import dev.rerank4j.Filter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A key that lets a client in, and what it may do. Of the secret only a hash is held.
 *
 * @param name what logs and metrics call it: not a secret
 * @param sha256 of the secret's UTF-8 bytes; 32 bytes
 * @param filter added to every search, so that nothing else is found; {@link Filter#NONE} for none
 * @param write whether it may add and delete documents
 * @param maxDocuments documents of a request at most; at least 1
 * @param maxConcurrent requests of this key worked on at once at most; at least 1
 */
public record ApiKey(String name, byte[] sha256, Filter filter, boolean write, int maxDocuments,
        int maxConcurrent) {

    /**
     * Checks name, hash, rights and limits, and copies the hash.
     *
     * @throws IllegalArgumentException if the name is blank, the hash is none, a limit is below 1, or a key with
     *         a filter may write: it could take away what it must not see
     */
    public ApiKey {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a key must have a name");
        }
        if (sha256.length != 32) {
            throw new IllegalArgumentException("the hash of key " + name + " must have 32 bytes, got " + sha256.length);
        }
        sha256 = sha256.clone();
        if (write && !filter.equals(Filter.NONE)) {
            throw new IllegalArgumentException("key " + name + " must not have both a filter and write: true, because "
                    + "it could replace documents that it must not see; give writers a key of their own");
        }
        if (maxDocuments < 1) {
            throw new IllegalArgumentException("max-documents of key " + name + " must be >= 1, got " + maxDocuments);
        }
        if (maxConcurrent < 1) {
            throw new IllegalArgumentException("max-concurrent of key " + name + " must be >= 1, got " + maxConcurrent);
        }
    }

    /**
     * {@return a key without limits of its own}
     *
     * @param name what logs and metrics call it; not blank
     * @param secret what clients send; only its hash is kept
     * @param write whether it may add and delete documents
     * @throws IllegalArgumentException if {@code name} is blank
     */
    public static ApiKey of(String name, String secret, boolean write) {
        return new ApiKey(name, hash(secret), Filter.NONE, write, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * {@return the SHA-256 of a secret's UTF-8 bytes; 32 bytes}
     *
     * @param secret what clients send
     */
    public static byte[] hash(String secret) {
        return hash(secret.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** {@return the hash of the secret: 32 bytes, a copy} */
    @Override
    public byte[] sha256() {
        return sha256.clone();
    }

    /** Whether a secret is this key's; takes as long for every secret of the same length. */
    boolean matches(byte[] hash) {
        return MessageDigest.isEqual(sha256, hash);
    }

    @Override
    public String toString() {
        return "ApiKey[name=" + name + "]";
    }
}
