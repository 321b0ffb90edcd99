package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest.Side;
import java.net.URI;

/**
 * Hugging Face's Text Embeddings Inference, which has one model and gives its logits. 32 texts are what it takes at
 * once unless it is started with another {@code --max-client-batch-size}.
 *
 * @see <a href="https://huggingface.github.io/text-embeddings-inference/">API</a>
 */
record Tei() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("tei", URI.create("http://localhost:8080"), "TEI_API_KEY", "",
                new RerankLimits(32, RerankLimits.NONE, RerankLimits.NONE), BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        ObjectNode request = HttpService.JSON.createObjectNode().put("query", question.query())
                .put("raw_scores", true).put("return_text", false).put("truncate", true)
                .put("truncation_direction", question.cut() == Side.START ? "left" : "right");
        question.texts().forEach(request.putArray("texts")::add);
        return request;
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer;
    }

    @Override
    public String score() {
        return "score";
    }

    @Override
    public boolean cutsAtStart() {
        return true;
    }
}
