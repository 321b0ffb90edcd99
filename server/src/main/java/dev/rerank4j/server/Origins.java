package dev.rerank4j.server;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pages of other origins from changing anything in the name of a person who looks at them. A browser asks before
 * it lets a page read an answer, but some requests it sends without asking, and this server may be open to whoever is
 * on the machine. Programs that are no browsers send none of these headers.
 *
 * @param allowed such as {@code https://shop.example}, or {@code *}
 */
record Origins(Set<String> allowed) {

    private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");

    /**
     * @throws Refusal if a browser sends it for a page of another origin
     */
    void check(ServerRequest request) {
        ServerRequestHeaders headers = request.headers();
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

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
