package dev.rerank4j.eval;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rankings that a system gave for the queries of a collection. Immutable. */
public final class Run {

    private final String name;
    private final Map<String, List<String>> rankings;

    private Run(String name, Map<String, List<String>> rankings) {
        this.name = name;
        this.rankings = rankings;
    }

    /** Document ids by query id, best first. */
    public static Run of(String name, Map<String, List<String>> rankings) {
        return new Run(name, Map.copyOf(rankings));
    }

    /** The system's name: the tag of its run file. */
    public String name() {
        return name;
    }

    /** Ids of the queries that were answered. */
    public Set<String> queries() {
        return rankings.keySet();
    }

    /** Document ids of a query, best first; empty if it was not answered. */
    public List<String> documents(String query) {
        return rankings.getOrDefault(query, List.of());
    }
}
