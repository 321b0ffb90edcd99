package dev.rerank4j.onnx;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a hub is, and where its models are kept.
 *
 * @param endpoint the hub's address, {@code http} or {@code https}, without a slash at the end
 * @param token sent to the endpoint alone, never to where it redirects; never printed
 * @param cache the folder that holds {@code models--OWNER--NAME}, as Python's {@code huggingface_hub} lays it out
 * @param offline whether only what is in the cache may be used
 * @param proxy which proxy a request goes through; if empty, Java's own ({@code -Dhttps.proxyHost})
 */
public record HubOptions(URI endpoint, Optional<String> token, Path cache, boolean offline,
        Optional<ProxySelector> proxy) {

    private static final String HUGGING_FACE = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)\\})");

    /**
     * Checks the address and the token.
     *
     * @throws IllegalArgumentException if {@code endpoint} is no address of a web server, or {@code token} has characters
     *         that no token has
     */
    public HubOptions {
        Objects.requireNonNull(token, "token");
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(proxy, "proxy");
        if (!("http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme()))
                || endpoint.getHost() == null || endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null
                || endpoint.getRawFragment() != null || endpoint.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("endpoint must be an http or https address without a name, a query and a"
                    + " slash at the end, such as " + HUGGING_FACE);
        }
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw new IllegalArgumentException("token must be one word of ASCII characters");
        }
    }

    /**
     * A hub that is reached as Java's own settings say.
     *
     * @param endpoint the hub's address, {@code http} or {@code https}, without a slash at the end
     * @param token sent to the endpoint alone
     * @param cache the folder that holds {@code models--OWNER--NAME}
     * @param offline whether only what is in the cache may be used
     * @throws IllegalArgumentException if {@code endpoint} is no address of a web server, or {@code token} has characters
     *         that no token has
     */
    public HubOptions(URI endpoint, Optional<String> token, Path cache, boolean offline) {
        this(endpoint, token, cache, offline, Optional.empty());
    }

    /**
     * What the environment says, by the variables of Python's {@code huggingface_hub}, empty ones being as good as none:
     *
     * <ul>
     * <li>{@code HF_ENDPOINT}: the hub's address, else {@code https://huggingface.co};
     * <li>{@code HF_TOKEN} or {@code HUGGING_FACE_HUB_TOKEN}; else what is in the file {@code HF_TOKEN_PATH}, else in
     * {@code $HF_HOME/token}, where {@code hf auth login} writes it, unless {@code HF_HUB_DISABLE_IMPLICIT_TOKEN} is
     * set;
     * <li>{@code HF_HUB_CACHE} or {@code HUGGINGFACE_HUB_CACHE}: the cache, else {@code $HF_HOME/hub};
     * <li>{@code HF_HOME}: else {@code $XDG_CACHE_HOME/huggingface}, else {@code ~/.cache/huggingface};
     * <li>{@code HF_HUB_OFFLINE} or {@code TRANSFORMERS_OFFLINE}: {@code 1}, {@code on}, {@code yes} or {@code true};
     * <li>{@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY}, in capitals or not.
     * </ul>
     *
     * @param environment such as {@link System#getenv()}
     * @return the hub and the cache
     * @throws IllegalArgumentException if a value cannot be used; the message names the variable, and not its value
     */
    public static HubOptions from(Map<String, String> environment) {
        Path home = path(environment, "HF_HOME").orElseGet(() -> path(environment, "XDG_CACHE_HOME")
                .orElseGet(() -> expanded(environment, "~/.cache")).resolve("huggingface"));
        Path cache = path(environment, "HF_HUB_CACHE").or(() -> path(environment, "HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> home.resolve("hub"));
        boolean offline = isTrue(value(environment, "HF_HUB_OFFLINE")
                .or(() -> value(environment, "TRANSFORMERS_OFFLINE")));
        return new HubOptions(endpoint(environment), token(environment, home), cache.toAbsolutePath().normalize(),
                offline, ProxyFromEnvironment.of(environment).map(proxy -> proxy));
    }

    private static URI endpoint(Map<String, String> environment) {
        String text = value(environment, "HF_ENDPOINT").orElse(HUGGING_FACE).replaceFirst("/+$", "");
        try {
            URI endpoint = URI.create(text);
            new HubOptions(endpoint, Optional.empty(), Path.of(""), false);
            return endpoint;
        } catch (IllegalArgumentException e) {
            // without its cause: an address may hold a password
            throw new IllegalArgumentException("HF_ENDPOINT must be an http or https address, such as " + HUGGING_FACE);
        }
    }

    private static Optional<String> token(Map<String, String> environment, Path home) {
        Optional<String> named = value(environment, "HF_TOKEN").or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"));
        String source = "HF_TOKEN";
        if (named.isEmpty() && !isTrue(value(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
            Path file = path(environment, "HF_TOKEN_PATH").orElse(home.resolve("token"));
            source = file.toString();
            try {
                named = Files.size(file) > 10_000 ? Optional.empty() : Optional.of(Files.readString(file).strip());
            } catch (IOException e) {
                named = Optional.empty(); // nobody is logged in
            }
        }
        Optional<String> token = named.map(String::strip).filter(text -> !text.isEmpty());
        if (token.isPresent() && !token.get().matches("[!-~]+")) {
            throw new IllegalArgumentException("the token in " + source + " must be one word of ASCII characters");
        }
        return token;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static boolean isTrue(Optional<String> value) {
        return value.filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT))).isPresent();
    }

    private static Optional<Path> path(Map<String, String> environment, String name) {
        return value(environment, name).map(text -> {
            try {
                return expanded(environment, text);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(name + " must be a path", e);
            }
        });
    }

    /** As a shell would write {@code ~} and {@code $VARIABLE} out. */
    private static Path expanded(Map<String, String> environment, String text) {
        String home = value(environment, "HOME").orElseGet(() -> System.getProperty("user.home"));
        String full = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
        return Path.of(VARIABLE.matcher(full).replaceAll(found -> Matcher.quoteReplacement(environment.getOrDefault(
                found.group(1) != null ? found.group(1) : found.group(2), found.group()))));
    }

    /** {@return all but the token: only whether there is one} */
    @Override
    public String toString() {
        return "HubOptions[endpoint=" + endpoint + ", token=" + (token.isPresent() ? "set" : "none") + ", cache="
                + cache
                + ", offline=" + offline + ", proxy=" + proxy.map(Object::toString).orElse("Java's") + "]";
    }
}
