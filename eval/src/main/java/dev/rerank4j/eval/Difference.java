package dev.rerank4j.eval;

import java.util.List;
import java.util.OptionalInt;

/**
 * Two systems query by query, so that a person sees where and why one is better.
 *
 * @param before the name of the system compared with, such as {@code hybrid}
 * @param after the name of the system in question, such as {@code hybrid+rerank}
 * @param metric the metric's name
 * @param queries every query that both answered
 * @param changes the queries that changed most, the largest change first
 */
public record Difference(String before, String after, String metric, List<Delta> queries, List<Change> changes) {

    /** Copies the lists. */
    public Difference {
        queries = List.copyOf(queries);
        changes = List.copyOf(changes);
    }

    /**
     * One query's value of the metric in both systems.
     *
     * @param query the query's id
     * @param before the value in the system compared with
     * @param after the value in the system in question
     */
    public record Delta(String query, double before, double after) {
    }

    /**
     * One query with the best documents of both systems, best first.
     *
     * @param query the query's id
     * @param text what was asked
     * @param before the value of the metric in the system compared with
     * @param after the value of the metric in the system in question
     * @param beforeHits the best documents of the system compared with, best first; copied
     * @param afterHits the best documents of the system in question, best first; copied
     */
    public record Change(String query, String text, double before, double after, List<Shown> beforeHits,
            List<Shown> afterHits) {

        /** Copies the lists. */
        public Change {
            beforeHits = List.copyOf(beforeHits);
            afterHits = List.copyOf(afterHits);
        }
    }

    /**
     * A document in a ranking, as a person is shown it.
     *
     * @param document its id
     * @param title possibly empty
     * @param text the passage that stands for the document
     * @param grade its judgment; empty if nobody judged it
     */
    public record Shown(String document, String title, String text, OptionalInt grade) {
    }
}
