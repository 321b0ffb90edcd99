package dev.rerank4j.server;

import dev.rerank4j.Deadline;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
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
 * Ends what clients keep waiting: the work for those that have gone away, and the connections of those that never
 * finish what they send, or never take their answer. The request's thread is interrupted, and with it the model or the
 * socket. Whether a client is there is watched by Helidon's own idle check, which reads ahead one byte; a client that
 * closes only its sending side counts as gone, too.
 */
final class DisconnectWatch implements Http1ConnectionListener, AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(50);

    // A listener of a connection is called by the thread that then answers the request.
    private final ThreadLocal<@Nullable Watched> heads = new ThreadLocal<>();
    private final ThreadLocal<@Nullable HelidonSocket> socket = new ThreadLocal<>();
    private final Duration patience;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rerank4j-disconnects").factory());

    /**
     * @param patience how long sending a request's headers, its body, and taking the answer may take, each
     */
    DisconnectWatch(Duration patience) {
        this.patience = patience;
        clock.scheduleWithFixedDelay(() -> watched.forEach(Watched::look), PERIOD.toMillis(), PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The first line is there. Helidon itself would wait for the headers as long as a byte comes now and then. */
    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
        socket.set(context.serverSocket());
        heads.set(start());
    }

    @Override
    public void headers(ConnectionContext context, Headers headers) {
        Watched head = heads.get();
        if (head != null) {
            head.close();
        }
    }

    /** From here on this thread is interrupted if the client is too slow; to be closed by the thread. */
    Watched start() {
        Watched request = new Watched(Thread.currentThread(), socket.get());
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
        private Deadline deadline = Deadline.in(patience);
        private boolean working;
        private boolean looked;
        private boolean gone;
        private boolean ended;

        private Watched(Thread thread, @Nullable HelidonSocket connection) {
            this.thread = thread;
            this.connection = connection;
        }

        /** The body is there: until it is answered, the thread is interrupted if the client goes away. */
        synchronized void working() {
            working = true;
        }

        /** The body is there, and what is done with it must not be broken off. */
        synchronized void undisturbed() {
            working = false;
            deadline = Deadline.none();
        }

        /** The answer is there: from here on the client has to take it. */
        synchronized void answering() {
            working = false;
            deadline = Deadline.in(patience);
        }

        private synchronized void look() {
            if (ended || connection == null) {
                return;
            }
            if (working && !looked) {
                looked = true;
                connection.idle(); // only now: most requests are answered before the first look, and cost nothing
            }
            if (working ? !connection.isConnected() : deadline.expired()) {
                gone = true;
                ended = true;
                watched.remove(this);
                thread.interrupt();
            }
        }

        /** Whether the client has gone away, or was too slow. */
        synchronized boolean gone() {
            return gone;
        }

        /** Whether it is there, as far as anybody has looked. */
        synchronized boolean connected() {
            return connection == null || connection.isConnected();
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
