package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * vLLM's server, at its route for scores, which gives logits if asked for and does not send the texts back as its route
 * for reranking does. It has no limit of texts: 1,000 at a time are ours. {@code -1} has it cut at the model's window.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/models/pooling_models/scoring.html">Score API</a>
 */
record Vllm() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("vllm", URI.create("http://localhost:8000"), "VLLM_API_KEY", "",
                new RerankLimits(1000, RerankLimits.NONE, RerankLimits.NONE), BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/score";
    }

    @Override
    public ObjectNode request(Question question) {
        ObjectNode request = question.withModel().put("text_1", question.query()).put("use_activation", false)
                .put("truncate_prompt_tokens", -1);
        question.texts().forEach(request.putArray("text_2")::add);
        return request;
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer.path("data");
    }

    @Override
    public String score() {
        return "score";
    }
}
