package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** {@link LanguageModels#pointwise}. */
final class PointwiseScorer implements Scorer {

    private static final int TOP = 20; // as many as both APIs give
    private static final int OLD_TOP = 5; // OpenAI's older completions give no more
    private static final int FRAME = 128; // tokens of the longest of the prompts

    private final ChatService service;
    private final PointwisePrompt kind;
    private final Prompt prompt;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean closed;

    /** A text and its score. */
    private record Scored(String text, float logit) {
    }

    PointwiseScorer(LanguageModelOptions model, PointwisePrompt kind) {
        this.service = new ChatService(model);
        this.kind = kind;
        this.prompt = Prompt.load(kind.resource());
    }

    @Override
    public String name() {
        return service.model().identity(prompt.name());
    }

    @Override
    public Scores score(ScoreRequest request) {
        if (closed) {
            throw new IllegalStateException("scorer is closed");
        }
        int query = QueryLimit.check(request.query());
        int room = Math.min(request.maxTokens() - query, service.model().passageTokens());
        if (room < 1) {
            throw new RerankException(Kind.INVALID_REQUEST,
                    "query has about " + query + " tokens, which leaves none of "
                            + request.maxTokens() + " for the text: shorten it");
        }
        List<PromptText.Piece> pieces = request.texts().stream()
                .map(text -> PromptText.cut(text, room, request.cut())).toList();
        long start = System.nanoTime();
        Map<String, Float> logits = logits(request.query(), pieces, request.deadline());
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        float[] scores = new float[pieces.size()];
        int[] tokens = new int[pieces.size()];
        BitSet cut = new BitSet();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = logits.get(pieces.get(i).text());
            tokens[i] = Math.max(1, query + pieces.get(i).tokens());
            cut.set(i, pieces.get(i).cut());
        }
        return new Scores(scores, new float[0], tokens, cut, new Scores.Timings(Duration.ZERO, Duration.ZERO, time));
    }

    /** Equal texts are asked for once. */
    private Map<String, Float> logits(String query, List<PromptText.Piece> pieces, Deadline deadline) {
        Set<String> texts = new LinkedHashSet<>();
        pieces.forEach(piece -> texts.add(piece.text()));
        CompletionService<Scored> done = new ExecutorCompletionService<>(threads);
        List<Future<Scored>> running = new ArrayList<>();
        Map<String, Float> logits = new HashMap<>();
        try {
            deadline.check("scoring");
            for (String text : texts) {
                running.add(done.submit(() -> new Scored(text, logit(query, text, deadline))));
            }
            while (logits.size() < texts.size()) {
                Future<Scored> next = done.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new RerankException(Kind.TIMEOUT, "scoring did not finish before the deadline");
                }
                Scored scored = next.get();
                logits.put(scored.text(), scored.logit());
            }
            return logits;
        } catch (RejectedExecutionException e) {
            throw wasClosed(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RerankException known ? known : wasClosed(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RerankException(Kind.UNAVAILABLE, "scoring was interrupted", e);
        } finally {
            running.forEach(call -> call.cancel(true));
        }
    }

    private RuntimeException wasClosed(Throwable cause) {
        return closed
                ? new RerankException(Kind.UNAVAILABLE, "scorer was closed", cause)
                : new RerankException(Kind.INTERNAL, "unexpected failure: " + cause.getClass().getName(), cause);
    }

    private float logit(String query, String text, Deadline deadline) {
        ChatAnswer answer = service.ask(request(query, text), deadline);
        return YesNo.logit(service.model().api().service(), answer, kind == PointwisePrompt.QWEN3_RERANKER);
    }

    private ChatRequest request(String query, String text) {
        LanguageModelOptions model = service.model();
        Map<String, String> values = Map.of("instruction", model.instruction(), "query", PromptText.inert(query),
                "passage", PromptText.inert(text));
        int context = ContextSize.of(FRAME + PromptText.tokens(model.instruction()) + QueryLimit.TOKENS
                + model.passageTokens() + model.thinkingTokens());
        return switch (kind) {
            // The template has the model's thought in it, which is none.
            case QWEN3_RERANKER -> new ChatRequest(List.of(), Optional.of(prompt.fill("prompt", values)), 1, 0, context,
                    model.api() == ChatApi.OPENAI ? OLD_TOP : TOP);
            case CHAT -> new ChatRequest(List.of(ChatMessage.system(prompt.fill("system", values)),
                    ChatMessage.user(prompt.fill("user", values))), Optional.empty(), 1, model.thinkingTokens(),
                    context,
                    TOP);
        };
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        service.close();
    }
}
