package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import dev.rerank4j.SearchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/search}. */
record NativeSearch(Meters meters) implements Action {

    record Request(@Nullable String query, @Nullable String index, @Nullable Integer limit, @Nullable Integer depth,
            @Nullable String unit, @Nullable Long timeoutMs, @Nullable JsonNode filter,
            @Nullable Double minProbability, @Nullable String retriever, @Nullable Boolean rerank,
            @Nullable Boolean explain) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Request request = Json.strict(exchange.body(), Request.class);
        ServedIndex index = exchange.index(Optional.ofNullable(request.index()));
        SearchRequest search;
        ServedIndex.Wish wish;
        try {
            search = search(request, index, exchange);
            wish = new ServedIndex.Wish(Optional.ofNullable(request.retriever())
                    .map(name -> choice("retriever", name, ServedIndex.Retrieval.class)),
                    !Boolean.FALSE.equals(request.rerank()), request.minProbability() == null
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(request.minProbability()));
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid(String.valueOf(e.getMessage()));
        }
        ServedIndex.Found found = index.search(search, wish);
        meters.searched(found.result());
        return Reply.json(Boolean.TRUE.equals(request.explain())
                ? SearchJson.explained(search.query().text(), found)
                : SearchJson.of(search.query().text(), found.result()));
    }

    private static SearchRequest search(Request request, ServedIndex index, Exchange exchange) {
        if (request.query() == null) {
            throw new Refusal(Reason.MALFORMED, "query must be a text, got nothing");
        }
        int most = exchange.maxDocuments();
        int limit = request.limit() == null ? Math.min(most, SearchRequest.DEFAULT_LIMIT) : request.limit();
        int depth = request.depth() == null
                ? Math.max(limit, Math.min(most, index.depth()))
                : request.depth();
        if (depth > most) {
            throw Refusal.invalid("depth and limit must be <= " + most + ", got " + depth);
        }
        Filter wanted = new FilterJson(index::condition).read(request.filter());
        Filter allowed = exchange.filter();
        Filter filter = allowed.equals(Filter.NONE)
                ? wanted
                : new Filter.And(List.of(allowed, wanted));
        Duration left = exchange.deadline().remaining();
        Duration timeout = request.timeoutMs() == null ? left : Duration.ofMillis(request.timeoutMs());
        return new SearchRequest(new Query(request.query(), filter), request.unit() == null
                ? SearchRequest.Unit.PASSAGE
                : choice("unit", request.unit(), SearchRequest.Unit.class), limit, depth,
                timeout.compareTo(left) < 0 ? timeout : left.plusNanos(1));
    }

    private static <E extends Enum<E>> E choice(String name, String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw Refusal.invalid(name + " must be one of " + String.join(", ", List.of(type.getEnumConstants()).stream()
                .map(constant -> constant.name().toLowerCase(Locale.ROOT)).toList()));
    }
}
