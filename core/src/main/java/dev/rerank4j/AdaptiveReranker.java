package dev.rerank4j;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** {@link Reranker#adaptive}. */
record AdaptiveReranker(Scorer scorer, double modelWeight, Map<String, Double> stageWeights, AdaptiveDepth depth)
        implements
            Reranker {

    /** The stage whose evidence is the model's logit. */
    static final String MODEL = "cross-encoder";

    AdaptiveReranker {
        Objects.requireNonNull(scorer, "scorer");
        Objects.requireNonNull(depth, "depth");
        // sorted: sums of the same numbers in another order may differ in the last bit
        stageWeights = Collections.unmodifiableMap(new TreeMap<>(stageWeights));
        requireWeight("the model", modelWeight);
        stageWeights.forEach(AdaptiveReranker::requireWeight);
    }

    private static void requireWeight(String of, double weight) {
        if (!(weight >= 0 && Double.isFinite(weight))) {
            throw new IllegalArgumentException("weight of " + of + " must be finite and >= 0, got " + weight);
        }
    }

    @Override
    public String name() {
        return "rerank";
    }

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        List<Candidate> ordered = byEvidence(candidates);
        int read = 0;
        while (read < ordered.size()) {
            int next = Math.min(ordered.size(), read == 0 ? depth.first() : read + depth.block());
            read(query, ordered.subList(read, next), deadline);
            read = next;
            weigh(ordered.subList(0, read));
            if (read < ordered.size() && settled(ordered.subList(0, read), ordered.get(read), limit)) {
                break;
            }
        }
        Ranking.Builder ranking = Ranking.builder(name());
        ordered.forEach(candidate -> ranking.add(candidate.hit()));
        return ranking.build().top(limit);
    }

    private List<Candidate> byEvidence(Ranking candidates) {
        Map<String, Double> sums = new HashMap<>();
        stageWeights.forEach((stage, weight) -> {
            Spread spread = Spread.of(candidates.hits().stream().flatMap(hit -> hit.evidence(stage).stream())
                    .mapToDouble(Evidence::score).toArray());
            candidates.forEach(hit -> hit.evidence(stage).ifPresent(evidence -> sums.merge(hit.passage().id(),
                    weight * spread.aboveLowest(evidence.score()), Double::sum)));
        });
        return candidates.hits().stream()
                .map(hit -> new Candidate(hit, sums.getOrDefault(hit.passage().id(), 0.0)))
                .sorted(Comparator.comparingDouble((Candidate candidate) -> -candidate.evidence)).toList();
    }

    private void read(Query query, List<Candidate> block, Deadline deadline) {
        List<String> texts = block.stream().map(candidate -> candidate.hit.passage().content()).toList();
        Scores scores = ScoringReranker.scores(scorer, query, texts, deadline);
        for (int i = 0; i < block.size(); i++) {
            block.get(i).read(scores.logits()[i], scores.probabilities().length == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(scores.probabilities()[i]));
        }
    }

    /** An unread candidate counts as if the model rated it average, a read one by how far it is from the average. */
    private void weigh(List<Candidate> read) {
        Spread spread = Spread.of(read.stream().mapToDouble(candidate -> candidate.logit).toArray());
        read.forEach(candidate -> candidate.score = candidate.evidence
                + modelWeight * spread.aboveMean(candidate.logit));
        List<Candidate> byLogit = read.stream()
                .sorted(Comparator.comparingDouble((Candidate candidate) -> -candidate.logit)
                        .thenComparing(candidate -> candidate.hit.passage().id()))
                .toList();
        IntStream.range(0, byLogit.size()).forEach(i -> byLogit.get(i).rank = i + 1);
    }

    private boolean settled(List<Candidate> read, Candidate bestUnread, int limit) {
        List<Candidate> best = read.stream()
                .sorted(Comparator.comparingDouble((Candidate candidate) -> -candidate.score)).toList();
        Set<String> units = new HashSet<>();
        for (int i = 0; i < best.size() && i < limit; i++) {
            units.add(switch (depth.unit()) {
                case PASSAGE -> best.get(i).hit.passage().id();
                case DOCUMENT -> best.get(i).hit.passage().documentId();
            });
            if (units.size() == depth.head() || i + 1 == limit) {
                return bestUnread.evidence + modelWeight * depth.margin() < best.get(i).score;
            }
        }
        return false;
    }

    /** A candidate while its list is read. */
    private static final class Candidate {

        private final Hit hit;
        private final double evidence;
        private double score;
        private int rank;
        private float logit;
        private OptionalDouble probability = OptionalDouble.empty();

        Candidate(Hit hit, double evidence) {
            this.hit = hit;
            this.evidence = evidence;
            this.score = evidence;
        }

        void read(float score, OptionalDouble chance) {
            logit = score;
            probability = chance;
        }

        Hit hit() {
            if (rank == 0) {
                return new Hit(hit.passage(), score, hit.probability(), hit.evidence());
            }
            List<Evidence> all = new ArrayList<>(hit.evidence());
            all.add(new Evidence(MODEL, rank, logit));
            return new Hit(hit.passage(), score, probability.isPresent() ? probability : hit.probability(), all);
        }
    }
}
