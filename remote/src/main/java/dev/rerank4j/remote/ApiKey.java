package dev.rerank4j.remote;

import java.util.Optional;

/** The key, or password, by which a service knows its caller. It is never printed. Immutable. */
public final class ApiKey {

    private static final ApiKey NONE = new ApiKey("");

    private final String secret;

    private ApiKey(String secret) {
        this.secret = secret;
    }

    /** {@return no key, for services that want none} */
    public static ApiKey none() {
        return NONE;
    }

    /**
     * {@return a key}
     *
     * @param secret printable ASCII without blanks; blanks around it are cut off, and an empty one is {@link #none()}
     * @throws IllegalArgumentException if it has another character in it; the message does not repeat it
     */
    public static ApiKey of(String secret) {
        String key = secret.strip();
        if (!key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("a key must be printable ASCII without blanks");
        }
        return key.isEmpty() ? NONE : new ApiKey(key);
    }

    /**
     * {@return the key that an environment variable holds; {@link #none()} if it is not set}
     *
     * @param variable the name of the variable, such as {@code COHERE_API_KEY}
     * @throws IllegalArgumentException if its value can be no key; the message names the variable and not the value
     */
    public static ApiKey fromEnvironment(String variable) {
        try {
            return Optional.ofNullable(System.getenv(variable)).map(ApiKey::of).orElse(NONE);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + " must be printable ASCII without blanks", e);
        }
    }

    /** {@return whether there is one} */
    public boolean isPresent() {
        return !secret.isEmpty();
    }

    String secret() {
        return secret;
    }

    /** Says whether there is one, not which. */
    @Override
    public String toString() {
        return isPresent() ? "(set)" : "(none)";
    }
}
