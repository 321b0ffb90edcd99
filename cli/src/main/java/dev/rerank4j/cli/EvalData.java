package dev.rerank4j.cli;

import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.eval.Qrels;
import dev.rerank4j.lucene.LuceneIndex;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents, queries and judgments, as {@link EvalRanker} and the statistics take them.
 *
 * @param name for people
 * @param queries text by id, those that are judged, in the order of the judgments; at least one
 * @param filters by query id, those that filter
 * @param qrels of these queries
 * @param prefix what stands before a judgment's document id in the index
 * @param synthetic whether nobody asked these queries
 * @param notes what a reader must know
 * @param contradictions judgments that cannot all be right, a sentence each
 */
record EvalData(String name, Map<String, String> queries, Map<String, Filter> filters, Qrels qrels, String prefix,
        boolean synthetic, List<String> notes, List<String> contradictions) {

    /**
     * The first so many queries that have judgments and a text.
     *
     * @throws UsageException if there are none
     */
    static EvalData of(String name, Map<String, String> texts, Qrels qrels, int most, String prefix, boolean synthetic,
            List<String> notes) {
        Map<String, String> queries = new LinkedHashMap<>();
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        for (String query : qrels.queries()) {
            String text = texts.getOrDefault(query, "");
            if (!text.isBlank() && queries.size() < most) {
                queries.put(query, text);
                grades.put(query, qrels.grades(query));
            }
        }
        if (queries.isEmpty()) {
            throw new UsageException(name + " has no judged queries: " + (qrels.queries().isEmpty()
                    ? "there are no judgments"
                    : "none of the " + qrels.queries().size() + " queries in the judgments has a text"));
        }
        return new EvalData(name, queries, Map.of(), Qrels.of(grades), prefix, synthetic, List.copyOf(notes),
                List.of());
    }

    EvalData filtered(Map<String, Filter> filters) {
        return new EvalData(name, queries, filters, qrels, prefix, synthetic, notes, contradictions);
    }

    EvalData contradicted(List<String> sentences) {
        return new EvalData(name, queries, filters, qrels, prefix, synthetic, notes, List.copyOf(sentences));
    }

    /** What is searched for under this id. */
    Query query(String id) {
        return new Query(queries.getOrDefault(id, ""), filters.getOrDefault(id, Filter.NONE));
    }

    /** The first so many queries. */
    List<Query> first(int most) {
        return queries.keySet().stream().limit(most).map(this::query).toList();
    }

    /** The id by which judgments know a document of the index. */
    String judgedId(String indexed) {
        return indexed.startsWith(prefix) ? indexed.substring(prefix.length()) : indexed;
    }

    /** Whether the index has a document that a judgment names. */
    boolean knows(String judged, LuceneIndex index) {
        return !index.passages(prefix + judged).isEmpty();
    }
}
