package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Filter;
import dev.rerank4j.Query;
import java.util.Optional;

/** What an engine is asked for a query, as bodies of its search API without their sizes. Immutable. */
final class OpenSearchQueries {

    /** How many hits, and how many neighbours, an engine gives at most unless an index says otherwise. */
    static final int MOST = 10_000;

    /** How many neighbours are asked for beyond the limit: the more a graph keeps in view, the fewer it misses. */
    private static final int MARGIN = 500;

    private final OpenSearchOptions options;
    private final OpenSearchFilters filters;

    OpenSearchQueries(OpenSearchOptions options) {
        this.options = options;
        filters = new OpenSearchFilters(options.fields().map(OpenSearchFields::metadata));
    }

    /** Passages that have words of the query. */
    ObjectNode words(Query query) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        body.set("query", filtered(wordQuery(query), query.filter()));
        return body;
    }

    private ObjectNode wordQuery(Query query) {
        String text = WellFormed.of(query.text());
        ObjectNode node = HttpService.JSON.createObjectNode();
        if (options.fields().isEmpty()) {
            node.putObject("match").putObject(OpenSearchLayout.CONTENT).put("query", text)
                    .put("analyzer", OpenSearchAnalysis.of(options.language(), text));
            return node;
        }
        ObjectNode match = node.putObject("multi_match").put("query", text).put("type", "most_fields");
        ArrayNode fields = match.putArray("fields");
        options.fields().get().searched().forEach((field, weight) -> fields.add(field + "^" + weight));
        return node;
    }

    private ObjectNode filtered(ObjectNode query, Filter filter) {
        if (filter.equals(Filter.NONE)) {
            return query;
        }
        ObjectNode both = HttpService.JSON.createObjectNode();
        ObjectNode bool = both.putObject("bool");
        bool.putArray("must").add(query);
        bool.putArray("filter").add(filters.of(filter));
        return both;
    }

    /** Passages near a vector; at most {@link #MOST}. */
    ObjectNode near(float[] vector, Filter filter, int limit) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        switch (options.engine()) {
            case OPENSEARCH -> body.set("query", knn(vector, filter, limit));
            case ELASTICSEARCH -> body.set("knn", neighbours(vector, filter, limit));
        }
        return body;
    }

    private ObjectNode knn(float[] vector, Filter filter, int limit) {
        ObjectNode node = HttpService.JSON.createObjectNode();
        ObjectNode knn = node.putObject("knn").putObject(vectorField());
        put(vector, knn.putArray("vector"));
        knn.put("k", neighbours(limit));
        condition(filter).ifPresent(condition -> knn.set("filter", condition));
        return node;
    }

    private ObjectNode neighbours(float[] vector, Filter filter, int limit) {
        ObjectNode knn = HttpService.JSON.createObjectNode().put("field", vectorField());
        put(vector, knn.putArray("query_vector"));
        knn.put("k", neighbours(limit)).put("num_candidates", neighbours(limit));
        condition(filter).ifPresent(condition -> knn.set("filter", condition));
        return knn;
    }

    private static int neighbours(int limit) {
        return Math.min(MOST, limit + MARGIN);
    }

    private Optional<ObjectNode> condition(Filter filter) {
        return filter.equals(Filter.NONE) ? Optional.empty() : Optional.of(filters.of(filter));
    }

    private static void put(float[] vector, ArrayNode array) {
        for (float x : vector) {
            array.add(x);
        }
    }

    /** Passages by words and by a vector, in one ranking that the engine makes. */
    ObjectNode hybrid(Query query, float[] vector, int limit) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        switch (options.engine()) {
            case OPENSEARCH -> {
                ObjectNode hybrid = body.putObject("query").putObject("hybrid");
                hybrid.putArray("queries").add(filtered(wordQuery(query), query.filter()))
                        .add(knn(vector, query.filter(), limit));
                hybrid.put("pagination_depth", limit);
                ObjectNode processor = body.putObject("search_pipeline").putArray("phase_results_processors")
                        .addObject().putObject("normalization-processor");
                processor.putObject("normalization").put("technique", "min_max");
                processor.putObject("combination").put("technique", "arithmetic_mean");
            }
            case ELASTICSEARCH -> {
                ObjectNode fused = body.putObject("retriever").putObject("rrf").put("rank_window_size", limit);
                ArrayNode retrievers = fused.putArray("retrievers");
                retrievers.addObject().putObject("standard").set("query", filtered(wordQuery(query), query.filter()));
                retrievers.addObject().set("knn", neighbours(vector, query.filter(), limit));
            }
        }
        return body;
    }

    /** The fields that make a passage, so that no vectors come back. */
    void source(ObjectNode body) {
        ArrayNode includes = body.putArray("_source");
        options.fields().ifPresentOrElse(fields -> {
            for (String path : new String[]{fields.id(), fields.documentId(), fields.title(), fields.text()}) {
                if (!path.isEmpty()) {
                    includes.add(path);
                }
            }
            fields.metadata().values().forEach(includes::add);
        }, () -> OpenSearchLayout.KEPT.forEach(includes::add));
    }

    String vectorField() {
        return options.fields().map(OpenSearchFields::vector).orElse(OpenSearchLayout.VECTOR);
    }

}
