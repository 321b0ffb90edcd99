package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * The server of llama.cpp, started with {@code --reranking}. It has no limit of documents: 1,000 at a time are ours.
 * Texts that are too long for it are refused, not cut.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md">HTTP server</a>
 */
record LlamaCpp() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("llama-cpp", URI.create("http://localhost:8080"), "LLAMA_API_KEY", "",
                new RerankLimits(1000, RerankLimits.NONE, RerankLimits.NONE), BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/v1/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("top_n", question.texts().size());
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
