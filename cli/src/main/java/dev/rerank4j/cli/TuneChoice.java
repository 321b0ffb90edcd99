package dev.rerank4j.cli;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Interval;
import dev.rerank4j.eval.Metric;
import dev.rerank4j.eval.Run;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What {@code tune} recommends: the best configuration, if choosing it so beats today's on queries that it was not
 * chosen with, and not by chance; otherwise today's.
 *
 * @param today today's, or, if that is over the budget, as much of it as fits
 * @param best the best on all queries, within the budget
 * @param todayMean of today's, over all queries
 * @param heldOutMean of what was chosen, each time without the queries it is measured on
 * @param comparison of today's with what was chosen so
 * @param unbounded the best of all, if it is another one
 */
record TuneChoice(int today, int best, Interval todayMean, Interval heldOutMean, Comparison comparison,
        Optional<Integer> unbounded) {

    private static final String TODAY = "today";
    private static final String TUNED = "tuned";

    /**
     * @param allowed what fits the budget
     * @param seed deals the folds, and makes the random numbers of the statistics
     * @throws UsageException if nothing is allowed
     */
    static TuneChoice of(TuneTrial trial, IntPredicate allowed, Metric metric, long seed) {
        int today = today(trial, allowed);
        CrossValidation all = new CrossValidation(trial.values(), trial.millis(), config -> true);
        CrossValidation within = new CrossValidation(trial.values(), trial.millis(), allowed);
        int best = within.best();
        int[] heldOut = within.heldOut(seed);
        Evaluation evaluation = Evaluation.of(trial.data().qrels(),
                List.of(run(TODAY, trial, query -> today), run(TUNED, trial, query -> heldOut[query])),
                List.of(metric), seed);
        Comparison comparison = evaluation.compare(List.of(new Evaluation.Pair(TODAY, TUNED))).getFirst();
        return new TuneChoice(today, best, evaluation.means(TODAY).get(metric.name()),
                evaluation.means(TUNED).get(metric.name()), comparison,
                Optional.of(all.best()).filter(other -> other != best));
    }

    /** Whether the best is recommended: it is better than today's, and that is not likely to be chance. */
    boolean better() {
        return best != today && comparison.delta() > 0 && comparison.p() < Verdict.SIGNIFICANT;
    }

    int recommended() {
        return better() ? best : today;
    }

    /** Today's, the deepest of it that fits, or its first stage, or what is fastest. */
    private static int today(TuneTrial trial, IntPredicate allowed) {
        if (allowed.test(0)) {
            return 0;
        }
        Config today = trial.configs().getFirst();
        IntStream fitting = IntStream.range(0, trial.configs().size()).filter(allowed);
        return fitting.boxed().max(Comparator.comparingInt((Integer i) -> likeness(trial.configs().get(i), today))
                .thenComparingDouble(i -> -trial.millis()[i])).orElseThrow(() -> {
                    int fastest = IntStream.range(0, trial.configs().size()).boxed()
                            .min(Comparator.comparingDouble(i -> trial.millis()[i])).orElseThrow();
                    return new UsageException(String.format(Locale.ROOT,
                            "--budget is less than any search takes here: the fastest, %s, needs about %.1f ms",
                            TuneGrid.text(trial.configs().get(fastest)), trial.millis()[fastest]));
                });
    }

    private static int likeness(Config config, Config today) {
        Config.Search search = config.search();
        boolean sameFirst = search.retriever() == today.search().retriever()
                && search.fusion().equals(today.search().fusion()) && config.index().equals(today.index());
        if (sameFirst && config.reranker().equals(today.reranker())) {
            return 1_000_000 + config.depth();
        }
        return sameFirst && !TuneGrid.reranks(config) ? 1 : 0;
    }

    /** What configurations answered, the one that is to answer each query. */
    private static Run run(String name, TuneTrial trial, IntUnaryOperator chosen) {
        Map<String, List<String>> rankings = new LinkedHashMap<>();
        for (int query = 0; query < trial.queries().size(); query++) {
            rankings.put(trial.queries().get(query), trial.documents().get(chosen.applyAsInt(query)).get(query));
        }
        return Run.of(name, rankings);
    }
}
