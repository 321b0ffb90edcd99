package dev.rerank4j.cli;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Interval;
import dev.rerank4j.eval.Latency;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What {@code tune} found, for people.
 *
 * @param latency of what is recommended, measured
 */
record TuneSummary(TuneTrial trial, TuneChoice choice, String metric, Latency latency) {

    void print(PrintStream out, int width, boolean colours) {
        out.println(Style.BOLD.on(trial.data().name(), colours) + ", " + Units.count(trial.queries().size())
                + " queries, " + Units.count(trial.configs().size()) + " configurations, " + CrossValidation.FOLDS
                + " folds");
        if (trial.data().synthetic()) {
            out.println(Style.DOWN.on("SYNTHETIC QUERIES: made from the documents themselves, nobody asked them.",
                    colours));
        }
        out.println();
        CrossValidation means = new CrossValidation(trial.values(), trial.millis(), config -> true);
        Map<String, Integer> shown = new LinkedHashMap<>();
        shown.put(choice.today() == 0 ? "today" : "today, within the budget", choice.today());
        best(config -> !TuneGrid.reranks(config)).ifPresent(config -> shown.put("best without reranking", config));
        best(TuneGrid::reranks).ifPresent(config -> shown.put("best with reranking", config));
        choice.unbounded().ifPresent(config -> shown.put("best without the budget", config));
        int widest = shown.keySet().stream().mapToInt(String::length).max().orElse(0);
        out.println(" ".repeat(widest) + "  " + TextLayout.padLeft(metric, 8) + "  about ms  configuration");
        shown.forEach((what, config) -> out.println(TextLayout.pad(what, widest) + "  "
                + TextLayout.padLeft(Verdict.number(means.mean(config)), 8) + "  "
                + TextLayout.padLeft(String.format(Locale.ROOT, "%,.0f", trial.millis()[config]), 8) + "  "
                + TuneGrid.text(trial.configs().get(config))));
        out.println();
        out.println("Means over all queries, also those the best were chosen with: they flatter the best.");
        out.println(
                "On queries that it was not chosen with, the best has " + interval(choice.heldOutMean()) + ", today's "
                        + interval(choice.todayMean()) + ".");
        out.println();
        for (String sentence : verdict()) {
            TextLayout.lines(sentence, width).forEach(line -> out
                    .println(Style.BOLD.on(sentence.substring(line.start(), line.end()), colours)));
        }
    }

    private static String interval(Interval mean) {
        return Verdict.number(mean.mean()) + String.format(Locale.ROOT, " [%.3f, %.3f]", mean.low(), mean.high());
    }

    /** The best of a kind that the budget allows as far as is known. */
    private Optional<Integer> best(Predicate<Config> kind) {
        IntPredicate of = config -> kind.test(trial.configs().get(config))
                && trial.millis()[config] <= Math.max(trial.millis()[choice.best()], trial.millis()[choice.today()]);
        return IntStream.range(0, trial.configs().size()).anyMatch(of)
                ? Optional.of(new CrossValidation(trial.values(), trial.millis(), of).best())
                : Optional.empty();
    }

    private List<String> verdict() {
        List<String> sentences = new ArrayList<>();
        Comparison c = choice.comparison();
        String figures = String.format(Locale.ROOT, "%s in %s (95 %% interval %s to %s, p %s)",
                Verdict.signed(c.delta()),
                metric, Verdict.signed(c.low()), Verdict.signed(c.high()), Verdict.p(c.p()));
        Config recommended = trial.configs().get(choice.recommended());
        if (choice.better()) {
            sentences.add("Recommended: " + TuneGrid.text(recommended) + ". Cross-validated against today's settings: "
                    + figures + ".");
        } else if (choice.best() == choice.today()) {
            sentences.add("Today's settings are the best of what was tried: keep them.");
        } else {
            sentences.add("Nothing beats today's settings clearly: cross-validated, the best is " + figures
                    + " from them. Recommended: " + (choice.today() == 0 ? "today's settings, " : "")
                    + TuneGrid.text(recommended) + ".");
        }
        sentences.add(String.format(Locale.ROOT, "It answers half of the searches within %.0f ms on this machine.",
                latency.p50()));
        return sentences;
    }

    /** For the head of the configuration file. */
    String comment() {
        return String.format(Locale.ROOT, """
                # Made by 'rerank tune' on %s, %d %squeries: %s %.3f cross-validated, today's settings %.3f (p %s).
                # %s
                # p50 %.0f ms, measured where it was made.
                """, TextLayout.printable(trial.data().name()), trial.queries().size(),
                trial.data().synthetic() ? "SYNTHETIC " : "", metric, choice.heldOutMean().mean(),
                choice.todayMean().mean(), Verdict.p(choice.comparison().p()),
                choice.better() ? "It beats them clearly." : "Nothing beats them clearly, so these are they.",
                latency.p50());
    }
}
