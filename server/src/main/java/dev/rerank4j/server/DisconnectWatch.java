package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.Headers;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the work for clients that have gone away, or that never finish what they send: their request's thread is
 * interrupted, and with it the model. The socket is watched by Helidon's own idle check, which reads ahead one byte; a
 * client that closes only its sending side counts as gone, too.
 */
final class DisconnectWatch implements Http1ConnectionListener, AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(50);

    // A listener of a connection is called by the thread that then answers the request.
    private final ThreadLocal<@Nullable HelidonSocket> socket = new ThreadLocal<>();
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rerank4j-disconnects").factory());

    DisconnectWatch() {
        clock.scheduleWithFixedDelay(() -> watched.forEach(Watched::look), PERIOD.toMillis(), PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        socket.set(context.serverSocket());
    }

    /**
     * From here on this thread, which reads a request's body, is interrupted if that takes longer than the deadline; to
     * be closed by the thread.
     */
    Watched start(Deadline deadline) {
        Watched request = new Watched(Thread.currentThread(), socket.get(), deadline);
        watched.add(request);
        return request;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** One request. */
    final class Watched implements AutoCloseable {

        private final Thread thread;
        private final @Nullable HelidonSocket connection;
        private final Deadline deadline;
        private boolean working;
        private boolean looked;
        private boolean gone;
        private boolean ended;

        private Watched(Thread thread, @Nullable HelidonSocket connection, Deadline deadline) {
            this.thread = thread;
            this.connection = connection;
            this.deadline = deadline;
        }

        /** The body is there: from here on the thread is interrupted if the client goes away. */
        synchronized void working() {
            working = true;
        }

        private synchronized void look() {
            if (ended || gone || connection == null) {
                return;
            }
            if (working && !looked) {
                looked = true;
                connection.idle(); // only now: most requests are answered before the first look, and cost nothing
            }
            if (working ? !connection.isConnected() : deadline.expired()) {
                gone = true;
                thread.interrupt();
            }
        }

        /** Whether the client has gone away, or sent too slowly. */
        synchronized boolean gone() {
            return gone;
        }

        @Override
        public synchronized void close() {
            ended = true;
            watched.remove(this);
            if (gone) {
                Thread.interrupted(); // meant for the work, which is over
            }
        }
    }
}
