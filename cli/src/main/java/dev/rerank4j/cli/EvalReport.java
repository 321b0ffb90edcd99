package dev.rerank4j.cli;

import dev.rerank4j.eval.Comparison;
import dev.rerank4j.eval.Difference;
import dev.rerank4j.eval.Evaluation;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.eval.Report;
import dev.rerank4j.eval.SystemResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Makes a {@link Report} of an {@link Evaluation}: which systems are compared, and which two are shown in detail. */
final class EvalReport {

    /** Queries that are shown with texts. */
    private static final int SHOWN_QUERIES = 20;

    /** Gives the best documents of a query, as a person is shown them. */
    @FunctionalInterface
    interface Shower {

        /**
         * @param systems names
         * @return the best documents of each of them, in their order
         */
        List<List<Difference.Shown>> show(String query, List<String> systems);
    }

    private EvalReport() {
    }

    /**
     * The systems to compare: what reranks with its own first stage, models with the first one that reranks the same
     * candidates, and all with {@code bm25}.
     */
    static List<Evaluation.Pair> pairs(List<EvalSystem.AtDepth> systems) {
        List<EvalSystem> usual = systems.stream().filter(EvalSystem.AtDepth::usual).map(EvalSystem.AtDepth::system)
                .toList();
        Set<Evaluation.Pair> pairs = new LinkedHashSet<>();
        for (EvalSystem system : usual) {
            if (system.reranks() && usual.contains(system.firstStage())) {
                pairs.add(new Evaluation.Pair(system.firstStage().name(), system.name()));
            }
        }
        pairs.addAll(models(usual));
        EvalSystem bm25 = new EvalSystem(Config.Retrieval.BM25, EvalSystem.Second.NONE, "");
        if (usual.contains(bm25)) {
            usual.stream().filter(system -> !system.equals(bm25))
                    .forEach(system -> pairs.add(new Evaluation.Pair(bm25.name(), system.name())));
        }
        return List.copyOf(pairs);
    }

    /** Where models are named, each with the first that stands beside it. */
    private static Set<Evaluation.Pair> models(List<EvalSystem> systems) {
        Set<Evaluation.Pair> pairs = new LinkedHashSet<>();
        Map<Config.Retrieval, EvalSystem> first = new EnumMap<>(Config.Retrieval.class);
        for (EvalSystem system : systems) {
            if (system.reranks()) {
                EvalSystem other = first.putIfAbsent(system.retrieval(), system);
                if (other != null && !(system.model() + other.model()).isEmpty()) {
                    pairs.add(new Evaluation.Pair(other.name(), system.name()));
                }
            }
        }
        return pairs;
    }

    /**
     * The two systems that answer whether reranking helps: the last that reranks among those with their first stage;
     * where models are named, the best of them.
     *
     * @param mean of a system by its name
     */
    static Optional<Evaluation.Pair> shown(List<EvalSystem.AtDepth> systems, ToDoubleFunction<String> mean) {
        List<Evaluation.Pair> reranking = pairs(systems).stream()
                .filter(pair -> pair.b().startsWith(pair.a() + "+")).toList();
        if (systems.stream().anyMatch(each -> !each.system().model().isEmpty()) && !reranking.isEmpty()) {
            return reranking.stream().max(Comparator.comparingDouble(pair -> mean.applyAsDouble(pair.b())));
        }
        List<Evaluation.Pair> asConfigured = reranking.stream().filter(pair -> pair.b().endsWith("+rerank")).toList();
        if (!asConfigured.isEmpty()) {
            return Optional.of(asConfigured.getLast());
        }
        return reranking.isEmpty()
                ? pairs(systems).stream().reduce((first, second) -> second)
                : Optional.of(reranking.getLast());
    }

    static List<SystemResult> results(Evaluation evaluation, List<EvalSystem.AtDepth> systems,
            Map<String, EvalTiming.Timed> timed) {
        // Where all systems run on this machine, there is nothing to tell of costs.
        boolean billed = timed.values().stream().anyMatch(each -> each.cost().calls() > 0);
        return systems.stream().map(system -> new SystemResult(system.name(), system.system().name(),
                system.system().reranks() ? OptionalInt.of(system.depth()) : OptionalInt.empty(),
                evaluation.means(system.name()),
                Optional.ofNullable(timed.get(system.name())).map(EvalTiming.Timed::latency),
                Optional.ofNullable(timed.get(system.name())).map(EvalTiming.Timed::cost).filter(cost -> billed)))
                .toList();
    }

    /** The pair query by query, with the texts of those that changed most. */
    static Difference difference(Evaluation evaluation, Evaluation.Pair pair, String metric,
            Map<String, String> queries, Shower shower) {
        Map<String, Double> before = evaluation.values(pair.a(), metric);
        Map<String, Double> after = evaluation.values(pair.b(), metric);
        List<Difference.Delta> deltas = new ArrayList<>();
        before.forEach((query, value) -> {
            if (after.containsKey(query)) {
                deltas.add(new Difference.Delta(query, value, after.get(query)));
            }
        });
        List<Difference.Change> changes = deltas.stream().filter(delta -> delta.before() != delta.after())
                .sorted(Comparator.comparingDouble(delta -> -Math.abs(delta.after() - delta.before())))
                .limit(SHOWN_QUERIES).map(delta -> {
                    List<List<Difference.Shown>> shown = shower.show(delta.query(), List.of(pair.a(), pair.b()));
                    return new Difference.Change(delta.query(), queries.getOrDefault(delta.query(), ""),
                            delta.before(), delta.after(), shown.get(0), shown.get(1));
                }).toList();
        return new Difference(pair.a(), pair.b(), metric, deltas, changes);
    }

    static OptionalInt grade(Qrels qrels, String query, String document) {
        Integer grade = qrels.grades(query).get(document);
        return grade == null ? OptionalInt.empty() : OptionalInt.of(grade);
    }

    /** The comparison of the two systems that are shown, on the report's first metric. */
    static Optional<Comparison> main(Report report) {
        return report.difference().flatMap(difference -> report.comparisons().stream()
                .filter(comparison -> comparison.a().equals(difference.before())
                        && comparison.b().equals(difference.after()) && comparison.metric().equals(difference.metric()))
                .findFirst());
    }
}
