package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Jina's API. No limit of documents is documented: 1,000 at a time are ours.
 *
 * @see <a href="https://jina.ai/reranker">Reranker API</a>
 */
record Jina() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("jina", URI.create("https://api.jina.ai"), "JINA_API_KEY",
                "jina-reranker-v2-base-multilingual", new RerankLimits(1000, RerankLimits.NONE, RerankLimits.NONE),
                BilledUnit.TOKEN);
    }

    @Override
    public String path() {
        return "/v1/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("return_documents", false);
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
