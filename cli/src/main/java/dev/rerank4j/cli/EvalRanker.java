package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Fusion;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import dev.rerank4j.Retriever;
import dev.rerank4j.eval.DocumentRule;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.TreeMap;

/**
 * Answers a query with every system. What a system ranks at a depth is what a search for documents at
 * that depth gives; behind it stand, in first-stage order, the other documents that its first stage found, so that a
 * measure that looks deeper than the pipeline still has something to see.
 *
 * <p>As in a search, a stage that fails is left out. For one thread.
 */
final class EvalRanker {

    /** How the reason of a stage that failed begins. */
    static final String FAILED = "a stage failed and was left out: ";

    private final Map<Config.Retrieval, Retriever> retrievers = new EnumMap<>(Config.Retrieval.class);
    private final Map<EvalSystem, Reranker> rerankers = new HashMap<>();
    private final Fusion fusion;
    private final List<EvalSystem.AtDepth> systems;
    private final int documents;
    private final DocumentRule rule;
    private final Function<String, Applicability> applicability;
    private final Map<String, Integer> odd = new TreeMap<>();

    /**
     * @param config its unit is the document
     * @param second gives a system's second stage, such as keeps scores: pairs are asked for again and again
     * @param documents how many documents a first stage should find
     * @param applicability of a hybrid pipeline that reranks with the model of that name
     * @param rule how passages stand for their document, in what was reranked as in what was only found
     */
    EvalRanker(LuceneIndex index, Config config, Function<EvalSystem, Optional<Reranker>> second,
            List<EvalSystem.AtDepth> systems, int documents, DocumentRule rule,
            Function<String, Applicability> applicability) {
        this.rule = rule;
        this.applicability = applicability;
        this.systems = systems;
        this.documents = documents;
        fusion = config.search().fusion().fusion();
        for (EvalSystem.AtDepth system : systems) {
            for (Config.Retrieval part : QueryCandidates.parts(system.system().retrieval())) {
                retrievers.put(part, part == Config.Retrieval.BM25 ? index.bm25() : index.vector());
            }
            if (!rerankers.containsKey(system.system())) {
                second.apply(system.system()).ifPresent(reranker -> rerankers.put(system.system(), reranker));
            }
        }
    }

    /** What was not as it should be, failed stages and skipped ones: on how many queries, by what happened. */
    Map<String, Integer> odd() {
        return odd;
    }

    /**
     * The best hit of each document, best first, by the system's name.
     *
     * @throws EvalScorer.Stopped if the scorer is told to
     */
    Map<String, List<Hit>> rank(Query query) {
        Set<String> reasons = new HashSet<>();
        QueryCandidates found = new QueryCandidates(query, retrievers, documents, applicability.apply(""),
                e -> reasons.add(FAILED + e.getMessage()));
        Map<String, List<Hit>> ranked = new LinkedHashMap<>();
        systems.forEach(system -> ranked.put(system.name(), List.of())); // in their order
        // The deepest first: what it reads in one request, others would have asked for bit by bit.
        systems.stream().sorted(Comparator.comparingInt(system -> -system.depth()))
                .forEach(system -> ranked.put(system.name(), rank(found, system)));
        found.skipped().forEach((stage, reason) -> reasons.add(stage + " was skipped: " + reason));
        reasons.forEach(reason -> odd.merge(reason, 1, Integer::sum));
        return ranked;
    }

    private List<Hit> rank(QueryCandidates found, EvalSystem.AtDepth system) {
        Config.Retrieval retrieval = system.system().retrieval();
        Ranking candidates = found.at(system.depth(), retrieval, fusion);
        String model = system.system().model();
        Ranking best = Optional.ofNullable(rerankers.get(system.system()))
                .map(reranker -> found.reranked(reranker, candidates, model, applicability.apply(model)))
                .orElse(candidates);
        return inFrontOf(best, found.all(retrieval, fusion), rule);
    }

    /** The documents of one ranking, each by its best passage, then those of another that are not among them. */
    static List<Hit> inFrontOf(Ranking best, Ranking rest, DocumentRule rule) {
        Map<String, Hit> hits = new LinkedHashMap<>();
        for (Ranking ranking : List.of(best, rest)) {
            Map<String, Hit> standing = new HashMap<>();
            ranking.byDocument().forEach(hit -> standing.put(hit.passage().documentId(), hit));
            rule.documents(ranking).forEach(scored -> hits.putIfAbsent(scored.id(), standing.get(scored.id())));
        }
        return List.copyOf(hits.values());
    }
}
