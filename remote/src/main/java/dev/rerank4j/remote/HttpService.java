package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.failsafe.CircuitBreaker;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A service that is called over HTTP: with a deadline, retries where they may help, and a circuit breaker. Answers come
 * back as JSON; whatever else happens is a {@link RerankException} that names the service and nothing of what was sent.
 * The listener hears of each call once. Safe for use by several threads.
 */
final class HttpService implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private static final int FAILURES = 5;
    private static final Duration REST = Duration.ofSeconds(10);

    private final String name;
    private final RemoteOptions options;
    private final Map<String, String> headers;
    private final Refusals refusals;
    private final Retries retries;
    private final Connection connection;
    private final CircuitBreaker<Object> breaker;
    private final Semaphore turns;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * What is asked. It may be sent more than once.
     *
     * @param path after the service's address, from its slash on; escaped where it must be
     * @param type of the body
     * @param taken statuses beside 2xx that are an answer, such as 404 where something may be missing
     */
    record Call(String method, String path, String type, byte[] body, Set<Integer> taken) {

        /** A JSON object, to be answered by 2xx. */
        static Call post(String path, JsonNode body) {
            return new Call("POST", path, "application/json", bytes(body), Set.of());
        }

        /** In UTF-8, with a question mark for what is half a character: such texts exist, and are to be answered. */
        static byte[] bytes(JsonNode body) {
            try {
                return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(e); // a tree is always written
            }
        }
    }

    /** An answer. */
    record Reply(int status, JsonNode body) {
    }

    /** An answer as it came, for what is not one JSON value. */
    record Body(int status, byte[] bytes) {
    }

    /** What was read from an answer, and what it says was consumed. */
    record Read<T>(T value, Usage usage) {
    }

    /**
     * @param name of the service, in messages
     * @param headers sent with each call, the key's included; sent to no other host, as redirects are not followed
     */
    HttpService(String name, RemoteOptions options, Map<String, String> headers) {
        this(name, options, headers, Advice.GENERAL);
    }

    /** @param advice for refusals */
    HttpService(String name, RemoteOptions options, Map<String, String> headers, Advice advice) {
        this(name, options, headers, advice, REST);
    }

    /** @param rest how long it is left alone when it is down */
    HttpService(String name, RemoteOptions options, Map<String, String> headers, Advice advice, Duration rest) {
        this.name = name;
        this.options = options;
        this.headers = Map.copyOf(headers);
        refusals = new Refusals(name, options.address(), advice);
        retries = new Retries(options.retries());
        connection = new Connection(name, options);
        turns = new Semaphore(options.maxConcurrent(), true);
        breaker = CircuitBreaker.builder().withFailureThreshold(FAILURES).withDelay(rest).build();
    }

    /**
     * Calls the service; the listener hears of a call without a model, of unknown usage.
     *
     * @throws RerankException as the message says
     * @throws IllegalStateException if closed
     */
    Reply send(Call call, Deadline deadline) {
        return send("", call, deadline, reply -> new Read<>(reply, Usage.UNKNOWN));
    }

    /** As {@link #fetch(String, Call, Deadline, Function)}, for an answer that is JSON. */
    <T> T send(String model, Call call, Deadline deadline, Function<Reply, Read<T>> reader) {
        return fetch(model, call, deadline, body -> reader.apply(new Reply(body.status(), json(body.bytes()))));
    }

    /**
     * Calls the service and reads its answer, which is a part of the call.
     *
     * @param model that is asked, for the listener; empty if there is none
     * @param reader throws a {@link RerankException} if the answer is not as it must be
     * @throws RerankException as the message says
     * @throws IllegalStateException if closed
     */
    <T> T fetch(String model, Call call, Deadline deadline, Function<Body, Read<T>> reader) {
        checkOpen();
        long start = System.nanoTime();
        Attempts attempts = new Attempts();
        Usage usage = Usage.UNKNOWN;
        Optional<Kind> failure = Optional.of(Kind.INTERNAL);
        try {
            Read<T> read = reader.apply(answer(call, deadline, attempts));
            usage = read.usage();
            failure = Optional.empty();
            return read.value();
        } catch (RerankException e) {
            failure = Optional.of(e.kind());
            throw e;
        } finally {
            options.listener().onCall(new RemoteCall(name, model, attempts.count,
                    Duration.ofNanos(System.nanoTime() - start), usage, failure));
        }
    }

    private static final class Attempts {
        private int count;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private Refused closedMeanwhile() {
        return Refused.lasting(Kind.UNAVAILABLE, name + " was closed while it was being asked", null);
    }

    /** @throws IllegalStateException if closed */
    void checkOpen() {
        if (isClosed()) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    private Body answer(Call call, Deadline deadline, Attempts attempts) {
        try {
            while (true) {
                try {
                    return attempt(call, deadline, attempts);
                } catch (Refused refused) {
                    Optional<Duration> pause = retries.pause(attempts.count, refused, deadline);
                    if (pause.isEmpty() || breaker.isOpen()) {
                        throw refused.problem(attempts.count);
                    }
                    if (closed.await(pause.get().toNanos(), TimeUnit.NANOSECONDS)) {
                        throw closedMeanwhile().problem(attempts.count);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "asking " + name + " was interrupted", e);
        }
    }

    private Body attempt(Call call, Deadline deadline, Attempts attempts) throws Refused, InterruptedException {
        deadline.check("asking " + name);
        if (!turns.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            throw Refused.lasting(Kind.TIMEOUT, name + " was not asked before the deadline: " + options.maxConcurrent()
                    + " calls are running already", null);
        }
        try {
            if (isClosed()) {
                throw closedMeanwhile();
            }
            if (!breaker.tryAcquirePermit()) {
                throw Refused.lasting(Kind.UNAVAILABLE, name + " failed " + FAILURES + " times in a row and is left "
                        + "alone: it is asked again in a few seconds", null);
            }
            attempts.count++;
            return guarded(call, deadline);
        } finally {
            turns.release();
        }
    }

    /** With a permit of the circuit breaker, which is to learn of the end. */
    private Body guarded(Call call, Deadline deadline) throws Refused, InterruptedException {
        Refused.Health health = Refused.Health.UNKNOWN;
        try {
            Body body = exchange(call, deadline);
            health = Refused.Health.UP;
            return body;
        } catch (Refused refused) {
            health = refused.health();
            throw isClosed() ? closedMeanwhile() : refused;
        } finally {
            switch (health) {
                case UP -> breaker.recordSuccess();
                case DOWN -> breaker.recordFailure();
                case UNKNOWN -> {
                    if (breaker.isHalfOpen()) {
                        breaker.recordFailure(); // the one attempt that was to tell told nothing
                    }
                }
            }
        }
    }

    private Body exchange(Call call, Deadline deadline) throws Refused, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(Addresses.resolve(options.address(), call.path()))
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
        if (call.body().length > 0) {
            builder.header("Content-Type", call.type());
        }
        headers.forEach(builder::header);
        HttpResponse<byte[]> response = connection.exchange(builder.build(), call.taken(), deadline);
        int status = response.statusCode();
        if (!Connection.isAnswer(status, call.taken())) {
            throw refusals.of(status, response.headers());
        }
        return new Body(status, response.body());
    }

    private JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? JSON.nullNode() : JSON.readTree(body);
        } catch (IOException e) {
            // Jackson's message quotes the answer, which may repeat the texts.
            throw new RerankException(Kind.MODEL, name + " answered with " + (isMarkup(body) ? "a page" : "something")
                    + " that is not JSON: check that its address is that of its API");
        }
    }

    private static boolean isMarkup(byte[] body) {
        return new String(body, 0, Math.min(body.length, 100), StandardCharsets.UTF_8).stripLeading().startsWith("<");
    }

    /** Ends what runs, which fails with {@code UNAVAILABLE}. */
    @Override
    public void close() {
        closed.countDown();
        connection.close();
    }
}
