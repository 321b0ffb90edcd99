package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Retriever;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What each retriever found for a query, once and deep enough for every system: the first stage of any of them, at any
 * depth, is put together from it as a {@link dev.rerank4j.SearchPipeline} does.
 *
 * @param rankings by retriever, {@code BM25} and {@code VECTOR}; one that failed found nothing
 * @param skipped why stages do not apply to the query, by their names
 */
record FoundOnce(Query query, Map<Config.Retrieval, Ranking> rankings, Map<String, String> skipped) {

    /** The name of the second stage, whichever it is. */
    static final String RERANK = "rerank";

    private static final int MOST_DOUBLINGS = 3;

    /**
     * @param documents how many documents a ranking should have: passages are asked for until they belong to as many,
     *        within reason
     * @param applicability of a hybrid pipeline that reranks
     * @param failures hears of a retriever that cannot answer this query
     */
    static FoundOnce of(Query query, Map<Config.Retrieval, Retriever> retrievers, int documents,
            Applicability applicability, Consumer<RerankException> failures) {
        Map<Config.Retrieval, Ranking> rankings = new EnumMap<>(Config.Retrieval.class);
        retrievers.forEach((kind, retriever) -> {
            try {
                rankings.put(kind, retrieve(retriever, query, documents));
            } catch (RerankException e) {
                failures.accept(e);
                rankings.put(kind, Ranking.builder(retriever.name()).build());
            }
        });
        Map<String, String> skipped = new HashMap<>();
        Stream.concat(rankings.values().stream().map(Ranking::stage), Stream.of(RERANK)).forEach(stage -> applicability
                .reasonToSkip(stage, query).ifPresent(reason -> skipped.put(stage, reason)));
        return new FoundOnce(query, rankings, skipped);
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
        List<Config.Retrieval> asked = parts(retrieval).stream().filter(part -> applies(part, retrieval)).toList();
        if (asked.size() == 1) {
            return rankings.get(asked.getFirst()).top(depth);
        }
        return fusion.fuse(asked.stream().map(part -> rankings.get(part).top(depth)).toList()).top(depth);
    }

    /** A retriever that nothing else stands beside is asked in any case. */
    private boolean applies(Config.Retrieval part, Config.Retrieval retrieval) {
        return part == retrieval || !skipped.containsKey(rankings.get(part).stage());
    }

    /** Whether the second stage is asked. */
    boolean reranks() {
        return !skipped.containsKey(RERANK);
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
