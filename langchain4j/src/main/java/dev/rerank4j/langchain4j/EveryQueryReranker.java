package dev.rerank4j.langchain4j;

import dev.rerank4j.Deadline;
import dev.rerank4j.Evidence;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.Reranker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * For one call with several queries: ranks each candidate against every query that found it; its best score counts.
 *
 * @param queries asked one after the other
 * @param found whether a hit was found by the query of this number
 */
record EveryQueryReranker(Reranker reranker, List<String> queries, BiPredicate<Hit, Integer> found)
        implements
            Reranker {

    @Override
    public String name() {
        return reranker.name();
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Map<String, Hit> best = new LinkedHashMap<>();
        for (int i = 0; i < queries.size(); i++) {
            Ranking own = foundBy(i, candidates);
            if (!own.isEmpty() && !queries.get(i).isBlank()) {
                // What is not among the best of its own best query is not among the best of all.
                reranker.rerank(new Query(queries.get(i), query.filter()), own, limit, deadline)
                        .forEach(hit -> best.merge(hit.passage().id(), hit, (a, b) -> b.score() > a.score() ? b : a));
            }
        }
        Ranking.Builder ranking = Ranking.builder(name());
        for (Hit candidate : candidates) {
            Hit hit = best.get(candidate.passage().id());
            if (hit != null) {
                ranking.add(new Hit(hit.passage(), hit.score(), hit.probability(), evidence(candidate, hit)));
            }
        }
        return ranking.build().top(limit);
    }

    private Ranking foundBy(int query, Ranking candidates) {
        Ranking.Builder own = Ranking.builder(candidates.stage());
        for (Hit hit : candidates) {
            if (found.test(hit, query)) {
                List<Evidence> earlier = hit.evidence().subList(0, hit.evidence().size() - 1); // the ranking adds its own
                own.add(new Hit(hit.passage(), hit.score(), hit.probability(), earlier));
            }
        }
        return own.build();
    }

    /** The candidate's, whose rank is that among all, and what the reranker added besides its own. */
    private List<Evidence> evidence(Hit candidate, Hit hit) {
        List<Evidence> evidence = new ArrayList<>(candidate.evidence());
        for (Evidence said : hit.evidence()) {
            if (!said.stage().equals(name()) && candidate.evidence(said.stage()).isEmpty()) {
                evidence.add(said);
            }
        }
        return evidence;
    }
}
