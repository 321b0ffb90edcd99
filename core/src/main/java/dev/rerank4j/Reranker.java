package dev.rerank4j;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * Reranks in stages that the caller runs, as a {@link SearchPipeline} does: each is timed, reported, skipped and
     * cut off by itself. There is one of them, {@link #rerank rerank} under {@link #name()}, unless this is a
     * {@linkplain #cascade cascade}. A reranker that wraps another has this method, too, if the other's stages are to
     * stay apart; otherwise the two are one stage.
     *
     * @param stages runs them; a stage that fails does not end this method, what {@code stages} itself throws does
     * @param query as for {@code rerank}
     * @param candidates not changed; at least one
     * @param limit at most so many hits; at least 1
     * @param deadline shared by all stages
     * @return as {@code rerank}; empty if no stage answered
     * @throws RerankException of kind {@code UNAVAILABLE} as {@link Stages#run}
     */
    default Optional<Ranking> rerankIn(Stages stages, Query query, Ranking candidates, int limit, Deadline deadline) {
        return stages.run(name(), () -> rerank(query, candidates, limit, deadline).top(limit));
    }

    /**
     * {@return a reranker that has several read one after the other, each the best of what the one before it put first,
     * under the name {@code rerank}} A cheap model reads many candidates, and a good one, which takes too long for
     * that, the few that count.
     *
     * <p>What a stage does not read follows behind what it reads, in the order it had, with scores that fall by 1 from
     * the lowest of those that were read; what a stage reads and does not give is left out. A hit has the evidence of
     * every stage that read it, under the reranker's name with the stage's place, {@code rerank-1}, {@code rerank-2},
     * other evidence of the stage's making likewise ({@code cross-encoder-1}), and at last that of the whole. Its
     * probability is that of the last stage that gave it one.
     *
     * <p>All stages share one deadline; none has a part of its own: a cheap stage should leave most of the time to the
     * next. A stage that fails or is late leaves the order of the one before it, as do those that begin too late. In a
     * {@link SearchPipeline} each is a stage of the search, with a report, and is cut off at the deadline. Called by
     * itself, the cascade waits for a stage that does not heed the deadline, and throws the first failure if no stage
     * answered.
     *
     * <p>An {@linkplain #adaptive adaptive} stage has to {@linkplain AdaptiveDepth#settling settle} as many passages as
     * the next one reads.
     *
     * <p>The idea is that of Wang, Lin and Metzler, "A Cascade Ranking Model for Efficient Ranked Retrieval", SIGIR
     * 2011.
     *
     * @param stages the first reads first; at least one; depths do not grow
     * @throws IllegalArgumentException if there is no stage or depths grow
     */
    static Reranker cascade(List<CascadeStage> stages) {
        return new CascadeReranker(stages);
    }

    /**
     * {@return a reranker that orders by the model's scores of query and {@link Passage#content()} alone, under the
     * name {@code rerank}} Hits have the model's probability; if it gives none, that they came with. Closing the model
     * remains the caller's affair.
     *
     * @param scorer the model; must stay open as long as the reranker is used
     */
    static Reranker of(Scorer scorer) {
        return new ScoringReranker(scorer);
    }

    /**
     * {@return as {@link #adaptive(Scorer, double, Map, double, AdaptiveDepth)}, with nothing of the neighbours}
     *
     * @param scorer the model; must stay open as long as the reranker is used
     * @param modelWeight finite, not negative
     * @param stageWeights by name of a stage that may have given evidence, such as {@code bm25}; finite, not negative
     * @param depth when it stops reading
     * @throws IllegalArgumentException if a weight is negative or not finite
     */
    static Reranker adaptive(Scorer scorer, double modelWeight, Map<String, Double> stageWeights,
            AdaptiveDepth depth) {
        return adaptive(scorer, modelWeight, stageWeights, 0, depth);
    }

    /**
     * {@return a reranker that weighs the model's scores against what earlier stages said and what is said of similar
     * candidates, and stops reading when the top can no longer change usefully, under the name {@code rerank}} A small
     * model overlooks what word and vector statistics see, and the other way round; and what answers a query is like
     * other answers.
     *
     * <p>A candidate's evidence is {@code sum over stages s of w_s * (score_s - lowest_s) / sd_s}; a stage without
     * evidence of it adds nothing, as if it had put it last. Its own score is {@code own = evidence + w_model * (logit -
     * mean) / sd} if it was read, mean and standard deviation taken over the logits so far, and {@code evidence} alone
     * if not, as if the model rated it average. That is a weighted sum of z-scores (see {@link Fusion#standardized}).
     *
     * <p>The neighbours' opinion of a candidate is the average of the others' own scores, weighed by the cosine of what
     * the texts have in common: runs of five characters in words, {@code (1 + ln tf) * ln((n + 1) / df)} among the
     * {@code n} candidates; of a text like no other it is the average of all. The score is {@code (1 - share) * own +
     * share * (mean_own + sd_own * z)}, {@code z} being the z-score of that opinion among the candidates: one step of
     * Diaz, "Regularizing Ad Hoc Retrieval Scores", CIKM 2005, on the scale of the own scores. With a share of 0 the
     * score is the own one.
     *
     * <p>Candidates are read in the order of their scores so far, block by block; {@link AdaptiveDepth} says when it
     * stops. Hits that were read have the model's probability, and the logit as evidence of the stage
     * {@value AdaptiveReranker#MODEL}; the others have no such evidence and, as those to which the model gives no
     * probability, that they came with. All have {@code z} as evidence of the stage {@value
     * AdaptiveReranker#NEIGHBOURS}, unless the share is 0. Closing the model remains the caller's affair.
     *
     * @param scorer the model; must stay open as long as the reranker is used
     * @param modelWeight finite, not negative
     * @param stageWeights by name of a stage that may have given evidence, such as {@code bm25}; finite, not negative
     * @param neighbourShare how much of the score the neighbours have, 0 to 1; 0.2 is what was measured to be best in
     *        {@code docs/quality.md}
     * @param depth when it stops reading
     * @throws IllegalArgumentException if a weight is negative or not finite, or the share not within 0 to 1
     */
    static Reranker adaptive(Scorer scorer, double modelWeight, Map<String, Double> stageWeights,
            double neighbourShare, AdaptiveDepth depth) {
        return new AdaptiveReranker(scorer, modelWeight, stageWeights, neighbourShare, depth);
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
