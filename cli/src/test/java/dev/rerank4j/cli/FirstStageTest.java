package dev.rerank4j.cli;

import dev.rerank4j.CascadeStage;
import dev.rerank4j.Reranker;
import dev.rerank4j.RerankerContract;
import dev.rerank4j.WordScorer;
import java.util.List;

/** {@link FirstStage} takes nothing from the reranker whose candidates it remembers. */
class FirstStageTest extends RerankerContract {

    private final Reranker remembering = new FirstStage(Reranker.cascade(List.of(
            new CascadeStage(Reranker.of(new WordScorer()), 50), new CascadeStage(Reranker.of(new WordScorer()), 3))));

    @Override
    protected Reranker reranker() {
        return remembering;
    }
}
