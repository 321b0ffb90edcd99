package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The candidates of a query, in every first stage and depth that somebody asks for, put together as a
 * {@link dev.rerank4j.SearchPipeline} does. Each retriever is asked once for each depth, and not once for the deepest:
 * what quantized vectors rank among the first twenty of a hundred is not quite what they find if twenty are wanted.
 */
final class QueryCandidates {

    private static final int MOST_DOUBLINGS = 3;

    private final Query query;
    private final Map<Config.Retrieval, Retriever> retrievers;
    private final int documents;
    private final Applicability applicability;
    private final Map<String, Optional<String>> applied = new ConcurrentHashMap<>();
    private final Consumer<RerankException> failures;
    private final Map<Place, Ranking> known = new ConcurrentHashMap<>();

    /** A retriever that was asked for so many hits. */
    private record Place(Config.Retrieval part, int depth) {

        /** As deep as it takes to find enough documents. */
        static final int ENOUGH = 0;
    }

    /**
     * @param retrievers {@code BM25} and {@code VECTOR}, those that will be asked for
     * @param documents how many documents {@link #all} should have: passages are asked for until they belong to as
     *        many, within reason
     * @param applicability of a hybrid pipeline that reranks
     * @param failures hears of a stage that cannot answer this query: a retriever then has found nothing. On any thread
     */
    QueryCandidates(Query query, Map<Config.Retrieval, Retriever> retrievers, int documents,
            Applicability applicability, Consumer<RerankException> failures) {
        this.query = query;
        this.retrievers = retrievers;
        this.documents = documents;
        this.failures = failures;
        this.applicability = applicability;
        retrievers.values().forEach(retriever -> skips(retriever.name()));
    }

    /** Whether a stage does not apply to the query. */
    boolean skips(String stage) {
        return applied.computeIfAbsent(stage, name -> applicability.reasonToSkip(name, query)).isPresent();
    }

    Query query() {
        return query;
    }

    /** Why stages do not apply to the query, by their names: the retrievers, and what else was to be asked. */
    Map<String, String> skipped() {
        Map<String, String> skipped = new TreeMap<>();
        applied.forEach((stage, reason) -> reason.ifPresent(why -> skipped.put(stage, why)));
        return skipped;
    }

    /** All of some candidates in the order of a second stage, or in their own, if it does not apply or fails. */
    Ranking reranked(Reranker reranker, Ranking candidates) {
        return reranked(reranker, candidates, "", applicability);
    }

    /**
     * The same where there are several second stages.
     *
     * @param model tells it from others
     * @param applies of this one
     */
    Ranking reranked(Reranker reranker, Ranking candidates, String model, Applicability applies) {
        return candidates.isEmpty()
                ? candidates
                : reranker.rerankIn((stage, work) -> run(stage, work, model, applies), query, candidates,
                        candidates.size(), Deadline.none()).orElse(candidates);
    }

    private Optional<Ranking> run(String stage, Supplier<Ranking> work, String model, Applicability applies) {
        if (applied.computeIfAbsent(stage + (model.isEmpty() ? "" : ":" + model),
                name -> applies.reasonToSkip(stage, query)).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(work.get());
        } catch (RerankException e) {
            failures.accept(e);
            return Optional.empty();
        }
    }

    /** What a pipeline of this depth reranks, or answers with. */
    Ranking at(int depth, Config.Retrieval retrieval, Fusion fusion) {
        Ranking fused = fused(depth, retrieval, fusion);
        return fused.top(depth);
    }

    /** All that the first stage found. */
    Ranking all(Config.Retrieval retrieval, Fusion fusion) {
        return fused(Place.ENOUGH, retrieval, fusion);
    }

    private Ranking fused(int depth, Config.Retrieval retrieval, Fusion fusion) {
        List<Ranking> asked = parts(retrieval).stream().filter(part -> applies(part, retrieval))
                .map(part -> known.computeIfAbsent(new Place(part, depth), this::retrieve)).toList();
        return asked.size() == 1 ? asked.getFirst() : fusion.fuse(asked);
    }

    /** A retriever that nothing else stands beside is asked in any case. */
    private boolean applies(Config.Retrieval part, Config.Retrieval retrieval) {
        return part == retrieval || !skips(retrievers.get(part).name());
    }

    private Ranking retrieve(Place place) {
        Retriever retriever = retrievers.get(place.part());
        try {
            return place.depth() == Place.ENOUGH
                    ? enough(retriever)
                    : retriever.retrieve(query, place.depth(), Deadline.none());
        } catch (RerankException e) {
            failures.accept(e);
            return Ranking.builder(retriever.name()).build();
        }
    }

    private Ranking enough(Retriever retriever) {
        int limit = 2 * documents;
        Ranking ranking = retriever.retrieve(query, limit, Deadline.none());
        for (int i = 0; i < MOST_DOUBLINGS && ranking.size() == limit && ranking.byDocument().size() < documents; i++) {
            limit *= 2;
            ranking = retriever.retrieve(query, limit, Deadline.none());
        }
        return ranking;
    }

    /** Which retrievers a first stage consists of. */
    static List<Config.Retrieval> parts(Config.Retrieval retrieval) {
        return switch (retrieval) {
            case BM25, VECTOR, OPENSEARCH, ELASTICSEARCH, POSTGRES -> List.of(retrieval);
            case HYBRID -> List.of(Config.Retrieval.BM25, Config.Retrieval.VECTOR);
        };
    }
}
