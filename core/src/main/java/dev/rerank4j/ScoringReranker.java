package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/** {@link Reranker#of}. */
record ScoringReranker(Scorer scorer) implements Reranker {

    ScoringReranker {
        Objects.requireNonNull(scorer, "scorer");
    }

    @Override
    public String name() {
        return "rerank";
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        List<String> texts = new ArrayList<>(candidates.size());
        candidates.forEach(hit -> texts.add(hit.passage().content()));
        Scores scores = scores(scorer, query, texts, deadline);
        boolean calibrated = scores.probabilities().length > 0;
        Ranking.Builder ranking = Ranking.builder(name());
        for (int i = 0; i < texts.size(); i++) {
            Hit hit = candidates.hits().get(i);
            OptionalDouble probability = calibrated
                    ? OptionalDouble.of(scores.probabilities()[i])
                    : hit.probability();
            ranking.add(new Hit(hit.passage(), scores.logits()[i], probability, hit.evidence()));
        }
        return ranking.build().top(limit);
    }

    /** One score for each text. */
    static Scores scores(Scorer scorer, Query query, List<String> texts, Deadline deadline) {
        Scores scores = scorer.score(ScoreRequest.of(query.text(), texts, deadline));
        Checks.scoreForEach(texts.size(), scores, scorer);
        return scores;
    }
}
