package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Pinecone's inference API, at a version of it that is named in a header. {@code bge-reranker-v2-m3} takes 100
 * documents, and 1,024 tokens of query and document together.
 *
 * @see <a href="https://docs.pinecone.io/reference/api/2025-04/inference/rerank">Rerank documents</a>
 * @see <a href="https://docs.pinecone.io/guides/search/rerank-results">Models and their limits</a>
 */
record Pinecone() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("pinecone", URI.create("https://api.pinecone.io"), "PINECONE_API_KEY", "bge-reranker-v2-m3",
                new RerankLimits(100, 1024, RerankLimits.NONE), BilledUnit.RERANK_UNIT);
    }

    @Override
    public String path() {
        return "/rerank";
    }

    @Override
    public Map<String, String> headers(ApiKey key) {
        Map<String, String> headers = new HashMap<>(Map.of("X-Pinecone-Api-Version", "2025-04"));
        if (key.isPresent()) {
            headers.put("Api-Key", key.secret());
        }
        return headers;
    }

    @Override
    public ObjectNode request(Question question) {
        ObjectNode request = question.withModel().put("query", question.query())
                .put("top_n", question.texts().size()).put("return_documents", false);
        request.putObject("parameters").put("truncate", "END");
        ArrayNode documents = request.putArray("documents");
        question.texts().forEach(text -> documents.addObject().put("text", text));
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

    @Override
    public Usage usage(JsonNode answer) {
        JsonNode units = answer.path("usage").path("rerank_units");
        return units.isNumber()
                ? new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalDouble.of(units.asDouble()))
                : Usage.UNKNOWN;
    }
}
