package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.WordScorer;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Answers in each of the dialects, in the shape that the vendors document, and scores by words. */
final class WordServer {

    private static final WordScorer WORDS = new WordScorer();

    private WordServer() {
    }

    static ScriptedServer start() throws IOException {
        return ScriptedServer.by(WordServer::answer);
    }

    static Answer answer(Received request) {
        JsonNode body = json(request.body());
        return Answer.json(switch (request.path()) {
            case "/v2/rerank" -> object("results", scored(body, "documents", "", "relevance_score"))
                    .set("meta", json("{\"billed_units\": {\"search_units\": 1}}"));
            case "/v1/rerank" -> object("results", scored(body, "documents", "", "relevance_score"))
                    .set("data", scored(body, "documents", "", "relevance_score")); // the latter is Voyage's
            case "/score" -> object("data", scored(renamed(body), "documents", "", "score"));
            case "/v1/reranking" -> object("data", scored(body, "input", "", "score"));
            case "/v1/ranking" -> object("rankings", scored(body, "passages", "text", "logit"));
            case "/rerank" -> request.headers().containsKey("x-pinecone-api-version")
                    ? object("data", scored(body, "documents", "text", "score"))
                            .set("usage", json("{\"rerank_units\": 1}"))
                    : body.has("texts")
                            ? scored(body, "texts", "", "score")
                            : object("results", scored(body, "documents", "", "relevance_score"));
            default -> throw new AssertionError(request.path());
        } + "");
    }

    /** What vLLM calls otherwise. */
    private static JsonNode renamed(JsonNode body) {
        return HttpService.JSON.createObjectNode().<ObjectNode>set("query", body.get("text_1")).set("documents",
                body.get("text_2"));
    }

    private static ObjectNode object(String name, JsonNode scored) {
        ObjectNode object = HttpService.JSON.createObjectNode();
        object.set(name, scored);
        object.putObject("usage").put("total_tokens", 7);
        return object;
    }

    /** Best first, as all of them answer. */
    private static ArrayNode scored(JsonNode body, String texts, String within, String score) {
        List<String> list = new ArrayList<>();
        body.get(texts).forEach(text -> list.add((within.isEmpty() ? text : text.get(within)).textValue()));
        JsonNode query = body.get("query");
        float[] logits = WORDS.score(ScoreRequest.of(query.isObject()
                ? query.get("text").textValue()
                : query.textValue(), list)).logits();
        ArrayNode scored = HttpService.JSON.createArrayNode();
        IntStream.range(0, logits.length).boxed().sorted(Comparator.comparingDouble(i -> -logits[i]))
                .forEach(i -> scored.addObject().put("index", i).put(score, logits[i]));
        return scored;
    }

    static JsonNode json(String text) {
        try {
            return HttpService.JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
