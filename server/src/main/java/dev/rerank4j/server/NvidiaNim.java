package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/ranking}, as NVIDIA's NIM for text reranking has it: logits. */
record NvidiaNim(Scoring scoring) implements Action {

    record Request(@Nullable String model, @Nullable JsonNode query, @Nullable List<JsonNode> passages,
            @Nullable String truncate) {
    }

    record Response(List<Ranking> rankings, RerankV1.Usage usage) {
    }

    record Ranking(int index, float logit) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        boolean whole = switch (request.truncate()) {
            case null -> true; // the original's default is NONE
            case "NONE" -> true;
            case "END" -> false;
            default -> throw new Refusal(Reason.MALFORMED, "truncate must be NONE or END");
        };
        Ranked ranked = scoring.rank(new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()),
                Texts.of("passages", request.passages(), null), RerankCall.ALL), exchange);
        if (whole && ranked.cut() > 0) {
            throw Refusal.invalid("query and passage together must have at most " + ranked.model().maxTokens()
                    + " tokens, and " + ranked.cut() + " passages have more: shorten them, or set truncate to END");
        }
        return ranked.reply(new Response(
                ranked.best().stream().map(item -> new Ranking(item.index(), item.raw())).toList(),
                new RerankV1.Usage(ranked.tokens(), ranked.tokens())));
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.OPENAI;
    }
}
