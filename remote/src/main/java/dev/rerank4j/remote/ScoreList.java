package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;

/** Reads scores that come in any order, each with the place of its text. */
final class ScoreList {

    private ScoreList() {
    }

    /**
     * {@return a score for each text, in the order of the texts}
     *
     * @param service in messages
     * @param scored objects with an {@code index}, and a number of that name
     * @param texts how many there are
     * @throws RerankException {@code MODEL} unless each text has one finite score
     */
    static float[] read(String service, JsonNode scored, String score, int texts) {
        if (!scored.isArray()) {
            throw wrong(service, "without a list of scores");
        }
        if (scored.size() != texts) {
            throw wrong(service, "with " + scored.size() + " scores for " + texts + " texts");
        }
        float[] scores = new float[texts];
        boolean[] seen = new boolean[texts];
        for (JsonNode one : scored) {
            JsonNode index = one.path("index");
            if (!index.isIntegralNumber() || !index.canConvertToInt()) {
                throw wrong(service, "with a score that does not say of which text");
            }
            int place = index.intValue();
            if (place < 0 || place >= texts) {
                throw wrong(service, "with a score of text " + place + ", where 0 to " + (texts - 1) + " were asked");
            }
            if (seen[place]) {
                throw wrong(service, "with two scores of text " + place);
            }
            seen[place] = true;
            JsonNode value = one.path(score);
            if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
                throw wrong(service, "with something that is no finite number as the score of text " + place);
            }
            scores[place] = value.floatValue();
        }
        return scores;
    }

    private static RerankException wrong(String service, String what) {
        return new RerankException(Kind.MODEL, service + " answered " + what);
    }
}
