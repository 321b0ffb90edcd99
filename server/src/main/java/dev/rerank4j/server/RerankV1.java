package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.ServerRequestHeaders;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/rerank}, as Cohere's version 1, Jina, Voyage, vLLM, llama.cpp, Xinference and LocalAI have it. Their
 * requests cannot be told from each other, so that one answer has what each of them looks for: {@code results} with a
 * document as an object, {@code data} with a document as a text.
 */
record RerankV1(Scoring scoring) implements Action {

    /** Of a long document, where nobody says: what Cohere's version 1 does. */
    private static final int DEFAULT_CHUNKS = 10;

    record Request(@Nullable String model, @Nullable JsonNode query, @Nullable List<JsonNode> documents,
            @Nullable Integer topN, @Nullable Integer topK, @Nullable Boolean returnDocuments,
            @Nullable List<String> rankFields, @Nullable Integer maxChunksPerDoc, @Nullable Integer maxTokensPerDoc,
            @Nullable Boolean truncation) {
    }

    record Response(String id, String object, String model, List<Result> results, List<Datum> data, Usage usage,
            CohereMeta meta) {
    }

    record Result(int index, float relevanceScore, @Nullable JsonNode document) {
    }

    record Datum(int index, float relevanceScore, @Nullable String document) {
    }

    record Usage(long totalTokens, long promptTokens) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.lenient(exchange.body(), Request.class);
        List<String> texts = Texts.of("documents", request.documents(), request.rankFields());
        int top = Math.min(Tops.orZero("top_n", request.topN()), Tops.atLeastOne("top_k", request.topK()));
        RerankCall call = new RerankCall(Optional.ofNullable(request.model()), QueryText.of(request.query()), texts,
                top)
                .withTextTokens(Tops.atLeastOne("max_tokens_per_doc", request.maxTokensPerDoc()))
                .withPieces(pieces(request));
        Ranked ranked = scoring.rank(call, exchange);
        if (Boolean.FALSE.equals(request.truncation()) && ranked.cut() > 0) {
            throw Refusal.invalid(ranked.cut() + " documents are longer than the model reads, and truncation is false: "
                    + "shorten them, or leave truncation out");
        }
        boolean echo = Boolean.TRUE.equals(request.returnDocuments());
        return ranked.reply(new Response(exchange.id(), "list", ranked.model().name(),
                ranked.best().stream().map(item -> new Result(item.index(), item.relevance(),
                        echo ? Texts.object(request.documents().get(item.index())) : null)).toList(),
                ranked.best().stream().map(item -> new Datum(item.index(), item.relevance(),
                        echo ? texts.get(item.index()) : null)).toList(),
                new Usage(ranked.tokens(), ranked.tokens()), CohereMeta.of("1", texts.size(), ranked)));
    }

    /** A limit of a document's tokens is one of the whole: what it leaves is one piece. */
    private static int pieces(Request request) {
        if (request.maxChunksPerDoc() != null) {
            return Tops.atLeastOne("max_chunks_per_doc", request.maxChunksPerDoc());
        }
        return request.maxTokensPerDoc() == null ? DEFAULT_CHUNKS : 1;
    }

    @Override
    public ErrorDialect errors(ServerRequestHeaders headers) {
        return ErrorDialect.RERANK;
    }
}
