package dev.rerank4j.onnx;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
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

    /**
     * A proxy.
     *
     * @param variable that names it
     * @param address empty if it is none that can be used
     */
    private record Named(String variable, Optional<URI> address) {
    }

    /** By the scheme of what goes through it. */
    private final Map<String, Named> proxies;
    private final List<String> without;

    private ProxyFromEnvironment(Map<String, Named> proxies, List<String> without) {
        this.proxies = Map.copyOf(proxies);
        this.without = List.copyOf(without);
    }

    /** {@return what the variables say; empty if they name no proxy} */
    static Optional<ProxyFromEnvironment> of(Map<String, String> environment) {
        Map<String, Named> proxies = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            for (String name : List.of(scheme + "_proxy", "all_proxy")) {
                for (String variable : List.of(name, name.toUpperCase(Locale.ROOT))) {
                    String value = environment.getOrDefault(variable, "").strip();
                    if (!value.isEmpty()) {
                        proxies.putIfAbsent(scheme, new Named(variable, address(value)));
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

    private static Optional<URI> address(String value) {
        try {
            return Optional.of(new URI(value.contains("://") ? value : "http://" + value))
                    .filter(uri -> "http".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private Optional<Named> named(URI uri) {
        return Optional.ofNullable(proxies.get(uri.getScheme().toLowerCase(Locale.ROOT)))
                .filter(proxy -> without.stream().noneMatch(host -> matches(host, uri)));
    }

    private Optional<URI> proxy(URI uri) {
        return named(uri).flatMap(Named::address);
    }

    /**
     * Which variable names a proxy for an address that cannot be used. Said when it is needed: what is in the cache can
     * be read without.
     */
    Optional<String> unusable(URI uri) {
        return named(uri).filter(proxy -> proxy.address().isEmpty()).map(Named::variable);
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
