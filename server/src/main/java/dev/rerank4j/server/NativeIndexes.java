package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.rerank4j.Filter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/indexes}: what can be searched and asked here, as far as the key may know. */
record NativeIndexes() implements Action {

    record Response(List<IndexJson> indexes, List<ModelJson> models) {
    }

    /**
     * @param documents null for a key with a filter: how many others have is not its affair
     * @param passages that pass the key's filter
     */
    record IndexJson(String name, @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Integer documents, int passages,
            String language, boolean writable) {
    }

    /**
     * @param dimension of an encoder
     * @param stages of a cascade
     */
    record ModelJson(String name, String kind, int maxTokens, @Nullable Integer dimension,
            @Nullable List<StageJson> stages) {
    }

    record StageJson(String model, int depth) {
    }

    @Override
    public Reply answer(Exchange exchange) {
        Filter filter = exchange.filter();
        boolean all = filter.equals(Filter.NONE);
        boolean writable = exchange.key().map(ApiKey::write).orElse(true);
        return Reply.json(new Response(exchange.catalogue().indexes().stream()
                .map(index -> new IndexJson(index.name(), all ? index.documents() : null, index.passages(filter),
                        index.language(), writable))
                .toList(),
                Stream.concat(
                        exchange.catalogue().rerankers().stream().map(NativeIndexes::model),
                        exchange.catalogue().encoder().stream().map(served -> new ModelJson(served.name(),
                                "encoder", served.maxTokens(), served.encoder().dimension(), null)))
                        .toList()));
    }

    private static ModelJson model(ServedCascade model) {
        boolean cascade = model.stages().size() > 1;
        return new ModelJson(model.name(), cascade ? "cascade" : "cross-encoder", model.maxTokens(), null, cascade
                ? model.stages().stream().map(stage -> new StageJson(stage.model().name(), stage.depth())).toList()
                : null);
    }
}
