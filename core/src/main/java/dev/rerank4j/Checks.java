package dev.rerank4j;

/** The grammar of complaints: "limit must be >= 1, got 0". */
final class Checks {

    private Checks() {
    }

    static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be >= 1, got " + value);
        }
    }

    /** @throws RerankException {@code MODEL} if the model did not give a score for each text */
    static void scoreForEach(int texts, Scores scores, Scorer model) {
        if (scores.size() != texts) {
            throw new RerankException(RerankException.Kind.MODEL,
                    "model " + model.name() + " scored " + scores.size() + " texts of " + texts);
        }
    }
}
