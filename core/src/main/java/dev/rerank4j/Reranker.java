package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A second stage: puts the candidates of the first into a better order. Safe for use by several threads. */
public interface Reranker {

    /** The stage's name in evidence and reports; unique within a pipeline. */
    String name();

    /**
     * The best candidates in this stage's order, under this stage's {@link #name()}, each with the evidence it came
     * with.
     *
     * @param candidates not changed
     * @param limit at most so many hits; at least 1
     * @throws IllegalArgumentException if {@code limit < 1}
     * @throws RerankException if the stage cannot answer; it remains usable
     */
    Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline);

    /**
     * A reranker that orders by the model's scores of query and {@link Passage#content()} alone, under the name
     * {@code rerank}. Closing the model remains the caller's affair.
     */
    static Reranker of(Scorer scorer) {
        return new ScoringReranker("rerank", scorer);
    }

    /**
     * A reranker that weighs the model's scores against what earlier stages said, under the name {@code rerank}: a
     * small model overlooks what word and vector statistics see, and the other way round. The fusion is given as many
     * rankings of the candidates as there are names, plus one: first the model's, then that of each named stage, made
     * of its evidence. A stage without evidence of a candidate has not ranked it. Each hit keeps the model's
     * probability, and the logit as evidence of the stage {@value MixingReranker#MODEL}. Closing the model remains the
     * caller's affair.
     *
     * @param fusion by scores, such as {@link Fusion#standardized}, or by ranks
     * @param stages names of stages that may have given evidence, such as {@code bm25} and {@code vector}
     * @throws IllegalArgumentException if no stage is named, or one twice
     */
    static Reranker mixed(Scorer scorer, Fusion fusion, String... stages) {
        return new MixingReranker(new ScoringReranker(MixingReranker.MODEL, scorer), fusion, List.of(stages));
    }

    /**
     * A reranker for candidates that are longer than its model reads: each is cut, the other reranker ranks all pieces
     * together, and the best piece stands for its candidate. A hit is the candidate with the winning piece's
     * {@linkplain Passage#text() text} and {@linkplain Passage#location() location}; its id, title, metadata and
     * evidence stay. Its name is the other reranker's.
     *
     * <p>The rule is MaxP of Dai and Callan, "Deeper Text Understanding for IR with Contextual Neural Language
     * Modeling", SIGIR 2019.
     *
     * @param cutter gives at least one piece of a passage; ids of the pieces do not matter. A chunker of the module
     *        {@code ingest} is one
     */
    static Reranker bestPiece(Reranker other, Function<Passage, List<Passage>> cutter) {
        return new BestPieceReranker(other, cutter);
    }
}

/** {@link Reranker#of}. */
record ScoringReranker(String name, Scorer scorer) implements Reranker {

    @Override
    public Ranking rerank(Query query, Ranking candidates, int limit, Deadline deadline) {
        Checks.atLeastOne("limit", limit);
        List<String> texts = new ArrayList<>(candidates.size());
        candidates.forEach(hit -> texts.add(hit.passage().content()));
        Scores scores = scorer.score(ScoreRequest.of(query.text(), texts, deadline));
        if (scores.size() != texts.size()) {
            throw new RerankException(RerankException.Kind.MODEL, "model " + scorer.name() + " scored " + scores.size()
                    + " texts of " + texts.size());
        }
        boolean calibrated = scores.probabilities().length > 0;
        Ranking.Builder ranking = Ranking.builder(name());
        for (int i = 0; i < texts.size(); i++) {
            Hit hit = candidates.hits().get(i);
            OptionalDouble probability = calibrated
                    ? OptionalDouble.of(scores.probabilities()[i])
                    : OptionalDouble.empty();
            ranking.add(new Hit(hit.passage(), scores.logits()[i], probability, hit.evidence()));
        }
        return ranking.build().top(limit);
    }
}
