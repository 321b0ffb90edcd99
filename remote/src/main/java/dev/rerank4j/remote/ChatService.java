package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.net.URI;
import java.util.Map;
import java.util.Set;

/** A language model at its address. Safe for use by several threads. */
final class ChatService implements AutoCloseable {

    private static final int BAD_REQUEST = 400;

    private final LanguageModelOptions model;
    private final HttpService http;

    ChatService(LanguageModelOptions model) {
        this.model = model;
        RemoteOptions remote = model.remote();
        // Of the path, a part may be missing: what is asked decides of it.
        URI host = URI.create(remote.address().getScheme() + "://" + remote.address().getRawAuthority());
        http = new HttpService(model.api().service(), new RemoteOptions(host, remote.key(), remote.plaintextKey(),
                remote.attemptTimeout(), remote.retries(), remote.maxAnswerBytes(), remote.maxConcurrent(),
                remote.proxy(), remote.ssl(), remote.listener()),
                remote.key().isPresent() ? Map.of("Authorization", "Bearer " + remote.key().secret()) : Map.of(),
                new Advice("check its key", model.api().missing(model.model())));
    }

    LanguageModelOptions model() {
        return model;
    }

    /** @throws IllegalStateException if closed */
    void checkOpen() {
        http.checkOpen();
    }

    /**
     * Asks.
     *
     * @throws RerankException as {@link HttpService}, and of kind {@code MODEL} if what comes is no answer
     * @throws IllegalStateException if closed
     */
    ChatAnswer ask(ChatRequest request, Deadline deadline) {
        ChatApi api = model.api();
        HttpService.Call call = new HttpService.Call("POST", api.path(model.remote().address(), request),
                "application/json", HttpService.Call.bytes(api.body(model.model(), request)), Set.of(BAD_REQUEST));
        return http.fetch(model.model(), call, deadline, body -> {
            if (body.status() == BAD_REQUEST) {
                // What the server says of it may repeat the texts.
                throw new RerankException(Kind.INVALID_REQUEST, api.service() + " refuses the request (status 400): "
                        + "either the prompt is longer than the model reads, and fewer or shorter passages help, or the "
                        + "model does not take what is asked of it, such as to think, or log-probabilities");
            }
            ChatAnswer answer = ChatAnswerReader.read(api.service(), body.bytes());
            return new HttpService.Read<>(answer, answer.usage());
        });
    }

    @Override
    public void close() {
        http.close();
    }
}
