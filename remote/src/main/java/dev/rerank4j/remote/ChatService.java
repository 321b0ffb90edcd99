package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A language model at its address. Safe for use by several threads. */
final class ChatService implements AutoCloseable {

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final LanguageModelOptions model;
    private final HttpService http;
    private final Semaphore places;
    private volatile boolean closed;

    ChatService(LanguageModelOptions model) {
        this.model = model;
        RemoteOptions remote = model.remote();
        http = new HttpService(model.api().service(), new RemoteOptions(host(remote.address()), remote.key(),
                remote.plaintextKey(), remote.attemptTimeout(), remote.retries(), remote.maxAnswerBytes(),
                remote.maxConcurrent(), remote.proxy(), remote.ssl(), remote.listener()),
                remote.key().isPresent() ? Map.of("Authorization", "Bearer " + remote.key().secret()) : Map.of());
        places = new Semaphore(remote.maxConcurrent());
    }

    /** Without its path, part of which may be missing: what is asked decides of it. */
    private static URI host(URI address) {
        return URI.create(address.getScheme() + "://" + address.getRawAuthority());
    }

    LanguageModelOptions model() {
        return model;
    }

    /**
     * Asks, as soon as there is a place among those that ask at the same time.
     *
     * @throws RerankException as {@link HttpService}, and of kind {@code MODEL} if it is no answer
     * @throws IllegalStateException if closed
     */
    ChatAnswer ask(ChatRequest request, Deadline deadline) {
        if (closed) {
            throw new IllegalStateException("language model is closed");
        }
        try {
            if (!places.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new RerankException(Kind.TIMEOUT, "there was no place to ask " + model.api().service()
                        + " before the deadline");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "asking " + model.api().service() + " was interrupted", e);
        }
        try {
            return timed(request, deadline);
        } finally {
            places.release();
        }
    }

    private ChatAnswer timed(ChatRequest request, Deadline deadline) {
        long start = System.nanoTime();
        try {
            ChatAnswer answer = exchange(request, deadline);
            report(start, answer.usage(), Optional.empty());
            return answer;
        } catch (RerankException e) {
            report(start, Usage.UNKNOWN, Optional.of(e.kind()));
            throw e;
        }
    }

    private void report(long start, Usage usage, Optional<Kind> failure) {
        model.remote().listener().onCall(new RemoteCall(model.api().service(), model.model(), 1,
                Duration.ofNanos(System.nanoTime() - start), usage, failure));
    }

    private ChatAnswer exchange(ChatRequest request, Deadline deadline) {
        ChatApi api = model.api();
        HttpService.Call call = new HttpService.Call("POST", api.path(model.remote().address(), request),
                "application/json", HttpService.Call.bytes(api.body(model.model(), request)),
                Set.of(BAD_REQUEST, NOT_FOUND));
        HttpService.Body body = http.fetch(call, deadline);
        return switch (body.status()) {
            // What the server says of it may repeat the texts.
            case BAD_REQUEST -> throw new RerankException(Kind.INVALID_REQUEST, api.service()
                    + " refuses the request (status 400): the prompt may be longer than the model reads, so that "
                    + "fewer or shorter passages help, or the model does not take what is asked of it, such as to think "
                    + "or not to, or log-probabilities");
            case NOT_FOUND -> throw new RerankException(Kind.UNAVAILABLE, api.missing(model.model()));
            default -> ChatAnswerReader.read(api.service(), body.bytes());
        };
    }

    @Override
    public void close() {
        closed = true;
        http.close();
    }
}
