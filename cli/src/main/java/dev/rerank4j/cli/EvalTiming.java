package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.eval.Latency;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * How long searches take, one after another, by the pipeline that {@code search} uses, nothing cached: the same queries
 * for each system, after a few that do not count. A system is timed for about ten seconds at most, but with five
 * queries at least.
 */
final class EvalTiming {

    /** The first searches load classes and wait for the compiler. */
    private static final int WARM_UP = 3;

    private static final int LEAST = 5;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LuceneIndex index;
    private final Config config;
    private final List<StageScorer> scorers;
    private final Function<Config.Retrieval, Applicability> applicability;
    private final BooleanSupplier stop;

    /**
     * @param config its unit is the document
     * @param scorers such as keep nothing
     * @param applicability of pipelines with this first stage
     */
    EvalTiming(LuceneIndex index, Config config, List<StageScorer> scorers,
            Function<Config.Retrieval, Applicability> applicability, BooleanSupplier stop) {
        this.index = index;
        this.config = config;
        this.scorers = scorers;
        this.applicability = applicability;
        this.stop = stop;
    }

    /**
     * @param queries at least one
     * @return by the systems' names
     * @throws EvalScorer.Stopped if somebody wants it to end
     */
    Map<String, Latency> measure(List<EvalSystem.AtDepth> systems, List<Query> queries, Progress progress) {
        Map<Place, Latency> known = new HashMap<>();
        Map<String, Latency> latencies = new LinkedHashMap<>();
        List<Place> places = systems.stream().map(Place::of).distinct().toList();
        // What reranks takes as long as it is deep, all else no time in comparison.
        long all = places.stream().mapToLong(Place::weight).sum();
        long done = 0;
        progress.start(places.size(), all);
        for (Place place : places) {
            known.put(place, measure(place, queries));
            done += place.weight();
            progress.at(done, known.size());
        }
        systems.forEach(system -> latencies.put(system.name(), known.get(Place.of(system))));
        return latencies;
    }

    private Latency measure(Place place, List<Query> queries) {
        Config.Search search = config.search();
        return measure(search.at(place.depth()).first(place.system().retrieval(), search.fusion()),
                place.system().reranker(config, scorers), queries);
    }

    /** Times searches with these settings. */
    Latency measure(Config.Search settings, Optional<? extends Reranker> reranker, List<Query> queries) {
        List<Double> millis = new ArrayList<>();
        long start = System.nanoTime();
        try (SearchPipeline pipeline = Assembly.pipeline(new EmbeddedIndex(index), settings, reranker,
                applicability.apply(settings.retriever()))) {
            for (int i = 0; i < Math.min(WARM_UP, queries.size()); i++) {
                search(pipeline, queries.get(i), settings);
            }
            for (Query query : queries) {
                if (millis.size() >= LEAST && System.nanoTime() - start > MOST_NANOS) {
                    break;
                }
                millis.add(search(pipeline, query, settings));
            }
        }
        Collections.sort(millis);
        return new Latency(percentile(millis, 50), percentile(millis, 99), millis.size());
    }

    private double search(SearchPipeline pipeline, Query query, Config.Search settings) {
        if (stop.getAsBoolean()) {
            throw new EvalScorer.Stopped();
        }
        SearchRequest request = new SearchRequest(query, settings.unit(), settings.limit(),
                settings.depthOr(config.reranker().depth()), settings.timeout());
        long start = System.nanoTime();
        pipeline.search(request);
        return (System.nanoTime() - start) / 1e6;
    }

    /** The smallest of the values, ascending, that so many percent of them do not exceed. */
    static double percentile(List<Double> sorted, int percent) {
        return sorted.get(Math.max(0, (int) Math.ceil(percent / 100.0 * sorted.size()) - 1));
    }

    /** A system at a depth, whatever its name. */
    private record Place(EvalSystem system, int depth) {

        static Place of(EvalSystem.AtDepth system) {
            return new Place(system.system(), system.depth());
        }

        long weight() {
            return system.reranks() ? depth : 1;
        }
    }
}
