package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /score} and {@code /v1/score}, as vLLM has them: one text against one or many, or many against as many,
 * each with its own; scores in the order of the request.
 */
record VllmScore(Scoring scoring) implements Action {

    private static final List<List<String>> SPELLINGS = List.of(List.of("queries", "documents"),
            List.of("queries", "items"), List.of("data_1", "data_2"), List.of("text_1", "text_2"));

    record Response(String id, String object, long created, String model, List<Datum> data, Usage usage) {
    }

    record Datum(int index, String object, float score) {
    }

    record Usage(long promptTokens, long totalTokens, long completionTokens) {
    }

    record Options(@Nullable String model, @Nullable Boolean useActivation, @Nullable Boolean activation) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Options options = Json.lenient(exchange.body(), Options.class);
        List<String> spelling = SPELLINGS.stream().filter(pair -> pair.stream().allMatch(exchange.body()::has))
                .findFirst().orElseThrow(() -> new Refusal(Reason.MALFORMED, "the body must have text_1 and text_2, "
                        + "or queries and documents, or queries and items, or data_1 and data_2"));
        List<String> queries = texts(spelling.get(0), exchange.body().get(spelling.get(0)));
        List<String> texts = texts(spelling.get(1), exchange.body().get(spelling.get(1)));
        if (queries.size() != 1 && queries.size() != texts.size()) {
            throw Refusal.invalid(spelling.get(0) + " must be one text or as many as " + spelling.get(1) + " ("
                    + texts.size() + "), got " + queries.size());
        }
        if (texts.size() > exchange.maxDocuments()) {
            throw Refusal.invalid(
                    spelling.get(1) + " must be at most " + exchange.maxDocuments() + ", got " + texts.size());
        }
        boolean raw = Boolean.FALSE.equals(options.useActivation()) || Boolean.FALSE.equals(options.activation());
        Optional<String> model = Optional.ofNullable(options.model());
        List<Ranked> answers = new ArrayList<>();
        if (queries.size() == 1) {
            answers.add(scoring.rank(new RerankCall(model, queries.getFirst(), texts, RerankCall.ALL), exchange));
        } else {
            for (int i = 0; i < queries.size(); i++) {
                answers.add(scoring.rank(new RerankCall(model, queries.get(i), List.of(texts.get(i)), RerankCall.ALL),
                        exchange));
            }
        }
        float[] scores = new float[texts.size()];
        for (int i = 0; i < answers.size(); i++) {
            for (Ranked.Item item : answers.get(i).best()) {
                scores[i + item.index()] = raw ? item.raw() : item.relevance();
            }
        }
        long tokens = answers.stream().mapToLong(Ranked::tokens).sum();
        Ranked first = answers.stream().filter(Ranked::degraded).findFirst().orElse(answers.getFirst());
        return first.reply(new Response("score-" + exchange.id(), "list", Instant.now().getEpochSecond(),
                first.model().name(),
                IntStream.range(0, scores.length).mapToObj(i -> new Datum(i, "score", scores[i])).toList(),
                new Usage(tokens, tokens, 0)));
    }

    private static List<String> texts(String name, JsonNode value) {
        List<JsonNode> nodes = value.isArray()
                ? StreamSupport.stream(value.spliterator(), false).toList()
                : List.of(value);
        if (nodes.isEmpty()) {
            throw new Refusal(Reason.EMPTY, name + " must not be empty");
        }
        return Texts.of(name, nodes, null);
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.VLLM;
    }
}
