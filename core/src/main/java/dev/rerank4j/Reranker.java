package dev.rerank4j;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A second stage: puts the candidates of the first into a better order. Safe for use by several threads. */
public interface Reranker {

    /** {@return the stage's name in evidence and reports; unique within a pipeline} */
    String name();

    /**
     * {@return the best candidates in this stage's order, under this stage's {@link #name()}, each with the evidence it
     * came with}
     *
     * @param query what the candidates were retrieved for; its filter has been applied
     * @param candidates not changed
     * @param limit at most so many hits; at least 1
     * @param deadline when nobody waits any more; a reranker that cannot stop may ignore it, the pipeline does not
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if the stage cannot answer; it remains usable
     */
    Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline);

    /**
     * {@return a reranker that orders by the model's scores of query and {@link Passage#content()} alone, under the
     * name {@code rerank}} Closing the model remains the caller's affair.
     *
     * @param scorer the model; must stay open as long as the reranker is used
     */
    static Reranker of(Scorer scorer) {
        return new ScoringReranker(scorer);
    }

    /**
     * {@return a reranker that weighs the model's scores against what earlier stages said, and stops reading when the
     * top can no longer change usefully, under the name {@code rerank}} A small model overlooks what word and vector
     * statistics see, and the other way round.
     *
     * <p>It reads candidates in the order of their evidence, {@code sum over stages s of w_s * (score_s - lowest_s) /
     * sd_s}, block by block; a stage without evidence of a candidate adds nothing, as if it had put it last. What has
     * been read is scored {@code evidence + w_model * (logit - mean) / sd}, mean and standard deviation taken over the
     * logits so far; what has not been read {@code evidence} alone, as if the model rated it average. That is a
     * weighted sum of z-scores (see {@link Fusion#standardized}). {@link AdaptiveDepth} says when it stops. Hits that
     * were read have the model's probability, and the logit as evidence of the stage {@value AdaptiveReranker#MODEL};
     * the others have neither. Closing the model remains the caller's affair.
     *
     * @param scorer the model; must stay open as long as the reranker is used
     * @param modelWeight finite, not negative
     * @param stageWeights by name of a stage that may have given evidence, such as {@code bm25}; finite, not negative
     * @param depth when it stops reading
     * @throws IllegalArgumentException if a weight is negative or not finite
     */
    static Reranker adaptive(Scorer scorer, double modelWeight, Map<String, Double> stageWeights,
            AdaptiveDepth depth) {
        return new AdaptiveReranker(scorer, modelWeight, stageWeights, depth);
    }

    /**
     * {@return a reranker for candidates that are longer than its model reads: each is cut, the other reranker ranks
     * all pieces together, and the best piece stands for its candidate; of equal ones the first} A hit is the candidate
     * with the winning piece's {@linkplain Passage#text() text} and {@linkplain Passage#location() location}; its id,
     * document, title, metadata and evidence stay. Evidence that the other reranker added besides its own follows, with
     * ranks among the pieces. The name is the other reranker's.
     *
     * <p>To the other reranker each piece is a passage with the evidence and the document of its candidate. An
     * {@linkplain #adaptive adaptive} one therefore settles the best pieces, unless its unit is the document.
     *
     * <p>The rule is MaxP of Dai and Callan, "Deeper Text Understanding for IR with Contextual Neural Language
     * Modeling", SIGIR 2019.
     *
     * @param other ranks the pieces
     * @param cutter gives the pieces of a passage, of which title, text and location count; none if it need not be cut.
     *        Called by the threads that rerank. {@code chunker::cut} of the module {@code ingest} is one
     */
    static Reranker bestPiece(Reranker other, Function<Passage, List<Passage>> cutter) {
        return new BestPieceReranker(other, cutter);
    }
}
