package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.helidon.http.ServerRequestHeaders;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /info}, as Text Embeddings Inference has it. */
record TeiInfo(String version, int maxConcurrent) implements Action {

    record Info(String modelId, @Nullable String modelSha, String modelDtype, Map<String, Object> modelType,
            int maxConcurrentRequests, int maxInputLength, int maxBatchTokens, int maxClientBatchSize,
            boolean autoTruncate, int tokenizationWorkers, String version) {
    }

    /** Of a reranker's one output. */
    record Labels(@JsonProperty("id2label") Map<String, String> names,
            @JsonProperty("label2id") Map<String, Integer> numbers) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        ServedCascade model = exchange.reranker(Optional.empty());
        ServedModel.Origin origin = model.last().origin();
        return Reply.json(new Info(model.name(), origin.revision().orElse(null), origin.precision(),
                Map.of("reranker", new Labels(Map.of("0", "LABEL_0"), Map.of("LABEL_0", 0))),
                maxConcurrent,
                model.maxTokens(), model.maxTokens(), exchange.maxDocuments(), true, 1, version));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.TEI;
    }
}
