package dev.rerank4j.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * Who may come in. Secrets are compared by hash, all of them whatever the first ones say, so that the time tells
 * nothing. Without any key everybody may do everything.
 */
final class Keys {

    private static final HeaderName API_KEY = HeaderNames.create("Api-Key");
    private static final HeaderName X_API_KEY = HeaderNames.create("X-Api-Key");
    private static final String BEARER = "bearer ";

    private final List<ApiKey> keys;
    private final Map<String, Semaphore> places = new HashMap<>();

    Keys(List<ApiKey> keys) {
        this.keys = List.copyOf(keys);
        Set<String> names = new HashSet<>();
        for (ApiKey key : keys) {
            if (!names.add(key.name())) {
                throw new IllegalArgumentException("names of keys must differ, got " + key.name() + " twice");
            }
            places.put(key.name(), new Semaphore(key.maxConcurrent()));
        }
    }

    /** Whether everybody may come in. */
    boolean open() {
        return keys.isEmpty();
    }

    /**
     * The key of a request; empty if none is needed.
     *
     * @throws Refusal if it has none of ours
     */
    Optional<ApiKey> of(ServerRequestHeaders headers) {
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String secret = secret(headers).orElseThrow(() -> new Refusal(Reason.UNAUTHORIZED,
                "a key is needed: send it as Authorization: Bearer KEY, or as Api-Key: KEY"));
        byte[] hash = ApiKey.hash(secret);
        ApiKey found = null;
        for (ApiKey key : keys) {
            if (key.matches(hash)) {
                found = key;
            }
        }
        if (found == null) {
            throw new Refusal(Reason.UNAUTHORIZED, "the key is not one of this server's: check it, or ask for one");
        }
        return Optional.of(found);
    }

    /** The places for requests of this key at the same time. */
    Semaphore places(ApiKey key) {
        return places.getOrDefault(key.name(), new Semaphore(0));
    }

    /** As {@code Authorization: Bearer}, raw in {@code Authorization}, or in a header of its own. */
    private static Optional<String> secret(ServerRequestHeaders headers) {
        for (HeaderName name : List.of(HeaderNames.AUTHORIZATION, API_KEY, X_API_KEY)) {
            Optional<String> value = headers.value(name).map(String::strip).filter(text -> !text.isEmpty());
            if (value.isPresent()) {
                String text = value.get();
                return Optional.of(text.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        ? text.substring(BEARER.length()).strip()
                        : text);
            }
        }
        return Optional.empty();
    }
}
