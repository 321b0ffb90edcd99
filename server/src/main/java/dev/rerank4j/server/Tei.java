package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.ScoreRequest;
import io.helidon.http.ServerRequestHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code POST /rerank} with {@code texts}, as Text Embeddings Inference has it. */
record Tei(Scoring scoring) implements Action {

    record Request(@Nullable String query, @Nullable List<JsonNode> texts, @Nullable Boolean rawScores,
            @Nullable Boolean returnText, @Nullable Boolean truncate, @Nullable String truncationDirection) {
    }

    record Rank(int index, float score, @Nullable String text) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        long start = System.nanoTime();
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("texts", request.texts(), null);
        RerankCall call = new RerankCall(Optional.empty(), QueryText.of(request.query()), texts, RerankCall.ALL)
                .cutAt(side(request.truncationDirection()));
        Ranked ranked = scoring.rank(call, exchange);
        if (Boolean.FALSE.equals(request.truncate()) && ranked.cut() > 0) {
            throw Refusal.invalid("query and text together must have at most " + ranked.model().maxTokens()
                    + " tokens, and " + ranked.cut() + " texts have more: shorten them, or set truncate to true");
        }
        boolean raw = Boolean.TRUE.equals(request.rawScores());
        boolean echo = Boolean.TRUE.equals(request.returnText());
        long characters = texts.stream().mapToLong(text -> text.codePointCount(0, text.length())).sum()
                + (long) texts.size() * call.query().codePointCount(0, call.query().length());
        return ranked.reply(headers(ranked, characters, Duration.ofNanos(System.nanoTime() - start)),
                ranked.best().stream().map(item -> new Rank(item.index(), raw ? item.raw() : item.relevance(),
                        echo ? texts.get(item.index()) : null)).toList());
    }

    private static ScoreRequest.Side side(@Nullable String direction) {
        return switch (direction) {
            case null -> ScoreRequest.Side.END;
            case "Left", "left" -> ScoreRequest.Side.START;
            case "Right", "right" -> ScoreRequest.Side.END;
            default -> throw new Refusal(Reason.MALFORMED, "truncation_direction must be Left or Right");
        };
    }

    private static Map<String, String> headers(Ranked ranked, long characters, Duration total) {
        return Map.of("x-compute-type", "cpu", "x-compute-characters", String.valueOf(characters), "x-compute-tokens",
                String.valueOf(ranked.tokens()), "x-compute-time", millis(total), "x-total-time", millis(total),
                "x-tokenization-time", millis(ranked.timings().tokenize()), "x-queue-time",
                millis(ranked.timings().queue()), "x-inference-time", millis(ranked.timings().inference()));
    }

    private static String millis(Duration time) {
        return String.valueOf(time.toMillis());
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.TEI;
    }
}
