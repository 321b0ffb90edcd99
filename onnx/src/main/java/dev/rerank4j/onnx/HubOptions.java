package dev.rerank4j.onnx;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a hub is, and where its models are kept.
 *
 * @param endpoint the hub's address, without a slash at the end
 * @param token sent to the endpoint alone, never to where it redirects; never printed
 * @param cache the folder that holds {@code models--OWNER--NAME}, as Python's {@code huggingface_hub} lays it out
 * @param offline whether only what is in the cache may be used
 */
public record HubOptions(URI endpoint, Optional<String> token, Path cache, boolean offline) {

    /** Holds the components as they are. */
    public HubOptions {
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(cache, "cache");
    }

    /**
     * What the environment says, by the variables of Python's {@code huggingface_hub}: {@code HF_ENDPOINT}, {@code
     * HF_TOKEN}, {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME}, {@code HF_HUB_OFFLINE}.
     *
     * @param environment such as {@link System#getenv()}
     * @return the hub and the cache
     * @throws IllegalArgumentException if a value cannot be used
     */
    public static HubOptions from(Map<String, String> environment) {
        throw new UnsupportedOperationException("hub");
    }
}
