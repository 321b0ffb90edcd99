package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.Refused.Health;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** The way to a service and back: one exchange, and what became of it. */
final class Connection implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Whoever waits less than this for an answer learns nothing about the service. */
    private static final Duration PATIENT = Duration.ofSeconds(1);

    /** What the JDK says when a proxy does not let through. */
    private static final Pattern TUNNEL = Pattern.compile("^Tunnel failed, got: (\\d+)");

    private final String name;
    private final RemoteOptions options;
    private final HttpClient client;

    Connection(String name, RemoteOptions options) {
        this.name = name;
        this.options = options;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER);
        proxies().ifPresent(builder::proxy);
        options.ssl().ifPresent(builder::sslContext);
        client = builder.build();
    }

    private Optional<ProxySelector> proxies() {
        return options.proxy().or(() -> Optional.ofNullable(ProxySelector.getDefault()));
    }

    /** @param answers statuses beside 2xx whose body is wanted */
    HttpResponse<byte[]> exchange(HttpRequest request, Set<Integer> answers, Deadline deadline)
            throws Refused, InterruptedException {
        Duration left = deadline.remaining();
        boolean last = left.compareTo(options.attemptTimeout()) < 0;
        Duration time = last ? left : options.attemptTimeout();
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer = client.sendAsync(request, head -> isAnswer(head.statusCode(), answers)
                    ? BoundedBody.of(options.maxAnswerBytes())
                    : BoundedBody.ignored());
        } catch (RejectedExecutionException e) { // the client had begun to send when its threads were ended
            throw Refused.lasting(Kind.UNAVAILABLE, name + " was closed while it was being asked", e);
        }
        try {
            return answer.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw Refused.passing(Kind.TIMEOUT, name + " did not answer " + (last
                    ? "before the deadline"
                    : "within "
                            + time.toMillis() + " ms"),
                    e, time.compareTo(PATIENT) < 0 ? Health.UNKNOWN : Health.DOWN);
        } catch (ExecutionException e) {
            throw broken(Optional.ofNullable(e.getCause()).orElse(e), request.uri());
        } finally {
            answer.cancel(true);
        }
    }

    static boolean isAnswer(int status, Set<Integer> answers) {
        return status / 100 == 2 || answers.contains(status);
    }

    private Refused broken(Throwable cause, URI uri) {
        if (find(cause, BoundedBody.TooLong.class)) {
            return Refused.lasting(Kind.MODEL, name + " answered with more than " + options.maxAnswerBytes()
                    + " bytes, and was stopped", cause);
        }
        if (find(cause, CertificateException.class)) {
            return Refused.lasting(Kind.UNAVAILABLE, name + " has a certificate that is not trusted here: check its "
                    + "address, or add who signed it to Java's trust store (-Djavax.net.ssl.trustStore)", cause);
        }
        if (cause instanceof SSLException) {
            return down("a secure connection to " + name + " failed" + through(uri) + ": check that its address is to "
                    + "begin with https", cause);
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            return down(name + " cannot be reached at " + uri.getAuthority() + through(uri) + ": check that it runs, "
                    + "its address and the network", cause);
        }
        Matcher refused = TUNNEL.matcher(String.valueOf(cause.getMessage()));
        if (refused.find()) {
            return down(name + " cannot be reached" + through(uri) + ", which refused with status " + refused.group(1)
                    + ": check the proxy", cause);
        }
        return down("the connection to " + name + through(uri) + " broke", cause);
    }

    private static Refused down(String message, Throwable cause) {
        return Refused.passing(Kind.UNAVAILABLE, message, cause, Health.DOWN);
    }

    private static boolean find(Throwable failure, Class<? extends Exception> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** Which proxy, where there is one: it may be what fails. */
    private String through(URI uri) {
        return proxies().stream().flatMap(selector -> selector.select(uri).stream())
                .filter(proxy -> proxy.type() != Proxy.Type.DIRECT).findFirst()
                .map(proxy -> proxy.address() instanceof InetSocketAddress address
                        ? " through the proxy " + address.getHostString() + ":" + address.getPort()
                        : " through a proxy")
                .orElse("");
    }

    /** Ends what runs. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
