package dev.rerank4j.eval;

import com.google.gson.JsonParseException;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@link LanguageModel#at}. */
final class ChatClient implements LanguageModel {

    private static final Set<Integer> BUSY = Set.of(429, 503);
    private static final int RETRIES = 3;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_BYTES = 1 << 20;

    private final HttpClient client;
    private final ChatClientDialect dialect;
    private final URI endpoint;
    private final String model;
    private final String key;
    private final Duration pause;

    private ChatClient(ChatClientDialect dialect, URI endpoint, String model, String key, Duration pause) {
        // Redirects would carry key and text to an address that nobody named. HTTP/2 is not worth the upgrade header,
        // at which some servers stumble.
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER).build();
        this.dialect = dialect;
        this.endpoint = endpoint;
        this.model = model;
        this.key = key;
        this.pause = pause;
    }

    static LanguageModel at(String address, String model, String key) {
        return at(address, model, key, PAUSE);
    }

    /** @param pause before asking a busy server again, if it does not say */
    static LanguageModel at(String address, String model, String key, Duration pause) {
        URI uri;
        try {
            uri = URI.create(address.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("address of the language model must be like http://localhost:11434");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || uri.getHost() == null || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            // The address itself is not repeated: it may hold a password.
            throw new IllegalArgumentException("address of the language model must be like http://localhost:11434: "
                    + "http or https, a host, perhaps a port and a path, and nothing else; a key belongs into "
                    + KEY_VARIABLE);
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("name of the language model must not be blank");
        }
        String bearer = key.strip();
        if (!bearer.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException(KEY_VARIABLE + " must be printable ASCII without blanks");
        }
        if (!bearer.isEmpty() && scheme.equals("http") && !isThisMachine(uri.getHost())) {
            throw new IllegalArgumentException("a key goes over https only, or to this machine: use an https address, "
                    + "or unset " + KEY_VARIABLE);
        }
        ChatClientDialect dialect = ChatClientDialect.of(uri);
        return new ChatClient(dialect, dialect.endpoint(uri), model, bearer, pause);
    }

    private static boolean isThisMachine(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String name() {
        return model;
    }

    @Override
    public String answer(String instructions, String text, Deadline deadline) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(endpoint).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(dialect.request(model, instructions, text).toString()));
        if (!key.isEmpty()) {
            builder.header("Authorization", "Bearer " + key);
        }
        HttpResponse<String> response = patiently(builder.build(), deadline);
        if (response.statusCode() != 200) {
            throw refused(response.statusCode());
        }
        try {
            return dialect.answer(response.body());
        } catch (JsonParseException e) {
            throw new RerankException(Kind.MODEL,
                    "what " + endpoint + " answers is not a chat completion; give another "
                            + "address or the whole path, such as /v1/chat/completions or /api/chat",
                    e);
        }
    }

    private HttpResponse<String> patiently(HttpRequest request, Deadline deadline) {
        RetryPolicy<HttpResponse<String>> policy = RetryPolicy.<HttpResponse<String>>builder()
                .handleResultIf(response -> BUSY.contains(response.statusCode())
                        && wait(response).compareTo(deadline.remaining()) < 0)
                .handleIf(failure -> false) // nothing but a busy server gets better by waiting
                .withMaxRetries(RETRIES)
                .withDelayFn(context -> wait(context.getLastResult()))
                .build();
        try {
            return Failsafe.with(policy).get(() -> send(request, deadline));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new RerankException(Kind.UNAVAILABLE, "asking " + endpoint + " was interrupted", e);
        }
    }

    /** Retry-After in seconds; dates are rare, and a second is as good a guess. */
    private Duration wait(HttpResponse<String> response) {
        return response.headers().firstValue("Retry-After").filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value))).orElse(pause);
    }

    private HttpResponse<String> send(HttpRequest request, Deadline deadline) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request,
                response -> new ChatClientBody(MOST_BYTES));
        try {
            return answer.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RerankException(Kind.TIMEOUT, "the language model at " + endpoint
                    + " did not answer in time; a smaller model answers faster", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private RerankException failed(Throwable cause) {
        return switch (cause) {
            // java.net.http hides an unknown host in a ConnectException without a message.
            case ConnectException nobody -> nobody(nobody);
            case HttpConnectTimeoutException nobody -> nobody(nobody);
            case ChatClientBody.TooLong much -> new RerankException(Kind.MODEL, endpoint + " sent more than "
                    + MOST_BYTES + " bytes for one answer; give another --llm", much);
            default -> new RerankException(Kind.UNAVAILABLE, "the connection to " + endpoint
                    + " broke: try again, or give another --llm", cause);
        };
    }

    private RerankException nobody(Throwable cause) {
        return new RerankException(Kind.UNAVAILABLE, "no server answers at " + endpoint
                + ": start Ollama or give another --llm", cause);
    }

    /** What the server itself says of it is left out: it may repeat the text, or parts of the key. */
    private RerankException refused(int status) {
        return switch (status) {
            case 401, 403 -> new RerankException(Kind.INVALID_REQUEST, endpoint + " refuses the key: set "
                    + KEY_VARIABLE + " to one that it takes");
            case 404 -> new RerankException(Kind.INVALID_REQUEST, endpoint + " knows no model " + model
                    + ", or the path is wrong: give another --llm-model, or the whole path in --llm");
            case 429, 503 -> new RerankException(Kind.OVERLOADED, endpoint + " is busy (status " + status
                    + "): try again later");
            default -> status >= 500
                    ? new RerankException(Kind.UNAVAILABLE, endpoint + " failed (status " + status
                            + "): look into the server's log")
                    : new RerankException(Kind.INVALID_REQUEST, endpoint + " refuses the question (status " + status
                            + "): give another --llm or --llm-model");
        };
    }
}
