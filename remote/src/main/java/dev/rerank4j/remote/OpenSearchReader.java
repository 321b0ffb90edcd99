package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Filter;
import dev.rerank4j.Passage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What is committed in an index that Rerank4j makes, apart from searches. Safe for use by several threads. */
final class OpenSearchReader {

    private static final int PAGE = 1_000;

    private final OpenSearchClient client;
    private final OpenSearchFilters filters = new OpenSearchFilters(Optional.empty());
    private final OpenSearchSchema schema;

    OpenSearchReader(OpenSearchClient client, OpenSearchSchema schema) {
        this.client = client;
        this.schema = schema;
    }

    private boolean isThere() {
        return schema.identity(Deadline.none()).isPresent();
    }

    Map<String, String> marks() {
        Map<String, String> marks = new TreeMap<>();
        pages(term(OpenSearchLayout.KEY, OpenSearchLayout.MARK), "", Integer.MAX_VALUE,
                source -> marks.put(source.path(OpenSearchLayout.MARK_KEY).asText(),
                        source.path(OpenSearchLayout.MARK).asText()));
        return marks;
    }

    Set<String> documents(String file) {
        Set<String> documents = new TreeSet<>();
        pages(term(OpenSearchLayout.FILES, OpenSearchLayout.key(WellFormed.of(file))), "", Integer.MAX_VALUE,
                source -> documents.add(source.path(OpenSearchLayout.DOCUMENT).asText()));
        return documents;
    }

    List<Passage> firstPassages(String after, int limit) {
        List<Passage> firsts = new ArrayList<>();
        pages(term(OpenSearchLayout.NUMBER, "0"), after.isEmpty() ? "" : OpenSearchLayout.order(after, 0), limit,
                source -> firsts.add(OpenSearchLayout.passage(source)));
        return firsts;
    }

    Map<String, List<Passage>> passages(Collection<String> documents) {
        Map<String, List<Passage>> passages = new LinkedHashMap<>();
        List<String> ids = List.copyOf(documents);
        for (int from = 0; from < ids.size(); from += PAGE) {
            ObjectNode query = HttpService.JSON.createObjectNode();
            ArrayNode keys = query.putObject("terms").putArray(OpenSearchLayout.KEY);
            ids.subList(from, Math.min(from + PAGE, ids.size())).forEach(id -> keys.add(OpenSearchLayout.key(id)));
            pages(query, "", Integer.MAX_VALUE, source -> {
                Passage passage = OpenSearchLayout.passage(source);
                passages.computeIfAbsent(passage.documentId(), id -> new ArrayList<>()).add(passage);
            });
        }
        return passages;
    }

    int count(Filter filter) {
        ObjectNode passages = HttpService.JSON.createObjectNode();
        passages.putObject("exists").put("field", OpenSearchLayout.NUMBER);
        return count(bool(passages, filters.of(filter)));
    }

    int documentCount() {
        return count(term(OpenSearchLayout.NUMBER, "0"));
    }

    private int count(ObjectNode query) {
        if (!isThere()) {
            return 0;
        }
        ObjectNode body = HttpService.JSON.createObjectNode();
        body.set("query", query);
        JsonNode answer = client.post("/_count", body, Deadline.none());
        client.requireAllShards(answer);
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, answer.path("count").asLong()));
    }

    SortedMap<String, Integer> counts(String field, Filter filter) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        if (!isThere()) {
            return counts;
        }
        ObjectNode body = HttpService.JSON.createObjectNode().put("size", 0);
        body.set("query", filters.of(filter));
        ObjectNode texts = body.putObject("aggs").putObject("texts").putObject("composite").put("size", PAGE);
        texts.putArray("sources").addObject().putObject("text").putObject("terms")
                .put("field", OpenSearchLayout.TEXTS + "." + OpenSearchLayout.name(field));
        while (true) {
            JsonNode answer = client.post("/_search?allow_partial_search_results=false", body, Deadline.none());
            client.requireAllShards(answer);
            JsonNode page = answer.path("aggregations").path("texts");
            page.path("buckets").forEach(bucket -> counts.put(bucket.path("key").path("text").asText(),
                    bucket.path("doc_count").asInt()));
            if (!page.has("after_key") || page.path("buckets").isEmpty()) {
                return counts;
            }
            texts.set("after", page.get("after_key"));
        }
    }

    Set<String> fields() {
        Set<String> fields = new TreeSet<>();
        if (isThere()) {
            client.get("/_mapping", Deadline.none()).body().forEach(index -> {
                for (String kind : OpenSearchLayout.KINDS) {
                    index.path("mappings").path("properties").path(kind).path("properties").fieldNames()
                            .forEachRemaining(name -> fields.add(OpenSearchLayout.plain(name)));
                }
            });
        }
        return fields;
    }

    /** Gives the sources of all that a query finds, in the order of documents' keys. */
    private void pages(ObjectNode query, String after, int limit, Consumer<JsonNode> each) {
        if (!isThere()) {
            return;
        }
        ObjectNode body = HttpService.JSON.createObjectNode();
        body.set("query", query);
        body.putArray("sort").add(OpenSearchLayout.ORDER);
        body.putObject("_source").putArray("excludes").add(OpenSearchLayout.VECTOR);
        String last = after;
        for (int left = limit; left > 0;) {
            int size = Math.min(PAGE, left);
            body.put("size", size);
            if (!last.isEmpty()) {
                body.putArray("search_after").add(last);
            }
            JsonNode answer = client.post("/_search?allow_partial_search_results=false", body, Deadline.none());
            client.requireAllShards(answer);
            JsonNode hits = answer.path("hits").path("hits");
            for (JsonNode hit : hits) {
                each.accept(hit.path("_source"));
                last = hit.path("sort").path(0).asText();
            }
            if (hits.size() < size) {
                return;
            }
            left -= size;
        }
    }

    private static ObjectNode term(String field, String value) {
        ObjectNode query = HttpService.JSON.createObjectNode();
        query.putObject("term").put(field, value);
        return query;
    }

    private static ObjectNode bool(ObjectNode... all) {
        ObjectNode query = HttpService.JSON.createObjectNode();
        ArrayNode filter = query.putObject("bool").putArray("filter");
        for (ObjectNode one : all) {
            filter.add(one);
        }
        return query;
    }
}
