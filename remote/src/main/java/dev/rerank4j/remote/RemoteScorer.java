package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.ScoreRequest.Side;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import dev.rerank4j.remote.FittedTexts.Part;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A rerank API of somebody else as a scorer.
 *
 * <p>The query and the texts are sent to the service, in as many calls as its limits ask for, {@code maxConcurrent} of
 * them at a time; if one fails, all of the request fails. Scores are as the service gives them: its logits where it can
 * be asked for them, otherwise whatever it orders by. They are no probabilities, as no provider says so.
 *
 * <p>Tokens are estimated by {@link dev.rerank4j.TokenCounter#approximate()}, since only the service has the model's
 * tokenizer: texts are cut to the request's {@code maxTokens} by that estimate, and {@link Scores#cut} and
 * {@link Scores#tokens} tell of it. What a service cuts beyond that it does not say. A blank query is not sent, as most
 * services refuse it: each text scores 0. A blank text is sent as a full stop for the same reason.
 *
 * <p>Safe for use by several threads.
 */
public final class RemoteScorer implements Scorer {

    private final String name;
    private final String model;
    private final Dialect dialect;
    private final RerankLimits limits;
    private final int maxConcurrent;
    private final HttpService service;

    private RemoteScorer(RerankApi api, String model, RemoteOptions options, RerankLimits limits) {
        dialect = api.dialect();
        this.model = model.isEmpty() ? api.defaultModel() : model;
        this.limits = Objects.requireNonNull(limits, "limits");
        maxConcurrent = options.maxConcurrent();
        // Two servers without names for their models are not to share a cache.
        name = api.id() + "/" + (this.model.isEmpty() ? options.address().getAuthority() : this.model);
        Advice advice = new Advice((options.key().isPresent() ? "check the key, by custom in " : "put the key into ")
                + api.keyVariable(),
                this.model.isEmpty()
                        ? "check its address"
                        : "check its address and the model's name, " + this.model);
        service = new HttpService(api.id(), options, dialect.headers(options.key()), advice);
    }

    /**
     * {@return a scorer of the API's default model at its default address, with the key that the environment has}
     *
     * @param api whose {@link RerankApi#keyVariable} is read
     * @throws IllegalArgumentException if the variable's value can be no key
     */
    public static RemoteScorer of(RerankApi api) {
        return of(api, "", RemoteOptions.at(api.address()).withKey(ApiKey.fromEnvironment(api.keyVariable())));
    }

    /**
     * {@return a scorer that asks an API, within the limits that it has by its documentation}
     *
     * @param api how it is spoken to
     * @param model which model is asked; empty for the API's default, or for what the server has
     * @param options where it is
     */
    public static RemoteScorer of(RerankApi api, String model, RemoteOptions options) {
        return of(api, model, options, api.limits());
    }

    /**
     * {@return a scorer that asks an API within limits}
     *
     * @param api how it is spoken to
     * @param model which model is asked; empty for the API's default, or for what the server has
     * @param options where it is
     * @param limits of the model, where they are others than {@link RerankApi#limits}
     */
    public static RemoteScorer of(RerankApi api, String model, RemoteOptions options, RerankLimits limits) {
        return new RemoteScorer(api, model, options, limits);
    }

    /** {@return the API's id and the model, such as {@code cohere/rerank-v3.5}; the host where no model is named} */
    @Override
    public String name() {
        return name;
    }

    /**
     * Asks the service.
     *
     * @param request sent to the service
     * @return in the order of the texts; without probabilities; all the time it took as inference
     * @throws RerankException {@code INVALID_REQUEST} if the query leaves no room for a text, or the service refuses
     *         the request; {@code OVERLOADED} if it has too much to do; {@code TIMEOUT} at the deadline; {@code MODEL}
     *         if its answer is no JSON or not one finite score for each text; {@code UNAVAILABLE} if it cannot be
     *         reached, fails or wants another key. Nothing of the request is left running.
     * @throws IllegalStateException if closed
     */
    @Override
    public Scores score(ScoreRequest request) {
        service.checkOpen();
        long start = System.nanoTime();
        boolean cuts = request.cut() == Side.END || dialect.cutsAtStart();
        FittedTexts fitted = FittedTexts.of(name, request, limits, cuts);
        request.deadline().check("asking " + name);
        float[] scores = new float[fitted.texts().size()];
        if (!request.query().isBlank()) {
            ask(request, fitted, scores);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        return new Scores(scores, new float[0], fitted.tokens(), fitted.cut(), new Scores.Timings(Duration.ZERO,
                Duration.ZERO, time));
    }

    private void ask(ScoreRequest request, FittedTexts fitted, float[] scores) {
        List<Part> parts = fitted.parts(limits);
        if (parts.size() < 2) {
            parts.forEach(part -> ask(request, fitted, part, scores));
            return;
        }
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletionService<Void> running = new ExecutorCompletionService<>(threads);
            int count = Math.min(parts.size(), maxConcurrent);
            for (int i = 0; i < count; i++) {
                running.submit(() -> {
                    for (int part = next.getAndIncrement(); part < parts.size(); part = next.getAndIncrement()) {
                        ask(request, fitted, parts.get(part), scores);
                    }
                }, null);
            }
            awaitAll(running, count, threads);
        }
    }

    private void awaitAll(CompletionService<Void> running, int count, ExecutorService threads) {
        try {
            for (int i = 0; i < count; i++) {
                running.take().get();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "asking " + name + " was interrupted", e);
        } catch (ExecutionException e) {
            threads.shutdownNow(); // what the others would bring is of no use any more
            if (e.getCause() instanceof RerankException failed) {
                throw failed;
            }
            if (e.getCause() instanceof IllegalStateException closed) {
                throw closed;
            }
            throw new RerankException(Kind.INTERNAL, "asking " + name + " failed", e.getCause());
        }
    }

    private void ask(ScoreRequest request, FittedTexts fitted, Part part, float[] scores) {
        List<String> texts = fitted.texts().subList(part.from(), part.to());
        Deadline deadline = request.deadline();
        HttpService.Call call = HttpService.Call.post(dialect.path(), dialect.request(
                new Dialect.Question(model, request.query(), texts, request.cut(), Math.min(request.maxTokens(),
                        limits.pairTokens()))));
        float[] read = service.send(model, call, deadline, reply -> new HttpService.Read<>(
                ScoreList.read(dialect.terms().id(), dialect.scored(reply.body()), dialect.score(), texts.size()),
                dialect.usage(reply.body())));
        System.arraycopy(read, 0, scores, part.from(), read.length);
    }

    /** Ends the calls that run, which fail with {@code UNAVAILABLE}. A second call does nothing. */
    @Override
    public void close() {
        service.close();
    }
}
