package dev.rerank4j.eval;

import java.util.Map;
import java.util.Set;

/** Judgments: which document answers which query, and how well. Immutable. */
public final class Qrels {

    private final Map<String, Map<String, Integer>> grades;

    private Qrels(Map<String, Map<String, Integer>> grades) {
        this.grades = grades;
    }

    /** Judgments by query id, then document id. */
    public static Qrels of(Map<String, Map<String, Integer>> grades) {
        return new Qrels(Map.copyOf(grades));
    }

    /** Ids of the queries with judgments. */
    public Set<String> queries() {
        return grades.keySet();
    }

    /** The judgments of a query by document id; empty if there are none. */
    public Map<String, Integer> grades(String query) {
        return grades.getOrDefault(query, Map.of());
    }
}
