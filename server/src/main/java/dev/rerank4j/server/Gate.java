package dev.rerank4j.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
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
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");
    private static final int GONE = 499;
    private static final Catalogue NOTHING = new Catalogue(List.of(), Optional.empty(), List.of());

    private final ServerOptions options;
    private final Origins origins;
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
        origins = new Origins(options.corsOrigins(), keys.open() && Origins.isLoopback(options.host()));
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

    /** A route for those with a key that needs no place, so that it answers when there is none: of constant cost. */
    Handler keyed(String route, Action action) {
        return (request, response) -> new Passage(route, action, request, response).keyed();
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
        private final DisconnectWatch.Watched client = disconnects.start();
        private Optional<ApiKey> key = Optional.empty();
        private Optional<Exchange> exchange = Optional.empty();
        private BodyReader.Body body = BodyReader.NOTHING;
        private boolean answered;
        private boolean closing;
        private boolean broken;

        Passage(String route, Action action, ServerRequest request, ServerResponse response) {
            this.route = route;
            this.action = action;
            this.request = request;
            this.response = response;
            id = request.headers().value(REQUEST_ID).filter(given -> ID.matcher(given).matches())
                    .orElseGet(() -> UUID.randomUUID().toString());
        }

        void free() {
            answer(() -> action.answer(bare()));
        }

        void keyed() {
            answer(() -> {
                letIn();
                return action.answer(bare());
            });
        }

        void through() {
            answer(() -> {
                letIn();
                return placed(places, () -> key.isPresent()
                        ? placed(keys.places(key.get()), this::admitted)
                        : admitted());
            });
        }

        private void letIn() {
            origins.check(request);
            key = keys.of(request.headers());
        }

        /** Of a route that looks at nothing. */
        private Exchange bare() {
            return new Exchange(id, request, JsonNodeFactory.instance.objectNode(), key, Deadline.none(),
                    options.maxDocuments(), NOTHING);
        }

        private void answer(Supplier<Reply> work) {
            try (client) {
                try {
                    send(work.get());
                } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                    if (answered || client.gone() || e instanceof CloseConnectionException) {
                        throw gone(e);
                    }
                    send(refused(e));
                } finally {
                    body.close(); // not before: while the client takes its answer, that needs memory, too
                }
                takeRest();
                if (closing || !client.connected()) {
                    throw new CloseConnectionException("nothing follows");
                }
            }
        }

        private RuntimeException gone(Throwable cause) {
            if (!answered) {
                answered = true;
                record(GONE, 0);
            }
            return new CloseConnectionException("the client has gone away, or is too slow", cause);
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
            Deadline deadline = Deadline.in(RequestTimeout.of(request.headers(), options.timeout()));
            Catalogue served = served();
            body = bodies.read(request, Deadline.in(options.timeout()));
            if (action.interruptible()) {
                client.working();
            } else {
                client.undisturbed();
            }
            ObjectNode object = request.prologue().method().equals(Method.POST)
                    ? Json.object(body.bytes())
                    : JsonNodeFactory.instance.objectNode();
            int most = Math.min(options.maxDocuments(), key.map(ApiKey::maxDocuments).orElse(Integer.MAX_VALUE));
            Exchange entered = new Exchange(id, request, object, key, deadline, most, served);
            exchange = Optional.of(entered);
            return action.answer(entered);
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
                case Refusal refusal -> {
                    broken = refusal.last();
                    yield errors().reply(refusal.reason(), refusal.sentence());
                }
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
            client.answering();
            response.status(Status.create(reply.status()));
            response.header(REQUEST_ID, id);
            response.header(HeaderNames.CONTENT_TYPE, reply.type());
            reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
            closing = broken || reply.closing() || unread() && awaitsGoAhead()
                    || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
            if (closing) {
                response.header(HeaderValues.CONNECTION_CLOSE);
            }
            try {
                if (request.prologue().method().equals(Method.HEAD)) {
                    response.send();
                } else {
                    response.send(reply.body());
                }
            } catch (RuntimeException e) {
                throw gone(e);
            }
            answered = true;
            record(reply.status(), reply.body().length);
        }

        private boolean unread() {
            return request.content().hasEntity() && !request.content().consumed();
        }

        /** Then nobody knows whether the body still comes. */
        private boolean awaitsGoAhead() {
            return request.headers().contains(HeaderValues.EXPECT_100);
        }

        /**
         * Takes what is still on its way off the wire: a client that sends all before it reads would never see the
         * answer, and the next request begins behind it.
         */
        private void takeRest() {
            if (unread() && !broken && !awaitsGoAhead()) {
                try {
                    request.content().consume();
                } catch (RuntimeException e) {
                    throw gone(e);
                }
            }
        }

        private void record(int status, long bytes) {
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            meters.request(route, status, time);
            log.answered(new AccessLog.Entry(id, key.map(ApiKey::name).orElse("-"), request.prologue().method().text(),
                    route, status, time, bytes));
        }
    }
}
