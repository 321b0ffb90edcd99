package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /rerank} with the header {@code X-Pinecone-Api-Version}, as Pinecone's inference API has it. */
record Pinecone(Scoring scoring) implements Action {

    record Request(@Nullable String model, @Nullable String query, @Nullable List<JsonNode> documents,
            @Nullable Integer topN, @Nullable Boolean returnDocuments, @Nullable List<String> rankFields) {
    }

    record Response(String model, List<Datum> data, Usage usage) {
    }

    record Datum(int index, float score, @Nullable JsonNode document) {
    }

    record Usage(int rerankUnits) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("documents", request.documents(), request.rankFields());
        Ranked ranked = scoring.rank(new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()),
                texts, Tops.atLeastOne("top_n", request.topN())), exchange);
        boolean echo = !Boolean.FALSE.equals(request.returnDocuments());
        return ranked.reply(new Response(ranked.model().name(), ranked.best().stream()
                .map(item -> new Datum(item.index(), item.relevance(),
                        echo ? Texts.object(request.documents().get(item.index())) : null))
                .toList(), new Usage(1)));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.PINECONE;
    }
}
