package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;

/**
 * NVIDIA's NIM for text reranking, which answers with logits. It takes 512 passages.
 *
 * @see <a href="https://docs.nvidia.com/nim/nemo-retriever/text-reranking/latest/using-reranking.html">Using
 *      reranking</a>
 */
record NvidiaNim() implements Dialect {

    @Override
    public Terms terms() {
        return new Terms("nim", URI.create("http://localhost:8000"), "NVIDIA_API_KEY",
                "nvidia/llama-3.2-nv-rerankqa-1b-v2", new RerankLimits(512, RerankLimits.NONE, RerankLimits.NONE),
                BilledUnit.NONE);
    }

    @Override
    public String path() {
        return "/v1/ranking";
    }

    @Override
    public ObjectNode request(Question question) {
        ObjectNode request = question.withModel().put("truncate", "END");
        request.putObject("query").put("text", question.query());
        ArrayNode passages = request.putArray("passages");
        question.texts().forEach(text -> passages.addObject().put("text", text));
        return request;
    }

    @Override
    public JsonNode scored(JsonNode answer) {
        return answer.path("rankings");
    }

    @Override
    public String score() {
        return "logit";
    }
}
