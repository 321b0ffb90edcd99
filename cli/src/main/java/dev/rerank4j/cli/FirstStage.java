package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchRequest.Unit;
import dev.rerank4j.Stages;
import java.util.List;
import java.util.Optional;

/**
 * A reranker that remembers the order of its candidates, so that people can be shown what the second stage changed.
 * Evidence alone does not tell: it ranks passages, and hits may be documents. For one search.
 */
final class FirstStage implements Reranker {

    private final Reranker second;
    private volatile Optional<Ranking> candidates = Optional.empty();

    FirstStage(Reranker second) {
        this.second = second;
    }

    @Override
    public String name() {
        return second.name();
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        this.candidates = Optional.of(candidates);
        return second.rerank(query, candidates, limit, deadline);
    }

    @Override
    public Optional<Ranking> rerankIn(Stages stages, Query query, Ranking candidates, int limit, Deadline deadline) {
        this.candidates = Optional.of(candidates);
        return second.rerankIn(stages, query, candidates, limit, deadline);
    }

    /** How hits of a result stand against the first stage; nothing moved if the second stage was never asked. */
    Movement movement(Unit unit, int limit) {
        return candidates.map(ranking -> switch (unit) {
            case PASSAGE -> Movement.against(ranking.hits().stream().map(hit -> hit.passage().id()).toList(),
                    hit -> hit.passage().id(), limit);
            case DOCUMENT -> Movement.against(documents(ranking), hit -> hit.passage().documentId(), limit);
        }).orElse(Movement.NONE);
    }

    /** What the first stage alone would have answered; empty if the second stage was never asked. */
    Optional<Ranking> ranking(Unit unit, int limit) {
        return candidates.map(ranking -> switch (unit) {
            case PASSAGE -> ranking;
            case DOCUMENT -> ranking.byDocument();
        }).map(ranking -> ranking.top(limit));
    }

    private static List<String> documents(Ranking ranking) {
        return ranking.byDocument().hits().stream().map((Hit hit) -> hit.passage().documentId()).toList();
    }
}
