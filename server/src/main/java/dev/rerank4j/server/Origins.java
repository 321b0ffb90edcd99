package dev.rerank4j.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps pages of other origins from changing anything in the name of a person who looks at them. A browser asks before
 * it lets a page read an answer, but some requests it sends without asking, and this server may be open to whoever is
 * on the machine. Programs that are no browsers send none of these headers.
 *
 * @param allowed such as {@code https://shop.example}, or {@code *}
 * @param local whether the server is there for this machine alone, and asks for no key
 */
record Origins(Set<String> allowed, boolean local) {

    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    /** What nobody can register on the Internet: a container calls its host {@code host.docker.internal}. */
    private static final Pattern PRIVATE = Pattern.compile("[a-zA-Z0-9.-]+\\.(localhost|internal|local)");

    private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");

    /**
     * @throws Refusal if a browser sends it for a page of another origin
     */
    void check(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
        if (local) {
            requireOwnName(headers.value(HeaderNames.HOST).orElse(""), request.localPeer().port());
        }
        Optional<String> origin = headers.value(HeaderNames.ORIGIN);
        if (request.prologue().method().equals(Method.GET) || allowed.contains("*")
                || origin.map(allowed::contains).orElse(false)) {
            return;
        }
        // The browser's own word is better than the names, which a proxy in between may have changed.
        boolean foreign = headers.value(SITE).map(site -> !site.equals("same-origin") && !site.equals("none"))
                .orElseGet(() -> origin.isPresent() && !origin.map(Origins::authority)
                        .equals(headers.value(HeaderNames.HOST)));
        if (foreign) {
            throw new Refusal(Reason.FORBIDDEN, "pages of other origins may not call this server, unless its setting "
                    + "cors names them");
        }
    }

    /**
     * A page of somebody else's may have its own name lead here (DNS rebinding), and to the browser both are then one
     * origin. Such a name comes with the port of this server; a proxy's comes without.
     *
     * @throws Refusal if it is such a name
     */
    private static void requireOwnName(String host, int port) {
        int colon = host.lastIndexOf(':');
        if (colon > 0 && host.substring(colon + 1).equals(String.valueOf(port))
                && !isLoopback(host.substring(0, colon)) && !PRIVATE.matcher(host.substring(0, colon)).matches()) {
            throw new Refusal(Reason.FORBIDDEN, "this server is there for its own machine, as localhost or 127.0.0.1: "
                    + "call it so, or start it with a key");
        }
    }

    /** Whether a name, or an address as it is or in brackets, is this machine's for itself. */
    static boolean isLoopback(String host) {
        String name = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return name.equalsIgnoreCase("localhost") || name.equals("::1") || LOOPBACK.matcher(name).matches();
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
