package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Cohere's API, version 2. No more than 1,000 documents are recommended at a time; of each the API reads 4,096 tokens
 * unless told otherwise. Scores are within 0 to 1, and nothing says that they are probabilities.
 *
 * @see <a href="https://docs.cohere.com/reference/rerank">Rerank API (v2)</a>
 * @see <a href="https://docs.cohere.com/docs/reranking-best-practices">Best practices for using Rerank</a>
 */
record CohereV2() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("cohere", URI.create("https://api.cohere.com"), "COHERE_API_KEY", "rerank-v3.5",
                new RerankLimits(1000, 4096, RerankLimits.NONE), BilledUnit.SEARCH_UNIT);
    }

    @Override
    public String path() {
        return "/v2/rerank";
    }

    @Override
    public ObjectNode request(Question question) {
        return question.withTexts("documents").put("max_tokens_per_doc", question.maxTokens());
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer.path("results");
    }

    @Override
    public String score() {
        return "relevance_score";
    }

    @Override
    public Usage usage(JsonNode answer) {
        JsonNode billed = answer.path("meta").path("billed_units").path("search_units");
        JsonNode tokens = answer.path("meta").path("tokens").path("input_tokens");
        return new Usage(tokens.isNumber() ? OptionalLong.of(tokens.asLong()) : OptionalLong.empty(),
                OptionalLong.empty(), billed.isNumber()
                        ? OptionalDouble.of(billed.asDouble())
                        : OptionalDouble.empty());
    }
}
