package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Filter;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Filters as queries of the engine. In an index that Rerank4j makes they find exactly what {@link Filter#matches} lets
 * pass; in another, what the types of its fields make of them. Immutable.
 */
final class OpenSearchFilters {

    /** Of dates in requests, whatever format the field has. */
    private static final String DATE_FORMAT = "epoch_millis";

    private final Optional<Map<String, String>> paths;

    /** @param paths of an index that somebody else fills, by field; empty for one of our own */
    OpenSearchFilters(Optional<Map<String, String>> paths) {
        this.paths = paths;
    }

    /** A query that a passage passes or not. */
    ObjectNode of(Filter filter) {
        return switch (filter) {
            case Filter.Equal equal -> in(equal.field(), List.of(equal.value()));
            case Filter.In in -> in(in.field(), in.values());
            case Filter.Range range -> range(range);
            case Filter.Contains contains -> contains(contains);
            case Filter.And and -> bool("filter", and.filters().stream().map(this::of).toList());
            case Filter.Or or -> anyOf(or.filters().stream().map(this::of).toList());
            case Filter.Not not -> bool("must_not", List.of(of(not.filter())));
        };
    }

    private ObjectNode in(String field, Collection<Value> values) {
        Map<String, ArrayNode> terms = new LinkedHashMap<>();
        List<ObjectNode> queries = new ArrayList<>();
        for (Value value : values) {
            Optional<String> path = path(field, value);
            if (path.isEmpty()) {
                continue;
            }
            if (value instanceof Value.Moment moment && paths.isPresent()) {
                long millis = moment.value().toEpochMilli();
                queries.add(between(path.get(), "gte", Optional.of(millis), "lte", Optional.of(millis)));
                continue;
            }
            add(terms.computeIfAbsent(path.get(), p -> HttpService.JSON.createArrayNode()), value);
        }
        terms.forEach((path, list) -> {
            ObjectNode query = HttpService.JSON.createObjectNode();
            query.putObject("terms").set(path, list);
            queries.add(query);
        });
        return anyOf(queries);
    }

    private static void add(ArrayNode terms, Value value) {
        switch (value) {
            case Value.Text text -> terms.add(WellFormed.of(text.value()));
            case Value.Number number -> terms.add(number.value());
            case Value.Flag flag -> terms.add(flag.value());
            case Value.Moment moment -> terms.add(moment.value().toEpochMilli());
            case Value.Values several -> throw new IllegalArgumentException("a filter compares with single values");
        }
    }

    private ObjectNode range(Filter.Range range) {
        Optional<String> path = path(range.field(), range.from().or(range::to).orElseThrow());
        return path.isEmpty()
                ? nothing()
                : between(path.get(), range.fromInclusive() ? "gte" : "gt", range.from().map(OpenSearchFilters::bound),
                        range.toInclusive() ? "lte" : "lt", range.to().map(OpenSearchFilters::bound));
    }

    private static Number bound(Value value) {
        return switch (value) {
            case Value.Number number -> number.value();
            case Value.Moment moment -> moment.value().toEpochMilli();
            default -> throw new IllegalArgumentException("range must have numbers or moments as bounds");
        };
    }

    private ObjectNode between(String path, String lower, Optional<? extends Number> from, String upper,
            Optional<? extends Number> to) {
        ObjectNode query = HttpService.JSON.createObjectNode();
        ObjectNode bounds = query.putObject("range").putObject(path);
        from.ifPresent(bound -> bounds.putPOJO(lower, bound));
        to.ifPresent(bound -> bounds.putPOJO(upper, bound));
        if (paths.isPresent() && from.<Number>map(x -> x).or(() -> to).filter(Long.class::isInstance).isPresent()) {
            bounds.put("format", DATE_FORMAT);
        }
        return query;
    }

    private ObjectNode contains(Filter.Contains contains) {
        String text = WellFormed.of(contains.text());
        String pattern = "*" + text.replaceAll("[*?\\\\]", "\\\\$0") + "*";
        List<ObjectNode> queries = new ArrayList<>();
        for (String path : paths.map(map -> Optional.ofNullable(map.get(contains.field())).stream().toList())
                .orElseGet(() -> List.of(own(OpenSearchLayout.TEXTS, contains.field()),
                        own(OpenSearchLayout.LONG_TEXTS, contains.field())))) {
            ObjectNode query = HttpService.JSON.createObjectNode();
            query.putObject("wildcard").putObject(path).put("value", pattern);
            queries.add(query);
        }
        return anyOf(queries);
    }

    private Optional<String> path(String field, Value value) {
        if (paths.isPresent()) {
            return Optional.ofNullable(paths.get().get(field));
        }
        return Optional.of(own(switch (value) {
            case Value.Text text -> OpenSearchLayout.isTerm(WellFormed.of(text.value()))
                    ? OpenSearchLayout.TEXTS
                    : OpenSearchLayout.LONG_TEXTS;
            case Value.Number ignored -> OpenSearchLayout.NUMBERS;
            case Value.Flag ignored -> OpenSearchLayout.FLAGS;
            case Value.Moment ignored -> OpenSearchLayout.MOMENTS;
            case Value.Values ignored -> throw new IllegalArgumentException("a filter compares with single values");
        }, field));
    }

    private static String own(String kind, String field) {
        return kind + "." + OpenSearchLayout.name(field);
    }

    private static ObjectNode nothing() {
        ObjectNode query = HttpService.JSON.createObjectNode();
        query.putObject("match_none");
        return query;
    }

    private static ObjectNode anyOf(List<ObjectNode> queries) {
        return switch (queries.size()) {
            case 0 -> nothing();
            case 1 -> queries.getFirst();
            default -> bool("should", queries);
        };
    }

    private static ObjectNode bool(String occur, List<ObjectNode> queries) {
        ObjectNode query = HttpService.JSON.createObjectNode();
        queries.forEach(query.putObject("bool").putArray(occur)::add);
        return query;
    }
}
