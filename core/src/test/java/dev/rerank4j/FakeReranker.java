package dev.rerank4j;

import java.util.OptionalDouble;

/** A reranker that does what its test says. */
record FakeReranker(String name, Work work) implements Reranker {

    @FunctionalInterface
    interface Work {
        Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline);
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        return work.rerank(query, candidates, limit, deadline);
    }

    /** Puts the last candidate first. */
    static FakeReranker reversing() {
        return new FakeReranker("rerank",
                (query, candidates, limit, deadline) -> reversed("rerank", candidates).top(limit));
    }

    static Ranking reversed(String stage, Ranking candidates) {
        Ranking.Builder ranking = Ranking.builder(stage);
        int rank = 0;
        for (Hit hit : candidates) {
            ranking.add(new Hit(hit.passage(), ++rank, OptionalDouble.empty(), hit.evidence()));
        }
        return ranking.build();
    }
}
