package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Hit;
import dev.rerank4j.Query;
import dev.rerank4j.Ranking;
import dev.rerank4j.RerankException;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchResult;
import dev.rerank4j.StageReport;
import dev.rerank4j.Stages;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A reranker that keeps the hits which are probable enough, however few, and remembers how near the best came. What no
 * probability speaks for is no hit: where the other reranker does not answer, there is no falling back on the first
 * stage. For one search.
 */
final class RelevantOnly implements Reranker {

    private static final int MOST_DIGITS = 8;

    private final Reranker other;
    private final double least;
    /** Stages of the other; its name, if it is a single one. */
    private final List<String> stages = new CopyOnWriteArrayList<>();
    private volatile Ranking all = Ranking.builder("none").build();

    /**
     * @param least 0 to 1
     */
    RelevantOnly(Reranker other, double least) {
        this.other = other;
        stages.add(other.name());
        this.least = least;
    }

    @Override
    public String name() {
        return other.name();
    }

    /** All candidates are asked for, or those behind the limit could not stand in for what is left out before it. */
    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        return relevant(other.rerank(query, candidates, Math.max(limit, candidates.size()), deadline), limit);
    }

    @Override
    public Optional<Ranking> rerankIn(Stages where, Query query, Ranking candidates, int limit, Deadline deadline) {
        return other.rerankIn((stage, work) -> {
            stages.add(stage);
            return where.run(stage, work);
        }, query, candidates, Math.max(limit, candidates.size()), deadline).map(ranking -> relevant(ranking, limit));
    }

    private Ranking relevant(Ranking ranking, int limit) {
        all = ranking;
        return ranking.atLeast(least).top(limit);
    }

    /**
     * Refuses a result whose hits are not this stage's.
     *
     * @throws UsageException if the model gives no probabilities, or does not apply to the query
     * @throws RerankException if the stage failed, of that kind
     */
    SearchResult checked(SearchResult result) {
        List<StageReport> reports = result.stages().stream().filter(report -> stages.contains(report.stage())).toList();
        if (reports.stream().anyMatch(StageReport.Completed.class::isInstance)) {
            requireProbabilities(); // of a cascade: those of the stages that answered
            return result;
        }
        for (StageReport report : reports) {
            switch (report) {
                case StageReport.Completed done -> {
                }
                case StageReport.Failed failed -> throw new RerankException(failed.kind(),
                        "--min-probability has nothing to go by: " + failed.stage() + " failed: " + failed.reason());
                case StageReport.Skipped skipped -> throw new UsageException(
                        "--min-probability has nothing to go by: " + skipped.stage() + " was skipped: "
                                + skipped.reason());
            }
        }
        return result;
    }

    private void requireProbabilities() {
        if (!all.isEmpty() && best().isEmpty()) {
            throw new UsageException("--min-probability needs a reranker that gives probabilities, and this one gives "
                    + "none: leave the option out, or take --reranker built-in");
        }
    }

    private OptionalDouble best() {
        return all.hits().stream().map(Hit::probability).filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble).max();
    }

    /** Whether something was found and nothing of it was kept. */
    boolean keptNothing() {
        return best().isPresent() && all.atLeast(least).isEmpty();
    }

    /** What to tell people if nothing was kept. */
    String sentence() {
        return "nothing relevant found (best candidate " + shortened(best().orElse(0)) + ", below --min-probability "
                + least + ")";
    }

    /** Two digits, or as many as it takes to see that it is less. */
    private String shortened(double probability) {
        BigDecimal exact = BigDecimal.valueOf(probability);
        int digits = 2;
        while (digits < MOST_DIGITS && exact.setScale(digits, RoundingMode.HALF_UP).doubleValue() >= least) {
            digits++;
        }
        return exact.setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }
}
