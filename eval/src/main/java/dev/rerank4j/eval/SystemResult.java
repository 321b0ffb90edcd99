package dev.rerank4j.eval;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was measured of one system.
 *
 * @param name unique in a report, such as {@code bm25} or {@code hybrid+rerank@20}
 * @param family the name without the depth: what the points of one curve share
 * @param depth how many candidates were reranked; empty for a system that does not rerank, or a run file
 * @param metrics by metric name, in the order asked for; the first is the one that plots show
 * @param latency empty where nothing was timed, as of a run file
 * @param cost empty where nobody else is asked, or nothing was measured of it
 */
public record SystemResult(String name, String family, OptionalInt depth, Map<String, Interval> metrics,
        Optional<Latency> latency, Optional<Cost> cost) {

    /**
     * A system of which no cost is known.
     *
     * @param name unique in a report
     * @param family the name without the depth
     * @param depth how many candidates were reranked; empty for a system that does not rerank, or a run file
     * @param metrics by metric name, in the order asked for
     * @param latency empty where nothing was timed, as of a run file
     */
    public SystemResult(String name, String family, OptionalInt depth, Map<String, Interval> metrics,
            Optional<Latency> latency) {
        this(name, family, depth, metrics, latency, Optional.empty());
    }
}
