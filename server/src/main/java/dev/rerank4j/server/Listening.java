package dev.rerank4j.server;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.cors.CorsFeature;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Set;

/** Sets Helidon up: limits, patience, and what it says itself about requests that it does not understand. */
final class Listening {

    private static final Duration SLACK = Duration.ofSeconds(10);

    /** How long an idle connection is kept, as other servers do. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    private static final int MAX_CONNECTIONS = 4096;
    private static final int MAX_HEADERS = 16_384;
    private static final int MAX_FIRST_LINE = 8192;

    /** How many times the largest body that is taken a body may have to be refused in the dialect's words. */
    private static final int BODIES = 4;

    private Listening() {
    }

    /**
     * Tries the address: Helidon would only log that it cannot have it.
     *
     * @throws IOException if it cannot be had
     */
    static void requireFree(ServerOptions options) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(options.host(), options.port()));
        }
    }

    static WebServer server(ServerOptions options, Routes routes, DisconnectWatch disconnects) {
        Duration longest = options.timeout().plus(SLACK);
        Duration patience = longest.compareTo(KEEP_ALIVE) < 0 ? KEEP_ALIVE : longest;
        WebServerConfig.Builder server = WebServer.builder()
                .host(options.host())
                .port(options.port())
                .shutdownHook(false)
                .shutdownGracePeriod(options.shutdownTimeout())
                .maxTcpConnections(MAX_CONNECTIONS)
                // The other kind of socket cannot tell that a client has gone away.
                .useNio(false)
                // From the first line to the answer: bounds slow headers, too.
                .idleConnectionTimeout(patience.plus(SLACK))
                .idleConnectionPeriod(SLACK)
                .connectionOptions(new PatientSockets(SocketOptions.builder().tcpNoDelay(true).build(), patience))
                // Helidon holds a chunk whole, whatever its length. What is beyond this gets its answer from here,
                // everything else from the route.
                .maxPayloadSize(BODIES * options.maxBody())
                .addProtocol(Http1Config.builder().maxHeadersSize(MAX_HEADERS).maxPrologueLength(MAX_FIRST_LINE)
                        .addReceiveListener(disconnects).build())
                .protocolsDiscoverServices(false)
                .featuresDiscoverServices(false)
                .directHandlers(refusals())
                .routing(routes::register);
        if (!options.corsOrigins().isEmpty()) {
            server.addFeature(CorsFeature.create(cors -> cors.addPath(path -> path.pathPattern("/{+}")
                    .allowOrigins(options.corsOrigins()).allowMethods(Set.of("GET", "POST", "DELETE"))
                    .allowHeaders(Set.of("*"))
                    .addExposeHeader(HeaderNames.create("X-Request-Id")).addExposeHeader(HeaderNames.RETRY_AFTER))));
        }
        return server.build();
    }

    private static DirectHandlers refusals() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, Listening::refused);
        }
        return handlers.build();
    }

    /** What never came to a route. Helidon's own words may quote what was sent. */
    private static DirectHandler.TransportResponse refused(DirectHandler.TransportRequest request,
            DirectHandler.EventType type, Status status, ServerResponseHeaders headers, String message) {
        // It fails over some first lines, and then knows nothing of them.
        Status said = status.code() == 500 && request.method().isEmpty() ? Status.BAD_REQUEST_400 : status;
        Reason reason = switch (said.code()) {
            case 404 -> Reason.NOT_FOUND;
            case 405 -> Reason.METHOD_NOT_ALLOWED;
            case 408 -> Reason.SLOW;
            case 413, 414 -> Reason.TOO_LARGE;
            case 503 -> Reason.OVERLOADED;
            case 501, 505 -> Reason.MALFORMED;
            default -> said.code() < 500 ? Reason.MALFORMED : Reason.INTERNAL;
        };
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        return DirectHandler.TransportResponse.builder().status(said).headers(headers).keepAlive(false)
                .entity(Json.bytes(ErrorDialect.NATIVE.body(reason, sentence(said)))).build();
    }

    private static String sentence(Status status) {
        return switch (status.code()) {
            case 404 -> "there is no such page or route; /openapi.json lists them";
            case 413 -> "the body is too large";
            case 414 -> "the address must have at most " + MAX_FIRST_LINE + " bytes";
            case 501 -> "the body must come as it is or chunked, not in another transfer coding";
            case 505 -> "the server speaks HTTP/1.1 alone; a proxy may have to be told so";
            case 503 -> "too many requests at once; try again later";
            default -> status.code() < 500
                    ? "the request is not HTTP/1.1 as it should be: check its first line, its headers, of at most "
                            + MAX_HEADERS + " bytes together, and its lengths"
                    : "unexpected failure";
        };
    }
}
