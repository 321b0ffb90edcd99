package dev.rerank4j.onnx;

import dev.rerank4j.Scorer;
import dev.rerank4j.ScorerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BuiltInScorerTest extends ScorerContract {

    private static OnnxScorer scorer;

    @BeforeAll
    static void load() {
        scorer = OnnxScorer.builtIn();
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    @Override
    protected Scorer scorer() {
        return scorer;
    }

    @Override
    protected Scorer freshScorer() {
        return OnnxScorer.builtIn();
    }

    @Override
    protected double tolerance() {
        return 1e-4;
    }
}
