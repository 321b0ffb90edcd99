package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/reranking}, as Mixedbread has it with {@code input}; with {@code documents} it is llama.cpp's other
 * name of {@code /v1/rerank}.
 */
record Reranking(Scoring scoring, RerankV1 other) implements Action {

    record Request(@Nullable String model, @Nullable String query, @Nullable List<JsonNode> input,
            @Nullable List<String> rankFields, @Nullable Integer topK, @Nullable Boolean returnInput) {
    }

    record Response(String object, String model, List<Datum> data, RerankV1.Usage usage, int topK,
            boolean returnInput) {
    }

    record Datum(String object, int index, float score, @Nullable JsonNode input) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        if (!exchange.body().has("input") && exchange.body().has("documents")) {
            return other.answer(exchange);
        }
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("input", request.input(), request.rankFields());
        Ranked ranked = scoring.rank(new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()),
                texts, Tops.atLeastOne("top_k", request.topK())), exchange);
        boolean echo = Boolean.TRUE.equals(request.returnInput());
        return ranked.reply(new Response("list", ranked.model().name(), ranked.best().stream()
                .map(item -> new Datum("rank_result", item.index(), item.relevance(),
                        echo ? request.input().get(item.index()) : null))
                .toList(), new RerankV1.Usage(ranked.tokens(), ranked.tokens()), ranked.best().size(), echo));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.RERANK;
    }
}
