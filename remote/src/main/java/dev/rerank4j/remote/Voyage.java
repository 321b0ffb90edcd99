package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * Voyage's API. It takes 1,000 documents, for {@code rerank-2.5} 32,000 tokens of query and document together, and
 * 600,000 tokens in all: the query's for each document and those of all documents. It refuses empty documents, and keys
 * that it does not know, such as {@code top_n}.
 *
 * @see <a href="https://docs.voyageai.com/reference/reranker-api">Rerankers</a>
 * @see <a href="https://docs.voyageai.com/docs/reranker">Models and limits</a>
 */
record Voyage() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("voyage", URI.create("https://api.voyageai.com"), "VOYAGE_API_KEY", "rerank-2.5",
                new RerankLimits(1000, 32_000, 600_000), BilledUnit.TOKEN);
    }

    @Override
    public String path() {
        return "/v1/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("truncation", true);
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer.path("data");
    }

    @Override
    public String score() {
        return "relevance_score";
    }
}
