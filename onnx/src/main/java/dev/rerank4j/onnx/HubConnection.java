package dev.rerank4j.onnx;

import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP with a hub. It follows redirects itself, so that the token goes to the hub and nowhere else, and says in
 * words for people why a connection failed. Used by one thread.
 */
final class HubConnection implements AutoCloseable {

    private static final int REDIRECTS = 10;

    private final HubOptions options;
    private final Patience patience;
    private final ProxySelector proxies;
    private final HttpClient client;

    HubConnection(HubOptions options, Patience patience) {
        this.options = options;
        this.patience = patience;
        proxies = options.proxy().orElseGet(() -> Optional.ofNullable(ProxySelector.getDefault())
                .orElse(HttpClient.Builder.NO_PROXY));
        // One connection a file, of which the largest is all that matters: HTTP/2 would add windows to wait for.
        client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(patience.connect()).proxy(proxies).build();
    }

    /** Asks, and follows wherever that leads. */
    HubReply get(URI uri, Map<String, String> headers) throws HubTrouble, InterruptedException {
        return send("GET", uri, headers, true);
    }

    /** Asks about a file; a redirect to another host is the answer, since the hub says there what it sends us to. */
    HubReply head(URI uri) throws HubTrouble, InterruptedException {
        return send("HEAD", uri, Map.of(), false);
    }

    private HubReply send(String method, URI start, Map<String, String> headers, boolean outside)
            throws HubTrouble, InterruptedException {
        URI uri = start;
        for (int hop = 0; hop <= REDIRECTS; hop++) {
            HubReply reply = once(method, uri, headers);
            Optional<String> location = reply.status() / 100 == 3 && reply.status() != 304
                    ? reply.header("Location")
                    : Optional.empty();
            if (location.isEmpty()) {
                return reply;
            }
            URI next = next(reply, location.get());
            if (!outside && !own(next)) {
                return reply;
            }
            reply.close();
            uri = next;
        }
        throw HubTrouble.lasting(Kind.UNAVAILABLE,
                options.endpoint() + " sends from one address to the next, more than "
                        + REDIRECTS + " times: check HF_ENDPOINT and the proxy");
    }

    private static URI next(HubReply reply, String location) throws HubTrouble {
        URI next;
        try {
            next = reply.uri().resolve(new URI(location));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw HubTrouble.lasting(Kind.UNAVAILABLE, reply.place() + " sends to an address that is none");
        }
        boolean secure = "https".equalsIgnoreCase(next.getScheme());
        if (next.getHost() == null || !(secure || "http".equalsIgnoreCase(next.getScheme()))) {
            throw HubTrouble.lasting(Kind.UNAVAILABLE,
                    reply.place() + " sends to an address that is not http or https");
        }
        if ("https".equalsIgnoreCase(reply.uri().getScheme()) && !secure) {
            throw HubTrouble.lasting(Kind.UNAVAILABLE, reply.place() + " sends to " + next.getHost()
                    + " without encryption, which is not followed");
        }
        return next;
    }

    private HubReply once(String method, URI uri, Map<String, String> headers) throws HubTrouble, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience.silence())
                .method(method, HttpRequest.BodyPublishers.noBody()).header("User-Agent", "rerank4j")
                .header("Accept-Encoding", "identity");
        headers.forEach(request::header);
        if (own(uri)) {
            options.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        if (proxies instanceof ProxyFromEnvironment named) {
            Optional<String> unusable = named.unusable(uri);
            if (unusable.isPresent()) {
                throw HubTrouble.lasting(Kind.UNAVAILABLE, unusable.get() + " must name an HTTP proxy, such as"
                        + " http://proxy.example.com:3128, for " + uri.getAuthority() + " to be reached through it;"
                        + " NO_PROXY names hosts that are reached without");
            }
            named.authorization(uri).ifPresent(value -> request.header("Proxy-Authorization", value));
        }
        try {
            HttpResponse<BodyQueue> response = client.send(request.build(), head -> new BodyQueue());
            return new HubReply(uri, own(uri), response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw failed(uri, e);
        }
    }

    private boolean own(URI uri) {
        URI hub = options.endpoint();
        return hub.getScheme().equalsIgnoreCase(uri.getScheme()) && hub.getHost().equalsIgnoreCase(uri.getHost())
                && port(hub) == port(uri);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** Why there was no answer, or no more of one. */
    HubTrouble failed(URI uri, IOException e) {
        String place = uri.getAuthority() + through(uri);
        if (has(e, CertificateException.class)) {
            return HubTrouble.lasting(Kind.UNAVAILABLE, "Java does not trust the certificate of " + place
                    + ": if it is your company's, add it to a trust store (keytool -importcert -keystore FILE) and start"
                    + " Java with -Djavax.net.ssl.trustStore=FILE, for instance by JAVA_TOOL_OPTIONS", e);
        }
        if (has(e, UnresolvedAddressException.class) || has(e, UnknownHostException.class)) {
            return HubTrouble.lasting(Kind.UNAVAILABLE, "there is no host " + place
                    + ": check HF_ENDPOINT, HTTPS_PROXY and the network; with HF_HUB_OFFLINE=1 only the cache is used",
                    e);
        }
        if (has(e, SSLException.class)) {
            return HubTrouble.passing("the encrypted connection to " + place
                    + " failed: check that it is to be reached by https, and HTTPS_PROXY", e);
        }
        if (has(e, HttpTimeoutException.class)) {
            return HubTrouble.passing(place + " did not answer in time: check the network and HTTPS_PROXY", e);
        }
        if (has(e, ConnectException.class)) {
            return HubTrouble.passing(place + " cannot be reached: check HF_ENDPOINT, HTTPS_PROXY and the network", e);
        }
        return HubTrouble.passing("the connection to " + place + " was cut", e);
    }

    private String through(URI uri) {
        return proxies.select(uri).stream().filter(proxy -> proxy.type() != Proxy.Type.DIRECT)
                .map(proxy -> proxy.address() instanceof InetSocketAddress address
                        ? " (through the proxy " + address.getHostString() + ":" + address.getPort() + ")"
                        : "")
                .findFirst().orElse("");
    }

    private static boolean has(@Nullable Throwable e, Class<? extends Throwable> type) {
        for (Throwable next = e; next != null; next = next.getCause()) {
            if (type.isInstance(next)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
