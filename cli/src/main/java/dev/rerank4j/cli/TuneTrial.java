package dev.rerank4j.cli;

import dev.rerank4j.Deadline;
import dev.rerank4j.Query;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.eval.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of configurations that share an index.
 *
 * @param data what was asked, and what is right
 * @param configs what was tried, today's settings first
 * @param queries ids, in the order of the answers
 * @param documents the best documents of each configuration, of each query
 * @param values the metric of each configuration, of each query
 * @param millis about how long the median search of each takes on this machine
 */
record TuneTrial(EvalData data, List<Config> configs, List<String> queries, List<List<List<String>>> documents,
        double[][] values,
        double[] millis) {

    /** Queries that are timed for the first stages. */
    private static final int TIMED = 10;

    /** Pairs that are scored to learn what one costs. */
    private static final int PAIRS = 64;

    /** How often a model is asked to learn what a pair costs. */
    static final int COSTS = 2;

    /** Both, of the same queries. */
    TuneTrial plus(TuneTrial other) {
        List<Config> allConfigs = new ArrayList<>(configs);
        allConfigs.addAll(other.configs);
        List<List<List<String>>> allDocuments = new ArrayList<>(documents);
        allDocuments.addAll(other.documents);
        double[][] allValues = Arrays.copyOf(values, allConfigs.size());
        System.arraycopy(other.values, 0, allValues, values.length, other.values.length);
        double[] allMillis = Arrays.copyOf(millis, allConfigs.size());
        System.arraycopy(other.millis, 0, allMillis, millis.length, other.millis.length);
        return new TuneTrial(data, allConfigs, queries, allDocuments, allValues, allMillis);
    }

    /** Asks every query of a session. */
    static TuneTrial run(EvalSession session, List<Config> configs, Metric metric, Progress progress, Interrupt stop) {
        EvalData data = session.data();
        Cost cost = Cost.measure(session, configs.getFirst(), stop);
        Simulation simulation = new Simulation(session.index(), configs, session.scorers(),
                EvalCommand.cut(metric), session.applicability(Config.Retrieval.HYBRID), data::judgedId);
        List<String> queries = List.copyOf(data.queries().keySet());
        List<List<List<String>>> answers = new ArrayList<>();
        configs.forEach(config -> answers.add(new ArrayList<>()));
        double[][] values = new double[configs.size()][queries.size()];
        double[][] costs = new double[configs.size()][queries.size()];
        progress.start(queries.size(), queries.size());
        for (int query = 0; query < queries.size(); query++) {
            String id = queries.get(query);
            List<Simulation.Answer> answered = simulation.answers(data.query(id));
            for (int config = 0; config < configs.size(); config++) {
                Simulation.Answer answer = answered.get(config);
                answers.get(config).add(answer.documents());
                values[config][query] = metric.of(data.qrels().grades(id), answer.documents());
                costs[config][query] = cost.of(configs.get(config), answer.pairs());
            }
            session.keep();
            progress.at(query + 1L, session.pairs());
        }
        double[] millis = new double[configs.size()];
        for (int config = 0; config < configs.size(); config++) {
            Arrays.sort(costs[config]);
            millis[config] = costs[config][(queries.size() - 1) / 2];
        }
        return new TuneTrial(data, configs, queries, answers, values, millis);
    }

    /**
     * What a search is made of, in milliseconds.
     *
     * @param firstStages the median of each
     * @param pairs what each model needs for one
     */
    private record Cost(Map<Config.Retrieval, Double> firstStages, List<Double> pairs) {

        static Cost measure(EvalSession session, Config config, Interrupt stop) {
            List<Query> queries = session.data().first(TIMED);
            EvalTiming timing = new EvalTiming(session.index(), config, stop);
            Map<Config.Retrieval, Double> firstStages = new EnumMap<>(Config.Retrieval.class);
            for (Config.Retrieval retrieval : Config.Retrieval.EMBEDDED) {
                firstStages.put(retrieval, timing.measure(config.search().first(retrieval, config.search().fusion()),
                        Optional.empty(), session.applicability(retrieval), queries,
                        new EvalBill(List.of())).p50());
            }
            return new Cost(firstStages, session.models().stream().map(model -> {
                List<String> texts = new ArrayList<>();
                String query = queries.getFirst().text(); // whatever it filters: any texts will do
                session.index().vector().retrieve(Query.of(query), PAIRS, Deadline.none())
                        .forEach(hit -> texts.add(hit.passage().content()));
                if (texts.isEmpty()) {
                    return 0.0;
                }
                model.scorer().score(ScoreRequest.of(query, texts.subList(0, Math.min(8, texts.size())))); // to warm up
                long start = System.nanoTime();
                model.scorer().score(ScoreRequest.of(query, texts));
                return (System.nanoTime() - start) / 1e6 / texts.size();
            }).toList());
        }

        double of(Config config, List<Integer> read) {
            double millis = firstStages.get(config.search().retriever());
            for (int i = 0; i < read.size(); i++) {
                millis += read.get(i) * pairs.get(i);
            }
            return millis;
        }
    }
}
