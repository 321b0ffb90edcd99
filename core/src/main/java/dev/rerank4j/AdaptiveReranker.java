package dev.rerank4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** {@link Reranker#adaptive}. */
record AdaptiveReranker(Scorer scorer, double modelWeight, Map<String, Double> stageWeights, double neighbourShare,
        AdaptiveDepth depth) implements Reranker {

    /** The stage whose evidence is the model's logit. */
    static final String MODEL = "cross-encoder";
    /** The stage whose evidence is what candidates that are alike are rated. */
    static final String NEIGHBOURS = "neighbours";
    /** Opinions that differ by less, on the scale of what they are made of, are equal. */
    private static final double ROUNDING = 1e-9;

    AdaptiveReranker {
        Objects.requireNonNull(scorer, "scorer");
        Objects.requireNonNull(depth, "depth");
        // sorted: sums of the same numbers in another order may differ in the last bit
        stageWeights = Collections.unmodifiableMap(new TreeMap<>(stageWeights));
        requireWeight("the model", modelWeight);
        stageWeights.forEach(AdaptiveReranker::requireWeight);
        if (!(neighbourShare >= 0 && neighbourShare <= 1)) {
            throw new IllegalArgumentException("share of the neighbours must be within 0 to 1, got " + neighbourShare);
        }
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
        List<Candidate> all = byEvidence(candidates);
        Optional<Neighbourhood> neighbourhood = neighbourShare == 0
                ? Optional.empty()
                : Optional.of(Neighbourhood.of(all.stream().map(Candidate::text).toList()));
        List<Candidate> read = new ArrayList<>();
        List<Candidate> unread = new ArrayList<>(all);
        rate(all, read, neighbourhood);
        while (!unread.isEmpty()) {
            unread.sort(Comparator.comparingDouble((Candidate candidate) -> -candidate.score));
            if (!read.isEmpty() && settled(read, unread.getFirst(), limit)) {
                break;
            }
            List<Candidate> block = unread.subList(0,
                    Math.min(unread.size(), read.isEmpty() ? depth.first() : depth.block()));
            read(query, block, deadline);
            read.addAll(block);
            block.clear();
            rate(all, read, neighbourhood);
        }
        Ranking.Builder ranking = Ranking.builder(name());
        all.forEach(candidate -> ranking.add(candidate.hit()));
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
                .map(hit -> new Candidate(hit, sums.getOrDefault(hit.passage().id(), 0.0))).toList();
    }

    private void read(Query query, List<Candidate> block, Deadline deadline) {
        List<String> texts = block.stream().map(Candidate::text).toList();
        Scores scores = ScoringReranker.scores(scorer, query, texts, deadline);
        for (int i = 0; i < block.size(); i++) {
            block.get(i).read(scores.logits()[i], scores.probabilities().length == 0
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(scores.probabilities()[i]));
        }
    }

    /** An unread candidate counts as if the model rated it average, a read one by how far it is from the average. */
    private void rate(List<Candidate> all, List<Candidate> read, Optional<Neighbourhood> neighbourhood) {
        Spread spread = Spread.of(read.stream().mapToDouble(candidate -> candidate.logit).toArray());
        read.forEach(candidate -> candidate.own = candidate.evidence
                + modelWeight * spread.aboveMean(candidate.logit));
        number(read, candidate -> candidate.logit, (candidate, rank) -> candidate.rank = rank);
        all.forEach(candidate -> candidate.score = candidate.own);
        neighbourhood.ifPresent(alike -> hear(all, alike));
    }

    /** On the scale of the candidates' own scores, so that the model's weight and the margin keep their meaning. */
    private void hear(List<Candidate> all, Neighbourhood alike) {
        double[] own = all.stream().mapToDouble(candidate -> candidate.own).toArray();
        double[] opinions = alike.averages(own);
        double ownMean = mean(own);
        double ownDeviation = deviation(own, ownMean);
        double mean = mean(opinions);
        double deviation = deviation(opinions, mean);
        boolean differ = deviation > ROUNDING * (ownDeviation + Math.abs(ownMean));
        for (int i = 0; i < own.length; i++) {
            Candidate candidate = all.get(i);
            candidate.neighbours = differ ? (opinions[i] - mean) / deviation : 0;
            candidate.score = (1 - neighbourShare) * own[i]
                    + neighbourShare * (ownMean + ownDeviation * candidate.neighbours);
        }
        number(all, candidate -> candidate.neighbours, (candidate, rank) -> candidate.neighboursRank = rank);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double deviation(double[] values, double mean) {
        return Math.sqrt(mean(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).toArray()));
    }

    private static void number(List<Candidate> some, ToDoubleFunction<Candidate> by,
            ObjIntConsumer<Candidate> number) {
        List<Candidate> best = some.stream().sorted(Comparator.comparingDouble(by).reversed()
                .thenComparing(candidate -> candidate.hit.passage().id())).toList();
        IntStream.range(0, best.size()).forEach(i -> number.accept(best.get(i), i + 1));
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
                return bestUnread.score + (1 - neighbourShare) * modelWeight * depth.margin() < best.get(i).score;
            }
        }
        return false;
    }

    /** A candidate while its list is read. */
    private static final class Candidate {

        private final Hit hit;
        private final double evidence;
        /** What evidence and model make of it. */
        private double own;
        private double score;
        private int rank;
        private float logit;
        private OptionalDouble probability = OptionalDouble.empty();
        private int neighboursRank;
        private double neighbours;

        Candidate(Hit hit, double evidence) {
            this.hit = hit;
            this.evidence = evidence;
            this.own = evidence;
        }

        String text() {
            return hit.passage().content();
        }

        void read(float score, OptionalDouble chance) {
            logit = score;
            probability = chance;
        }

        Hit hit() {
            List<Evidence> all = new ArrayList<>(hit.evidence());
            if (rank > 0) {
                all.add(new Evidence(MODEL, rank, logit));
            }
            if (neighboursRank > 0) {
                all.add(new Evidence(NEIGHBOURS, neighboursRank, neighbours));
            }
            return new Hit(hit.passage(), score, probability.isPresent() ? probability : hit.probability(), all);
        }
    }
}
