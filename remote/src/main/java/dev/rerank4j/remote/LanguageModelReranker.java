package dev.rerank4j.remote;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Ranking;
import dev.rerank4j.ScoreRequest.Side;
import java.util.List;

/**
 * A language model that orders passages by comparing them, under the name {@code rerank}. Made by
 * {@link LanguageModels}. Safe for use by several threads.
 *
 * <p>A hit's score is the number of candidates that stand behind it, and so says no more than its rank does. It has the
 * probability that it came with.
 */
public final class LanguageModelReranker implements Reranker, AutoCloseable {

    private final ChatService service;
    private final Ordering ordering;

    LanguageModelReranker(ChatService service, Ordering ordering) {
        this.service = service;
        this.ordering = ordering;
    }

    @Override
    public String name() {
        return "rerank";
    }

    /**
     * {@return the model with the version of its prompt, such as {@code ollama/qwen3/listwise-1}; what else decides the
     * prompt, if it is not as usual, is in a checksum behind it}
     */
    public String identity() {
        return service.model().identity(ordering.prompt());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Fewer than two candidates are not read. No part of an order is given: if a call fails or the deadline passes,
     * the best have not been found, and a {@link dev.rerank4j.SearchPipeline} keeps the candidates as they came.
     *
     * @throws RerankException {@code INVALID_REQUEST} if the query has more than about 512 tokens, or the server refuses
     *         the prompt; {@code TIMEOUT} at the deadline; {@code OVERLOADED} and {@code UNAVAILABLE} if the server
     *         cannot answer; {@code MODEL} if what it answers is no answer, or none of its answers can be read
     * @throws IllegalStateException if closed
     */
    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit);
        }
        service.checkOpen();
        QueryLimit.check(query.text());
        deadline.check("reranking");
        List<Hit> order = candidates.size() < 2
                ? candidates.hits()
                : ordering.order(query.text(), candidates.hits(), limit, deadline);
        Ranking.Builder ranking = Ranking.builder(name());
        for (int i = 0; i < order.size(); i++) {
            Hit hit = order.get(i);
            ranking.add(new Hit(hit.passage(), order.size() - 1 - i, hit.probability(), hit.evidence()));
        }
        return ranking.build().top(limit);
    }

    /** A passage as the model is shown it. */
    static String shown(Hit hit, LanguageModelOptions model) {
        return PromptText.line(PromptText.cut(hit.passage().content(), model.passageTokens(), Side.END).text());
    }

    /** Frees the connections. Requests that run fail with {@code UNAVAILABLE}; a second call does nothing. */
    @Override
    public void close() {
        service.close();
    }
}
