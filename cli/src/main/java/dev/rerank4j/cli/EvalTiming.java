package dev.rerank4j.cli;

import dev.rerank4j.Applicability;
import dev.rerank4j.Query;
import dev.rerank4j.Reranker;
import dev.rerank4j.SearchPipeline;
import dev.rerank4j.SearchRequest;
import dev.rerank4j.SearchResult;
import dev.rerank4j.eval.Cost;
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

/**
 * How long searches take, one after another, by the pipeline that {@code search} uses, nothing cached, and what they
 * cost: the same queries for each system, after a few that do not count. A system is timed for about ten seconds at
 * most, but with five queries at least.
 */
final class EvalTiming {

    /** The first searches load classes and wait for the compiler. */
    private static final int WARM_UP = 3;

    /** Of those that ask a provider: connections are made. Each may cost. */
    private static final int WARM_UP_REMOTE = 1;

    private static final int LEAST = 5;
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LuceneIndex index;
    private final Config config;
    private final BooleanSupplier stop;

    /**
     * @param config its unit is the document
     */
    EvalTiming(LuceneIndex index, Config config, BooleanSupplier stop) {
        this.index = index;
        this.config = config;
        this.stop = stop;
    }

    /**
     * What was measured of a system.
     *
     * @param degraded in how many of the searches a stage failed
     */
    record Timed(Latency latency, Cost cost, int degraded) {
    }

    /** How many searches of so many queries a system is asked for at most, those that do not count included. */
    static int searches(int queries, boolean remote) {
        return queries + Math.min(remote ? WARM_UP_REMOTE : WARM_UP, queries);
    }

    /**
     * @param session whose models are asked as they are
     * @param queries at least one
     * @return by the systems' names
     * @throws EvalScorer.Stopped if somebody wants it to end
     */
    Map<String, Timed> measure(EvalSession session, List<EvalSystem.AtDepth> systems, List<Query> queries,
            Progress progress) {
        Map<Place, Timed> known = new HashMap<>();
        Map<String, Timed> timed = new LinkedHashMap<>();
        List<Place> places = systems.stream().map(Place::of).distinct().toList();
        // What reranks takes as long as it is deep, all else no time in comparison.
        long all = places.stream().mapToLong(Place::weight).sum();
        long done = 0;
        progress.start(places.size(), all);
        for (Place place : places) {
            known.put(place, measure(session, place, queries));
            done += place.weight();
            progress.at(done, known.size());
        }
        systems.forEach(system -> timed.put(system.name(), known.get(Place.of(system))));
        return timed;
    }

    private Timed measure(EvalSession session, Place place, List<Query> queries) {
        Config.Search search = config.search();
        EvalSystem system = place.system();
        Optional<Reranker> reranker = system.reranks()
                ? system.reranker(session.config(system.model()), session.models(system.model()))
                : Optional.empty();
        return timed(search.at(place.depth()).first(system.retrieval(), search.fusion()), reranker,
                session.applicability(system.retrieval(), system.model()), queries,
                new EvalBill(system.reranks() ? session.rerankers(system.model()) : List.of()));
    }

    /**
     * Times searches with these settings.
     *
     * @param bill of the models of the second stage
     */
    Latency measure(Config.Search settings, Optional<? extends Reranker> reranker, Applicability applicability,
            List<Query> queries, EvalBill bill) {
        return timed(settings, reranker, applicability, queries, bill).latency();
    }

    private Timed timed(Config.Search settings, Optional<? extends Reranker> reranker, Applicability applicability,
            List<Query> queries, EvalBill bill) {
        List<Double> millis = new ArrayList<>();
        int degraded = 0;
        long start = System.nanoTime();
        try (SearchPipeline pipeline = Assembly.pipeline(new EmbeddedIndex(index), settings, reranker, applicability)) {
            for (int i = 0; i < Math.min(bill.isRemote() ? WARM_UP_REMOTE : WARM_UP, queries.size()); i++) {
                search(pipeline, queries.get(i), settings);
            }
            for (Query query : queries) {
                if (millis.size() >= LEAST && System.nanoTime() - start > MOST_NANOS) {
                    break;
                }
                bill.begin();
                long before = System.nanoTime();
                SearchResult result = search(pipeline, query, settings);
                millis.add((System.nanoTime() - before) / 1e6);
                bill.end();
                degraded += result.degraded() ? 1 : 0;
            }
        }
        Collections.sort(millis);
        return new Timed(new Latency(percentile(millis, 50), percentile(millis, 99), millis.size()), bill.cost(),
                degraded);
    }

    private SearchResult search(SearchPipeline pipeline, Query query, Config.Search settings) {
        if (stop.getAsBoolean()) {
            throw new EvalScorer.Stopped();
        }
        return pipeline.search(new SearchRequest(query, settings.unit(), settings.limit(),
                settings.depthOr(config.reranker().depth()), settings.timeout()));
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
