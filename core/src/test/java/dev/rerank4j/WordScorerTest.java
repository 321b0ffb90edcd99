package dev.rerank4j;

class WordScorerTest extends ScorerContract {

    private final Scorer scorer = new WordScorer();

    @Override
    protected Scorer scorer() {
        return scorer;
    }

    @Override
    protected Scorer freshScorer() {
        return new WordScorer();
    }

    @Override
    protected double tolerance() {
        return 0;
    }
}
