package dev.rerank4j.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rerank4j.Scorer;
import dev.rerank4j.ScorerContract;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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

    @Test
    void itKnowsEnglish() {
        assertEquals(Set.of("en"), scorer.spec().languages());
        assertEquals(Set.of(), TestModels.spec(TestModels.CROSS_ENCODER).languages());
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
