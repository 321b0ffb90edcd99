package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v2/rerank}, as Cohere's API version 2 has it. */
record CohereV2(Scoring scoring) implements Action {

    record Request(@Nullable String model, @Nullable String query, @Nullable List<JsonNode> documents,
            @Nullable Integer topN, @Nullable Integer maxTokensPerDoc, @Nullable Boolean returnDocuments) {
    }

    record Response(String id, List<Result> results, CohereMeta meta) {
    }

    record Result(int index, float relevanceScore, @Nullable JsonNode document) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("documents", request.documents(), null);
        RerankCall call = new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()), texts,
                Tops.atLeastOne("top_n", request.topN()))
                .withTextTokens(Tops.atLeastOne("max_tokens_per_doc", request.maxTokensPerDoc()));
        Ranked ranked = scoring.rank(call, exchange);
        boolean echo = Boolean.TRUE.equals(request.returnDocuments());
        return ranked.reply(new Response(exchange.id(), ranked.best().stream()
                .map(item -> new Result(item.index(), item.relevance(),
                        echo ? Texts.object(request.documents().get(item.index())) : null))
                .toList(), CohereMeta.of("2", texts.size(), ranked)));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.COHERE;
    }
}
