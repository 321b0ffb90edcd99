package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A second stage: puts the candidates of the first into a better order. Safe for use by several threads. */
public interface Reranker {

    /** The stage's name in evidence and reports; unique within a pipeline. */
    String name();

    /**
     * The best candidates in this stage's order, under this stage's {@link #name()}, each with the evidence it came
     * with.
     *
     * @param candidates not changed
     * @param limit at most so many hits; at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if the stage cannot answer; it remains usable
     */
    Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline);

    /**
     * A reranker that orders by the model's scores of query and {@link Passage#content()} alone, under the name
     * {@code rerank}. Closing the model remains the caller's affair.
     */
    static Reranker of(Scorer scorer) {
        return new ScoringReranker(scorer);
    }
}

/** {@link Reranker#of}. */
record ScoringReranker(Scorer scorer) implements Reranker {

    @Override
    public String name() {
        return "rerank";
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        List<String> texts = new ArrayList<>(candidates.size());
        candidates.forEach(hit -> texts.add(hit.passage().content()));
        Scores scores = scorer.score(ScoreRequest.of(query.text(), texts, deadline));
        if (scores.size() != texts.size()) {
            throw new RerankException(RerankException.Kind.MODEL, "model " + scorer.name() + " scored " + scores.size()
                    + " texts of " + texts.size());
        }
        boolean calibrated = scores.probabilities().length > 0;
        Ranking.Builder ranking = Ranking.builder(name());
        for (int i = 0; i < texts.size(); i++) {
            Hit hit = candidates.hits().get(i);
            OptionalDouble probability = calibrated
                    ? OptionalDouble.of(scores.probabilities()[i])
                    : OptionalDouble.empty();
            ranking.add(new Hit(hit.passage(), scores.logits()[i], probability, hit.evidence()));
        }
        return ranking.build().top(limit);
    }
}
