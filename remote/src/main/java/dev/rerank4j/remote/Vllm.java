package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * vLLM's server, asked for logits: without its activation.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/models/pooling_models.html">Re-rank API</a>
 */
record Vllm() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("vllm", URI.create("http://localhost:8000"), "VLLM_API_KEY", "",
                new RerankLimits(1000, RerankLimits.NONE, RerankLimits.NONE), BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/v1/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("use_activation", false).put("truncate_prompt_tokens", -1);
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
