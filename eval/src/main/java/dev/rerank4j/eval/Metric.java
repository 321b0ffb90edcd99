package dev.rerank4j.eval;

import java.util.List;
import java.util.Map;

/** A measure of one ranking against the judgments of its query. A pure function. */
public interface Metric {

    /** Its name with the cut-off, such as {@code ndcg@10}. */
    String name();

    /**
     * The measure of one query.
     *
     * @param grades document id to grade; a document that is not there was not judged
     * @param documents ids of the ranking, best first, each once
     */
    double of(Map<String, Integer> grades, List<String> documents);
}
