package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /rerank} with {@code documents}, as Infinity has it. */
record Infinity(Scoring scoring) implements Action {

    record Request(@Nullable String model, @Nullable JsonNode query, @Nullable List<JsonNode> documents,
            @Nullable Integer topN, @Nullable Boolean returnDocuments, @Nullable Boolean rawScores) {
    }

    record Response(String id, String object, String model, long created, List<Result> results, RerankV1.Usage usage,
            CohereMeta meta) {
    }

    record Result(int index, float relevanceScore, @Nullable String document) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("documents", request.documents(), null);
        Ranked ranked = scoring.rank(new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()),
                texts, Tops.orZero("top_n", request.topN())), exchange);
        boolean echo = Boolean.TRUE.equals(request.returnDocuments());
        boolean raw = Boolean.TRUE.equals(request.rawScores());
        return ranked.reply(new Response(exchange.id(), "rerank", ranked.model().name(),
                Instant.now().getEpochSecond(),
                ranked.best().stream().map(item -> new Result(item.index(), raw ? item.raw() : item.relevance(),
                        echo ? texts.get(item.index()) : null)).toList(),
                new RerankV1.Usage(ranked.tokens(), ranked.tokens()), CohereMeta.of("1", texts.size(), ranked)));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.RERANK;
    }
}
