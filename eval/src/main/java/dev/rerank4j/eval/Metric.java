package dev.rerank4j.eval;

import java.util.List;
import java.util.Map;

/**
 * A measure of one ranking against the judgments of its query: a pure function, 0 to 1, higher is better. Documents
 * with a grade above 0 are relevant; what was not judged is not. Of a query without relevant documents each is 0, but
 * for {@code judged@k}.
 */
public interface Metric {

    /** {@return its name with the cut-off, such as {@code ndcg@10}} */
    String name();

    /**
     * The measure of one query.
     *
     * @param grades document id to grade; a document that is not there was not judged
     * @param documents ids of the ranking, best first, each once; possibly none
     * @return 0 to 1; higher is better
     */
    double of(Map<String, Integer> grades, List<String> documents);

    /**
     * {@return a metric by its name, in capitals or not} With {@code @k} only the first k documents count, without it
     * all do.
     * <ul>
     * <li>{@code ndcg@k}: discounted cumulated gain {@code sum over ranks r of gain(r) / log2(r + 1)}, divided by that
     * of the best possible ranking of all judged documents; the gain is the grade, a negative one counting as 0.
     * Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002, in the variant
     * of trec_eval's {@code ndcg_cut}.
     * <li>{@code ndcg_exp@k}: the same with the gain {@code 2^grade - 1}. Burges et al., "Learning to Rank using
     * Gradient Descent", ICML 2005; TREC's gdeval.
     * <li>{@code mrr@k}: 1 / rank of the first relevant document, 0 if there is none; trec_eval's {@code recip_rank}.
     * <li>{@code map@k}: the mean, over all relevant documents, of the precision at their ranks, 0 for those not
     * found; trec_eval's {@code map} and {@code map_cut}.
     * <li>{@code recall@k}: the share of relevant documents found; trec_eval's {@code recall}.
     * <li>{@code p@k}: relevant documents among the first k, divided by k; trec_eval's {@code P}. It needs a cut-off.
     * <li>{@code hit@k}: 1 if a relevant document is among the first k, else 0; trec_eval's {@code success}.
     * <li>{@code judged@k}: judged documents among the first k, divided by how many there are (at most k): how far the
     * other measures can be trusted; ir-measures' {@code Judged}.
     * </ul>
     *
     * @param name such as {@code ndcg@10}
     * @throws IllegalArgumentException if there is no such metric, or {@code k < 1}
     */
    static Metric parse(String name) {
        return CutMetric.parse(name);
    }
}
