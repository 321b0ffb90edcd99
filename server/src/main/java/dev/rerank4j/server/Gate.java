package dev.rerank4j.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What every request passes: key, places, deadline, body, and, whatever became of it, an answer in the dialect's words,
 * a line of the log and a count.
 */
final class Gate {

    private static final System.Logger LOG = System.getLogger(Gate.class.getName());

    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName TIMEOUT = HeaderNames.create("X-Request-Timeout-Ms");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");
    private static final int GONE = 499;
    private static final Catalogue NOTHING = new Catalogue(List.of(), Optional.empty(), List.of());

    private final ServerOptions options;
    private final Keys keys;
    private final BodyReader bodies;
    private final DisconnectWatch disconnects;
    private final Meters meters;
    private final AccessLog log;
    private final CompletableFuture<Catalogue> catalogue;
    private final Semaphore places;

    Gate(ServerOptions options, Keys keys, DisconnectWatch disconnects, Meters meters, AccessLog log,
            CompletableFuture<Catalogue> catalogue) {
        this.options = options;
        this.keys = keys;
        this.disconnects = disconnects;
        this.meters = meters;
        this.log = log;
        this.catalogue = catalogue;
        bodies = new BodyReader(options.maxBody());
        places = new Semaphore(options.maxConcurrent());
    }

    /** A route behind the gate. */
    Handler route(String route, Action action) {
        return (request, response) -> new Passage(route, action, request, response).through();
    }

    /** A route for everybody, without key and place: of constant cost. */
    Handler open(String route, Action action) {
        return (request, response) -> new Passage(route, action, request, response).free();
    }

    /** One request on its way. */
    private final class Passage {

        private final String route;
        private final Action action;
        private final ServerRequest request;
        private final ServerResponse response;
        private final long start = System.nanoTime();
        private final String id;
        private Optional<ApiKey> key = Optional.empty();
        private Optional<Exchange> exchange = Optional.empty();

        Passage(String route, Action action, ServerRequest request, ServerResponse response) {
            this.route = route;
            this.action = action;
            this.request = request;
            this.response = response;
            id = request.headers().value(REQUEST_ID).filter(given -> ID.matcher(given).matches())
                    .orElseGet(() -> UUID.randomUUID().toString());
        }

        void free() {
            Reply reply;
            try {
                reply = action.answer(new Exchange(id, request, JsonNodeFactory.instance.objectNode(), Optional.empty(),
                        Deadline.none(), options.maxDocuments(), catalogue.getNow(NOTHING)));
            } catch (RuntimeException e) {
                reply = refused(e);
            }
            send(reply);
        }

        void through() {
            Reply reply;
            try {
                key = keys.of(request.headers());
                reply = placed(places, () -> key.isPresent()
                        ? placed(keys.places(key.get()), this::admitted)
                        : admitted());
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                reply = refused(e);
            }
            send(reply);
        }

        private Reply placed(Semaphore semaphore, Supplier<Reply> work) {
            if (!semaphore.tryAcquire()) {
                throw new Refusal(Reason.OVERLOADED, "too many requests at once; try again later");
            }
            try {
                return work.get();
            } finally {
                semaphore.release();
            }
        }

        private Reply admitted() {
            Deadline deadline = Deadline.in(timeout(request.headers()));
            Catalogue served = served();
            DisconnectWatch.Watched client = disconnects.start(deadline);
            try (client; BodyReader.Body body = bodies.read(request, deadline)) {
                if (action.interruptible()) {
                    client.working();
                } else {
                    client.close();
                }
                ObjectNode object = request.prologue().method().equals(Method.POST)
                        ? Json.object(body.bytes())
                        : JsonNodeFactory.instance.objectNode();
                int most = Math.min(options.maxDocuments(), key.map(ApiKey::maxDocuments).orElse(Integer.MAX_VALUE));
                Exchange entered = new Exchange(id, request, object, key, deadline, most, served);
                exchange = Optional.of(entered);
                return action.answer(entered);
            } catch (RuntimeException e) {
                if (client.gone()) {
                    record(GONE, 0);
                    throw new CloseConnectionException("the client has gone away, or sent too slowly");
                }
                throw e;
            }
        }

        private Catalogue served() {
            if (!catalogue.isDone()) {
                throw new Refusal(Reason.UNAVAILABLE, "the models are still being loaded; try again in a moment");
            }
            if (catalogue.isCompletedExceptionally()) {
                throw new Refusal(Reason.UNAVAILABLE, "the models could not be loaded; the server's log says why");
            }
            return catalogue.join();
        }

        private Reply refused(Throwable error) {
            return switch (error) {
                case CloseConnectionException gone -> throw gone;
                case Refusal refusal -> errors().reply(refusal.reason(), refusal.sentence());
                case RerankException failure -> {
                    Reason reason = Reason.of(failure.kind());
                    if (reason == Reason.INTERNAL || reason == Reason.MODEL) {
                        unexpected(failure);
                    }
                    yield errors().reply(reason, String.valueOf(failure.getMessage()));
                }
                case OutOfMemoryError full -> errors().reply(Reason.OVERLOADED,
                        "not enough memory for this request; send fewer documents at once, or try again later");
                default -> {
                    unexpected(error);
                    yield errors().reply(Reason.INTERNAL, "unexpected failure; the server's log has more about request "
                            + id);
                }
            };
        }

        /** Where it happened, but not the message: it may hold what the client sent. */
        private void unexpected(Throwable error) {
            Throwable bare = new IllegalStateException(error.getClass().getName());
            bare.setStackTrace(error.getStackTrace());
            LOG.log(System.Logger.Level.ERROR, "request " + id + " failed unexpectedly", bare);
        }

        private ErrorDialect errors() {
            return exchange.map(action::errors).orElseGet(() -> action.errors(request.headers()));
        }

        private void send(Reply reply) {
            response.status(Status.create(reply.status()));
            response.header(REQUEST_ID, id);
            response.header(HeaderNames.CONTENT_TYPE, reply.type());
            reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
            response.send(reply.body());
            record(reply.status(), reply.body().length);
        }

        private void record(int status, long bytes) {
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            meters.request(route, status, time);
            log.answered(new AccessLog.Entry(id, key.map(ApiKey::name).orElse("-"), request.prologue().method().text(),
                    route, status, time, bytes));
        }
    }

    /** What the client asks for, but not more than there is. */
    private Duration timeout(ServerRequestHeaders headers) {
        Optional<String> wish = headers.value(TIMEOUT);
        if (wish.isEmpty()) {
            return options.timeout();
        }
        try {
            long millis = Long.parseLong(wish.get().strip());
            if (millis >= 1) {
                return millis < options.timeout().toMillis() ? Duration.ofMillis(millis) : options.timeout();
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw Refusal.invalid("X-Request-Timeout-Ms must be a whole number of milliseconds >= 1");
    }
}
