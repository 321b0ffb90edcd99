package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Mixedbread's API. It takes 1,000 documents, and cuts those that are too long.
 *
 * @see <a href="https://www.mixedbread.com/api-reference/endpoints/reranking">Reranking</a>
 */
record Mixedbread() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("mixedbread", URI.create("https://api.mixedbread.com"), "MXBAI_API_KEY",
                "mixedbread-ai/mxbai-rerank-large-v2", new RerankLimits(1000, RerankLimits.NONE, RerankLimits.NONE),
                BilledUnit.TOKEN);
    }

    @Override
    public String path() {
        return "/v1/reranking";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("input").put("top_k", question.texts().size()).put("return_input", false);
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
