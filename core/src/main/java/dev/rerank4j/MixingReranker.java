package dev.rerank4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@link Reranker#mixed}. */
record MixingReranker(Reranker model, Fusion fusion, List<String> stages) implements Reranker {

    /** The stage whose evidence is the model's logit. */
    static final String MODEL = "cross-encoder";

    MixingReranker {
        Objects.requireNonNull(fusion, "fusion");
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("stages must not be empty: name those to weigh against the model");
        }
        if (new HashSet<>(stages).size() < stages.size()) {
            throw new IllegalArgumentException("stages must be named once each, got " + stages);
        }
    }

    @Override
    public String name() {
        return "rerank";
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        Ranking scored = model.rerank(query, candidates, Math.max(1, candidates.size()), deadline);
        List<Ranking> rankings = new ArrayList<>();
        rankings.add(ofEvidence(model.name(), scored));
        stages.forEach(stage -> rankings.add(ofEvidence(stage, scored)));
        Map<String, Double> mixed = new HashMap<>();
        fusion.fuse(rankings).forEach(hit -> mixed.put(hit.passage().id(), hit.score()));
        Ranking.Builder ranking = Ranking.builder(name());
        scored.forEach(hit -> ranking.add(
                new Hit(hit.passage(), mixed.get(hit.passage().id()), hit.probability(), hit.evidence())));
        return ranking.build().top(limit);
    }

    /** The hits that a stage ranked, without what others said of them: a fusion adds its own evidence to that. */
    private static Ranking ofEvidence(String stage, Ranking hits) {
        Ranking.Builder ranking = Ranking.builder(stage);
        hits.forEach(hit -> hit.evidence(stage)
                .ifPresent(evidence -> ranking.add(hit.passage(), evidence.score())));
        return ranking.build();
    }
}
