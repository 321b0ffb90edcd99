package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.CircuitBreakerOpenException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A service that is called over HTTP: with a deadline, retries where they may help, and a circuit breaker. Answers come
 * back as JSON; whatever else happens is a {@link RerankException} that names the service and nothing of what was sent.
 */
final class HttpService implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final String name;
    private final RemoteOptions options;
    private final Map<String, String> headers;
    private final HttpClient client;
    private final CircuitBreaker<Body> breaker;

    /**
     * What is asked.
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

        static byte[] bytes(JsonNode body) {
            try {
                return JSON.writeValueAsBytes(body);
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

    /**
     * @param name of the service, in messages
     * @param headers sent with each call, the key's included; sent to no other host, as redirects are not followed
     */
    HttpService(String name, RemoteOptions options, Map<String, String> headers) {
        this.name = name;
        this.options = options;
        this.headers = Map.copyOf(headers);
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER);
        options.proxy().ifPresent(builder::proxy);
        options.ssl().ifPresent(builder::sslContext);
        client = builder.build();
        breaker = CircuitBreaker.<Body>builder().handleIf(HttpService::isDown).withFailureThreshold(5)
                .withDelay(Duration.ofSeconds(10)).build();
    }

    /**
     * Calls the service.
     *
     * @throws RerankException as the message says
     */
    Reply send(Call call, Deadline deadline) {
        Body body = fetch(call, deadline);
        try {
            return new Reply(body.status(), body.bytes().length == 0 ? JSON.nullNode() : JSON.readTree(body.bytes()));
        } catch (IOException e) {
            // Jackson's message quotes the answer, which may repeat the texts.
            throw new RerankException(Kind.MODEL, name + " answered with something that is not JSON");
        }
    }

    /**
     * Calls the service, whatever the form of its answer.
     *
     * @throws RerankException as the message says
     */
    Body fetch(Call call, Deadline deadline) {
        RetryPolicy<Body> retry = RetryPolicy.<Body>builder()
                .handleIf(failure -> failure instanceof Refused refused && refused.passing && !deadline.expired())
                .withMaxRetries(options.retries()).withBackoff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .withJitter(0.5).build();
        try {
            return Failsafe.with(retry, breaker).get(() -> attempt(call, deadline));
        } catch (CircuitBreakerOpenException e) {
            throw new RerankException(Kind.UNAVAILABLE, name + " failed several times in a row and is not asked again "
                    + "for some seconds", e);
        } catch (FailsafeException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused.problem;
            }
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new RerankException(Kind.UNAVAILABLE, "asking " + name + " was interrupted", e);
        }
    }

    private Body attempt(Call call, Deadline deadline) throws Refused, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(Addresses.resolve(options.address(), call.path()))
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(call.body()));
        if (call.body().length > 0) {
            builder.header("Content-Type", call.type());
        }
        headers.forEach(builder::header);
        HttpResponse<byte[]> response = exchange(builder.build(), deadline);
        int status = response.statusCode();
        if (status / 100 != 2 && !call.taken().contains(status)) {
            throw new Refused(new RerankException(kind(status), name + " answered with status " + status),
                    PASSING.contains(status));
        }
        return new Body(status, response.body());
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, Deadline deadline)
            throws Refused, InterruptedException {
        Duration left = deadline.remaining();
        Duration time = left.compareTo(options.attemptTimeout()) < 0 ? left : options.attemptTimeout();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request,
                response -> new BoundedBody(options.maxAnswerBytes()));
        try {
            return answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Refused(new RerankException(Kind.TIMEOUT, name + " did not answer in time", e), true);
        } catch (ExecutionException e) {
            throw new Refused(new RerankException(Kind.UNAVAILABLE, "the connection to " + name + " broke",
                    e.getCause()), true);
        } finally {
            answer.cancel(true);
        }
    }

    private static Kind kind(int status) {
        return switch (status) {
            case 400, 413, 422 -> Kind.INVALID_REQUEST;
            case 429 -> Kind.OVERLOADED;
            default -> Kind.UNAVAILABLE;
        };
    }

    private static boolean isDown(Throwable failure) {
        return failure instanceof Refused refused && refused.passing && refused.problem.kind() != Kind.OVERLOADED;
    }

    /** Ends what runs. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    /** An attempt failed. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient RerankException problem;
        private final boolean passing;

        Refused(RerankException problem, boolean passing) {
            super(problem);
            this.problem = problem;
            this.passing = passing;
        }
    }
}
