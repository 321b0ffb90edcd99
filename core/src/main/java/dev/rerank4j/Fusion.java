package dev.rerank4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Merges the rankings of several retrievers into one. A pure function: the same rankings give the same result, of any
 * number of hits, each with the evidence of every ranking it stood in. Safe for use by several threads.
 */
public interface Fusion {

    /** The stage name of fused rankings. */
    String NAME = "fusion";

    /**
     * Merges rankings into one.
     *
     * @param rankings in the order of the retrievers; one that did not answer is empty, so that places keep their
     *        meaning
     * @return all passages of all rankings, under the name {@value #NAME}
     */
    Ranking fuse(List<Ranking> rankings);

    /**
     * Reciprocal rank fusion: {@code score(d) = sum over rankings of 1 / (k + rank(d))}, where a ranking without the
     * passage adds nothing. Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
     * Rank Learning Methods", SIGIR 2009, where {@code k = 60}.
     *
     * @param k how little the first ranks stand out: the larger, the less; at least 1
     * @return a fusion that looks at ranks alone
     * @throws IllegalArgumentException if {@code k < 1}
     */
    static Fusion reciprocalRank(int k) {
        Checks.atLeastOne("k", k);
        return rankings -> sum(rankings, (place, hit, rank) -> 1.0 / ((double) k + rank));
    }

    /**
     * Weighted sum of min-max normalised scores: {@code score(d) = sum over rankings i of w_i * (s_i(d) - min_i) /
     * (max_i - min_i)}, min and max taken over the hits of ranking {@code i}; a ranking without the passage adds
     * nothing. Where all scores of a ranking are equal, each counts as 1. Fox and Shaw's CombSUM ("Combination of
     * Multiple Searches", TREC-2, 1994) with Lee's normalisation ("Combining Multiple Evidence from Different
     * Properties of Weighting Schemes", SIGIR 1995) and a weight for each ranking.
     *
     * @param weights one for each ranking, in their order; finite, not negative
     * @return a fusion that looks at scores, on the scale of each ranking's lowest and highest
     * @throws IllegalArgumentException if there is no weight or one is negative or not finite; from {@code fuse}, if
     *         there are not as many rankings as weights
     */
    static Fusion weighted(double... weights) {
        double[] w = checked(weights);
        return rankings -> {
            requireWeightForEach(rankings, w);
            List<Spread> spreads = rankings.stream().map(Spread::of).toList();
            return sum(rankings, (place, hit, rank) -> w[place] * spreads.get(place).share(hit.score()));
        };
    }

    /**
     * Weighted sum of standardised scores: {@code score(d) = sum over rankings i of w_i * (s_i(d) - min_i) / sd_i}, min
     * and standard deviation (of the population) taken over the hits of ranking {@code i}; a ranking without the
     * passage adds nothing, as if it had put it last. Where every passage stands in every ranking, that is the sum of
     * z-scores, {@code (s_i(d) - mean_i) / sd_i}, plus a constant that changes no order. Of a ranking whose
     * scores are all equal, as of a single hit, each counts as 2, for want of a scale: a rare word that one passage
     * alone has must not go unheard. Adding a constant to the scores of a ranking or multiplying them
     * by a positive one changes nothing. The ZMUV normalisation of Montague and Aslam, "Relevance Score Normalization
     * for Metasearch", CIKM 2001, there with equal weights.
     *
     * @param weights one for each ranking, in their order; finite, not negative
     * @return a fusion that looks at scores, on the scale of each ranking's standard deviation
     * @throws IllegalArgumentException if there is no weight or one is negative or not finite; from {@code fuse}, if
     *         there are not as many rankings as weights
     */
    static Fusion standardized(double... weights) {
        double[] w = checked(weights);
        return rankings -> {
            requireWeightForEach(rankings, w);
            List<Spread> spreads = rankings.stream().map(Spread::of).toList();
            return sum(rankings, (place, hit, rank) -> w[place] * spreads.get(place).aboveLowest(hit.score()));
        };
    }

    private static double[] checked(double[] weights) {
        if (weights.length == 0) {
            throw new IllegalArgumentException("weights must not be empty");
        }
        for (double weight : weights) {
            if (!(weight >= 0 && Double.isFinite(weight))) {
                throw new IllegalArgumentException("weights must be finite and >= 0, got " + weight);
            }
        }
        return weights.clone();
    }

    private static void requireWeightForEach(List<Ranking> rankings, double[] weights) {
        if (rankings.size() != weights.length) {
            throw new IllegalArgumentException("there must be a weight for each ranking, got " + weights.length
                    + " weights for " + rankings.size() + " rankings");
        }
    }

    private static Ranking sum(List<Ranking> rankings, Contribution contribution) {
        Map<String, FusedHit> fused = new LinkedHashMap<>();
        for (int place = 0; place < rankings.size(); place++) {
            Ranking ranking = rankings.get(place);
            int rank = 0;
            for (Hit hit : ranking) {
                fused.computeIfAbsent(hit.passage().id(), id -> new FusedHit(hit.passage()))
                        .add(contribution.of(place, hit, ++rank), hit.evidence());
            }
        }
        Ranking.Builder result = Ranking.builder(NAME);
        fused.values().forEach(hit -> result.add(hit.sum()));
        return result.build();
    }
}

/** What one ranking adds to a passage's fused score. */
@FunctionalInterface
interface Contribution {
    double of(int place, Hit hit, int rank);
}

/** A passage and what the rankings said of it. */
final class FusedHit {

    private final Passage passage;
    private final List<Double> contributions = new ArrayList<>();
    private final List<Evidence> evidence = new ArrayList<>();

    FusedHit(Passage passage) {
        this.passage = passage;
    }

    void add(double contribution, List<Evidence> reasons) {
        contributions.add(contribution);
        evidence.addAll(reasons);
    }

    Hit sum() {
        // Sorted, because rounding depends on the order: ranks 1, 5, 7 and 7, 1, 5 must tie to the last bit.
        double score = contributions.stream().sorted().mapToDouble(Double::doubleValue).sum();
        return new Hit(passage, score, OptionalDouble.empty(), evidence);
    }
}
