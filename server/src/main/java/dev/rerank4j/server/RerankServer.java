package dev.rerank4j.server;

import dev.rerank4j.RerankException;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The running server. Safe for use by several threads.
 *
 * <p>It listens at once and says of itself that it lives; until the catalogue is there, it answers everything else that
 * it is not ready yet. It closes nothing of the catalogue.
 *
 * <p>Requests are answered on virtual threads, some of which compute. On few cores start Java with
 * {@code -Djdk.virtualThreadScheduler.parallelism=16}, as the command line does, or large requests keep small ones
 * waiting.
 */
public final class RerankServer implements AutoCloseable {

    /** How long after the timeout a client has to be told so, before its connection is cut. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final WebServer server;
    private final Routes routes;
    private final CompletableFuture<Catalogue> catalogue;
    private final AtomicBoolean stopping;
    private final DisconnectWatch disconnects;
    private final Meters meters;

    private RerankServer(WebServer server, Routes routes, CompletableFuture<Catalogue> catalogue,
            AtomicBoolean stopping, DisconnectWatch disconnects, Meters meters) {
        this.server = server;
        this.routes = routes;
        this.catalogue = catalogue;
        this.stopping = stopping;
        this.disconnects = disconnects;
        this.meters = meters;
    }

    /**
     * Starts a server.
     *
     * @param options where it listens, and what it takes
     * @param catalogue what it serves, once it is loaded
     * @param keys who may come in; everybody if there are none
     * @param log hears of every request
     * @return listening; {@link #isReady() ready} once the catalogue is there; to be closed by the caller
     * @throws IllegalArgumentException if two keys have the same name
     * @throws RerankException of kind {@code UNAVAILABLE} if it cannot listen there
     */
    public static RerankServer start(ServerOptions options, CompletableFuture<Catalogue> catalogue, List<ApiKey> keys,
            AccessLog log) {
        AtomicBoolean stopping = new AtomicBoolean();
        Keys doors = new Keys(keys);
        Meters meters = new Meters();
        DisconnectWatch disconnects = new DisconnectWatch(options.timeout().plus(GRACE));
        catalogue.thenAccept(meters::watch);
        Gate gate = new Gate(options, doors, disconnects, meters, log, catalogue);
        Routes routes = new Routes(gate, meters, Health.ready(catalogue, stopping::get),
                options.maxConcurrent());
        Exception failure = new IllegalStateException("it was told to start, and does not run");
        try {
            Listening.requireFree(options);
            WebServer server = Listening.server(options, routes, disconnects).start();
            if (server.port() >= 0) { // Helidon logs a failure and goes on
                return new RerankServer(server, routes, catalogue, stopping, disconnects, meters);
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        disconnects.close();
        meters.close();
        throw new RerankException(RerankException.Kind.UNAVAILABLE, "cannot listen at " + options.host() + ":"
                + options.port() + ": another program may do so already, or the address is not this machine's; "
                + "choose another --port or --host", failure);
    }

    /** {@return the port it listens at} */
    public int port() {
        return server.port();
    }

    /** What it answers, for the test that compares it with the OpenAPI document. */
    Routes routes() {
        return routes;
    }

    /** {@return whether it answers requests: everything is loaded, and it has not been told to stop} */
    public boolean isReady() {
        return catalogue.isDone() && !catalogue.isCompletedExceptionally() && !stopping.get();
    }

    /**
     * Waits until the catalogue is there.
     *
     * @throws RerankException as loading it did; {@code UNAVAILABLE} if the thread is interrupted, which it still is
     *         then
     */
    public void awaitReady() {
        try {
            catalogue.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(RerankException.Kind.UNAVAILABLE, "waiting for the models was interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /**
     * Says that it is no longer ready, listens no more, lets the requests that run come to an end within the shutdown
     * timeout, and interrupts those that do not; a second call does nothing.
     */
    @Override
    public void close() {
        if (stopping.compareAndSet(false, true)) {
            server.stop();
            disconnects.close();
            meters.close();
        }
    }
}
