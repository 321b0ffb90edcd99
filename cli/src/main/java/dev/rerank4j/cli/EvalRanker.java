package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.Scorer;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Answers a query with every system, retrieving once and scoring each pair once. What a system ranks at a depth is what
 * a search at that depth gives; behind it stand, in first-stage order, the other documents that its first stage found,
 * so that a measure that looks deeper than the pipeline still has something to see.
 *
 * <p>As in a search, a stage that fails is left out. For one thread.
 */
final class EvalRanker {

    /** Pairs scored at once: few enough that an interrupt is heard, and that little is lost. */
    private static final int SLICE = 64;

    private final Map<Config.Retrieval, Retriever> retrievers = new EnumMap<>(Config.Retrieval.class);
    private final Map<EvalSystem.Second, Reranker> rerankers = new EnumMap<>(EvalSystem.Second.class);
    private final Optional<? extends Scorer> scorer;
    private final Fusion fusion;
    private final List<EvalSystem.AtDepth> systems;
    private final int documents;
    private final Map<String, Integer> failures = new TreeMap<>();
    private long pairs;

    /**
     * @param scorer a cached one: pairs are asked for again and again
     * @param documents how many documents a first stage should find
     */
    EvalRanker(LuceneIndex index, Config config, Optional<? extends Scorer> scorer, List<EvalSystem.AtDepth> systems,
            int documents) {
        this.scorer = scorer;
        this.systems = systems;
        this.documents = documents;
        fusion = config.search().fusion().fusion();
        for (EvalSystem.AtDepth system : systems) {
            for (Config.Retrieval part : FoundOnce.parts(system.system().retrieval())) {
                retrievers.put(part, part == Config.Retrieval.BM25 ? index.bm25() : index.vector());
            }
        }
        scorer.ifPresent(model -> {
            Assembly.reranker(config.reranker(), scorer)
                    .ifPresent(reranker -> rerankers.put(EvalSystem.Second.RERANK, reranker));
            rerankers.put(EvalSystem.Second.MODEL, Reranker.of(model));
        });
    }

    /** How many pairs were looked at so far. */
    long pairs() {
        return pairs;
    }

    /** What went wrong and was left out: on how many queries, by a sentence that says what. */
    Map<String, Integer> failures() {
        return failures;
    }

    /**
     * The best hit of each document, best first, by the system's name.
     *
     * @throws InterruptedException if {@code stop} says so
     */
    Map<String, List<Hit>> rank(String text, BooleanSupplier stop) throws InterruptedException {
        Query query = Query.of(text);
        FoundOnce found = FoundOnce.of(query, retrievers, documents, this::failed);
        score(found, stop);
        Map<String, List<Hit>> ranked = new LinkedHashMap<>();
        for (EvalSystem.AtDepth system : systems) {
            ranked.put(system.name(), rank(found, system));
        }
        return ranked;
    }

    /** Has every pair scored that a system will ask for, together, because batches are faster than single pairs. */
    private void score(FoundOnce found, BooleanSupplier stop) throws InterruptedException {
        if (scorer.isEmpty()) {
            return;
        }
        Set<String> texts = new LinkedHashSet<>();
        for (EvalSystem.AtDepth system : systems) {
            if (system.system().reranks()) {
                candidates(found, system).forEach(hit -> texts.add(hit.passage().content()));
            }
        }
        List<String> all = List.copyOf(texts);
        for (int i = 0; i < all.size(); i += SLICE) {
            if (stop.getAsBoolean()) {
                throw new InterruptedException("stopped");
            }
            List<String> slice = all.subList(i, Math.min(all.size(), i + SLICE));
            try {
                scorer.get().score(ScoreRequest.of(found.query().text(), slice));
            } catch (RerankException e) {
                return; // the rerankers will say so
            }
            pairs += slice.size();
        }
    }

    private List<Hit> rank(FoundOnce found, EvalSystem.AtDepth system) {
        Ranking candidates = candidates(found, system);
        Ranking best = candidates;
        if (system.system().reranks() && !candidates.isEmpty()) {
            try {
                best = rerankers.get(system.system().second()).rerank(found.query(), candidates, candidates.size(),
                        Deadline.none());
            } catch (RerankException e) {
                failed(e);
            }
        }
        List<Hit> hits = new ArrayList<>(best.byDocument().hits());
        Set<String> seen = new HashSet<>();
        hits.forEach(hit -> seen.add(hit.passage().documentId()));
        found.all(system.system().retrieval(), fusion).byDocument().forEach(hit -> {
            if (seen.add(hit.passage().documentId())) {
                hits.add(hit);
            }
        });
        return hits;
    }

    private Ranking candidates(FoundOnce found, EvalSystem.AtDepth system) {
        return found.candidates(system.system().retrieval(), fusion, system.depth());
    }

    private void failed(RerankException e) {
        failures.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
    }
}
