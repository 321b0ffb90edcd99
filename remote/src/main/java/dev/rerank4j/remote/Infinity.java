package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Infinity, asked for logits. It takes 2,048 documents at once.
 *
 * @see <a href="https://michaelfeil.eu/infinity/latest/swagger_ui/">API</a>
 */
record Infinity() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("infinity", URI.create("http://localhost:7997"), "INFINITY_API_KEY", "",
                new RerankLimits(2048, RerankLimits.NONE, RerankLimits.NONE), BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("raw_scores", true).put("return_documents", false);
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer.path("results");
    }

    @Override
    public String score() {
        return "relevance_score";
    }
}
