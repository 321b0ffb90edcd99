package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What each retriever found for a query, once and deep enough for every system: the first stage of any of them, at any
 * depth, is put together from it as a {@link dev.rerank4j.SearchPipeline} does.
 *
 * @param rankings by retriever, {@code BM25} and {@code VECTOR}; one that failed found nothing
 */
record FoundOnce(Query query, Map<Config.Retrieval, Ranking> rankings) {

    private static final int MOST_DOUBLINGS = 3;

    /**
     * @param documents how many documents a ranking should have: passages are asked for until they belong to as many,
     *        within reason
     * @param failures hears of a retriever that cannot answer this query
     */
    static FoundOnce of(Query query, Map<Config.Retrieval, Retriever> retrievers, int documents,
            Consumer<RerankException> failures) {
        Map<Config.Retrieval, Ranking> rankings = new EnumMap<>(Config.Retrieval.class);
        retrievers.forEach((kind, retriever) -> {
            try {
                rankings.put(kind, retrieve(retriever, query, documents));
            } catch (RerankException e) {
                failures.accept(e);
                rankings.put(kind, Ranking.builder(retriever.name()).build());
            }
        });
        return new FoundOnce(query, rankings);
    }

    private static Ranking retrieve(Retriever retriever, Query query, int documents) {
        int limit = 2 * documents;
        Ranking ranking = retriever.retrieve(query, limit, Deadline.none());
        for (int i = 0; i < MOST_DOUBLINGS && ranking.size() == limit && ranking.byDocument().size() < documents; i++) {
            limit *= 2;
            ranking = retriever.retrieve(query, limit, Deadline.none());
        }
        return ranking;
    }

    /** The candidates that a pipeline of this depth reranks, or answers with. */
    Ranking candidates(Config.Retrieval retrieval, Fusion fusion, int depth) {
        List<Ranking> parts = new ArrayList<>();
        for (Config.Retrieval part : parts(retrieval)) {
            parts.add(rankings.get(part).top(depth));
        }
        return parts.size() == 1 ? parts.getFirst() : fusion.fuse(parts).top(depth);
    }

    /** All that was found. */
    Ranking all(Config.Retrieval retrieval, Fusion fusion) {
        return candidates(retrieval, fusion, Integer.MAX_VALUE);
    }

    /** Which retrievers a first stage consists of. */
    static List<Config.Retrieval> parts(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case BM25, VECTOR -> List.of(retrieval);
            case HYBRID -> List.of(Config.Retrieval.BM25, Config.Retrieval.VECTOR);
        };
    }
}
