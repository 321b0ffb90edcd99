package dev.rerank4j.cli;

import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Latency;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** How long searches take, one after another, by the pipeline that {@code search} uses, nothing cached. */
final class EvalTiming {

    /** Searches before the clock counts: the first ones load classes and wait for the compiler. */
    private static final int WARM_UP = 3;

    private static final int LIMIT = 10;

    private final LuceneIndex index;
    private final Config config;
    private final Optional<? extends Scorer> scorer;

    EvalTiming(LuceneIndex index, Config config, Optional<? extends Scorer> scorer) {
        this.index = index;
        this.config = config;
        this.scorer = scorer;
    }

    /**
     * Times systems, each with the same queries.
     *
     * @return by the systems' names
     * @throws InterruptedException if {@code stop} says so
     */
    Map<String, Latency> measure(List<EvalSystem.AtDepth> systems, List<String> queries, Progress progress,
            BooleanSupplier stop) throws InterruptedException {
        Map<String, Latency> latencies = new LinkedHashMap<>();
        Map<EvalSystem, Map<Integer, Latency>> known = new HashMap<>();
        long all = (long) systems.size() * (queries.size() + WARM_UP);
        progress.start(systems.size(), all);
        for (EvalSystem.AtDepth system : systems) {
            Map<Integer, Latency> depths = known.computeIfAbsent(system.system(), name -> new HashMap<>());
            Latency latency = depths.get(system.depth());
            if (latency == null) {
                latency = measure(system, queries, stop);
                depths.put(system.depth(), latency);
            }
            latencies.put(system.name(), latency);
            long done = (long) latencies.size() * (queries.size() + WARM_UP);
            progress.at(done, done);
        }
        return latencies;
    }

    private Latency measure(EvalSystem.AtDepth system, List<String> queries, BooleanSupplier stop)
            throws InterruptedException {
        double[] millis = new double[queries.size()];
        try (SearchPipeline pipeline = Assembly.pipeline(index, settings(system), reranker(system.system()))) {
            for (int i = -Math.min(WARM_UP, queries.size()); i < queries.size(); i++) {
                if (stop.getAsBoolean()) {
                    throw new InterruptedException("stopped");
                }
                SearchRequest request = new SearchRequest(Query.of(queries.get(Math.abs(i))),
                        SearchRequest.Unit.DOCUMENT, Math.min(LIMIT, system.depth()), system.depth(),
                        config.search().timeout());
                long start = System.nanoTime();
                pipeline.search(request);
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(millis);
        return new Latency(percentile(millis, 50), percentile(millis, 99), millis.length);
    }

    /** The smallest value that so many percent of them do not exceed. */
    static double percentile(double[] sorted, int percent) {
        return sorted[Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.length) - 1)];
    }

    private Config.Search settings(EvalSystem.AtDepth system) {
        Config.Search search = config.search();
        return new Config.Search(Math.min(search.limit(), system.depth()), system.depth(), search.unit(),
                search.timeout(), system.system().retrieval(), search.fusion());
    }

    private Optional<Reranker> reranker(EvalSystem system) {
        return switch (system.second()) {
            case NONE -> Optional.empty();
            case RERANK -> Assembly.reranker(config.reranker(), scorer);
            case MODEL -> scorer.map(Reranker::of);
        };
    }
}
