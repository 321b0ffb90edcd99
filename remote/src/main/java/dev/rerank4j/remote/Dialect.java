package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest.Side;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How one API is asked for scores, and how its answer is read. */
sealed interface Dialect
        permits CohereV2, Jina, Voyage, Mixedbread, Pinecone, NvidiaNim, Tei, Vllm, LlamaCpp, Infinity {

    /**
     * What is asked.
     *
     * @param model empty for whatever the server has
     * @param cut where a text that is too long for the model is to be cut, if the API has a choice
     * @param maxTokens how many of a pair are to be read, if the API can be told
     */
    record Question(String model, String query, List<String> texts, Side cut, int maxTokens) {

        /** An object with the model, unless it is empty. */
        ObjectNode withModel() {
            ObjectNode object = HttpService.JSON.createObjectNode();
            return model.isEmpty() ? object : object.put("model", model);
        }

        /** An object with the model and the query, and the texts as an array under that name. */
        ObjectNode withTexts(String name) {
            ObjectNode object = withModel().put("query", query);
            texts.forEach(object.putArray(name)::add);
            return object;
        }
    }

    Terms terms();

    /** Where it is, from the service's address on. */
    String path();

    ObjectNode request(Question question);

    /** The list of scored texts, which have an {@code index} each; missing if there is none. */
    JsonNode scored(JsonNode answer);

    /** What the score of a text is called. */
    String score();

    /** Sent with each call. */
    default Map<String, String> headers(ApiKey key) {
        return key.isPresent() ? Map.of("Authorization", "Bearer " + key.secret()) : Map.of();
    }

    /** Whether a text that is too long can be cut at its start by the service. */
    default boolean cutsAtStart() {
        return false;
    }

    /** What the answer says was consumed: tokens in {@code usage}, if they are what is paid for. */
    default Usage usage(JsonNode answer) {
        JsonNode tokens = answer.path("usage").path("total_tokens");
        if (!tokens.isIntegralNumber()) {
            return Usage.UNKNOWN;
        }
        return new Usage(OptionalLong.of(tokens.asLong()), OptionalLong.empty(),
                terms().billed() == BilledUnit.TOKEN ? OptionalDouble.of(tokens.asLong()) : OptionalDouble.empty());
    }
}
