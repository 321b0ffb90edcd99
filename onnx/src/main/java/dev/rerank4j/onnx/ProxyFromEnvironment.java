package dev.rerank4j.onnx;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} name, in capitals or
 * not, as curl and Python take them. Immutable.
 */
final class ProxyFromEnvironment extends ProxySelector {

    private final Map<String, URI> proxies;
    private final List<String> without;

    private ProxyFromEnvironment(Map<String, URI> proxies, List<String> without) {
        this.proxies = Map.copyOf(proxies);
        this.without = List.copyOf(without);
    }

    /**
     * {@return what the variables say; empty if they name no proxy}
     *
     * @throws IllegalArgumentException if one of them names none that can be used
     */
    static Optional<ProxyFromEnvironment> of(Map<String, String> environment) {
        Map<String, URI> proxies = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            for (String name : List.of(scheme + "_proxy", "all_proxy")) {
                for (String variable : List.of(name, name.toUpperCase(Locale.ROOT))) {
                    String value = environment.getOrDefault(variable, "").strip();
                    if (!value.isEmpty()) {
                        proxies.putIfAbsent(scheme, proxy(variable, value));
                    }
                }
            }
        }
        if (proxies.isEmpty()) {
            return Optional.empty();
        }
        String without = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        return Optional.of(new ProxyFromEnvironment(proxies, Arrays.stream(without.split("[,\\s]+"))
                .map(host -> host.toLowerCase(Locale.ROOT)).filter(host -> !host.isEmpty()).toList()));
    }

    private static URI proxy(String variable, String value) {
        try {
            URI uri = URI.create(value.contains("://") ? value : "http://" + value);
            if ("http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // its message would show a password
        }
        throw new IllegalArgumentException(
                variable + " must name an HTTP proxy, such as http://proxy.example.com:3128");
    }

    private Optional<URI> proxy(URI uri) {
        return Optional.ofNullable(proxies.get(uri.getScheme().toLowerCase(Locale.ROOT)))
                .filter(proxy -> without.stream().noneMatch(host -> matches(host, uri)));
    }

    /** {@code *}, a host and what is below it (with or without a dot in front), or a host and its port. */
    private static boolean matches(String pattern, URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        String name = pattern.replaceFirst("^\\*?\\.", "");
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return pattern.equals("*") || host.equals(name) || host.endsWith("." + name) || (host + ":" + port).equals(name)
                || (host + ":" + port).endsWith("." + name);
    }

    @Override
    public List<Proxy> select(@Nullable URI uri) {
        if (uri == null) {
            throw new IllegalArgumentException("uri must not be null");
        }
        return List.of(proxy(uri).map(proxy -> new Proxy(Proxy.Type.HTTP,
                new InetSocketAddress(proxy.getHost(), proxy.getPort() >= 0 ? proxy.getPort() : 80)))
                .orElse(Proxy.NO_PROXY));
    }

    /** What the proxy for an address is to be told about who we are. */
    Optional<String> authorization(URI uri) {
        return proxy(uri).map(URI::getRawUserInfo).map(user -> "Basic " + Base64.getEncoder().encodeToString(
                URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void connectFailed(@Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException e) {
        // who asked hears of it
    }

    /** Without names and passwords. */
    @Override
    public String toString() {
        return "proxies from the environment";
    }
}
