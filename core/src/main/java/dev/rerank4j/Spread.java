package dev.rerank4j;

/**
 * How the scores of one stage lie: what makes them comparable to those of another. Computed of the scores' shares of
 * the range from lowest to highest, which are 0 to 1, so that nothing overflows however large the scores are.
 */
final class Spread {

    private static final double UNSCALED = 2;

    private final double lowest;
    /** Halves a range that is no finite number. */
    private final double scale;
    private final double range;
    private final double mean;
    private final double deviation;

    private Spread(double[] scores) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double score : scores) {
            least = Math.min(least, score);
            most = Math.max(most, score);
        }
        lowest = least;
        scale = Double.isFinite(most - least) ? 1 : 0.5;
        range = scores.length == 0 || least == most ? 0 : most * scale - least * scale;
        double sum = 0;
        for (double score : scores) {
            sum += share(score);
        }
        mean = sum / scores.length;
        double squares = 0;
        for (double score : scores) {
            squares += (share(score) - mean) * (share(score) - mean);
        }
        deviation = Math.sqrt(squares / scores.length);
    }

    /** Of some finite scores; may be none. */
    static Spread of(double[] scores) {
        return new Spread(scores);
    }

    static Spread of(Ranking ranking) {
        return new Spread(ranking.hits().stream().mapToDouble(Hit::score).toArray());
    }

    /** How far up one of the scores is, from 0, the lowest, to 1, the highest; 1 if all are equal. */
    double share(double score) {
        return range == 0 ? 1 : (score * scale - lowest * scale) / range;
    }

    /**
     * How many standard deviations (of the population) one of the scores is above the lowest; if all are equal
     * {@value #UNSCALED}, as the better of two scores is.
     */
    double aboveLowest(double score) {
        return range == 0 ? UNSCALED : share(score) / deviation;
    }

    /** How many standard deviations (of the population) one of the scores is above the mean; 0 if all are equal. */
    double aboveMean(double score) {
        return range == 0 ? 0 : (share(score) - mean) / deviation;
    }
}
