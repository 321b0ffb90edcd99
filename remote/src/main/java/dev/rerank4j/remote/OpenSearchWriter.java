package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes of an index on their way to it: collected, sent in requests of bounded size. A document's passages are the
 * engine's documents {@code KEY-0}, {@code KEY-1} and so on, on one shard; the first says how many there are, also before
 * a commit, so that a version with fewer leaves none behind. Guarded by the index's lock.
 */
final class OpenSearchWriter {

    private final OpenSearchOptions options;
    private final OpenSearchBulk bulk;
    private final OpenSearchClient client;

    /** Documents by their ids, each as passages and vectors; without passages: to be removed. */
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Map<String, String> marks = new LinkedHashMap<>();
    private int passages;

    /** A document on its way. */
    record Pending(List<Passage> passages, List<float[]> vectors) {
    }

    OpenSearchWriter(OpenSearchOptions options, OpenSearchClient client) {
        this.options = options;
        this.client = client;
        bulk = new OpenSearchBulk(client, options);
    }

    /** Takes a document, and sends those collected if they are enough. */
    void put(String documentId, Pending document) {
        Pending before = pending.remove(documentId);
        passages += Math.max(1, document.passages().size())
                - (before == null ? 0 : Math.max(1, before.passages().size()));
        pending.put(documentId, document);
        if (passages >= options.bulkPassages()) {
            flush();
        }
    }

    void mark(String key, String mark) {
        marks.put(key, mark);
    }

    /** Sends all. Marks come last: none is there before what it stands for. */
    void commit() {
        flush();
        if (!marks.isEmpty()) {
            try {
                marks.forEach(this::write);
                bulk.send();
            } finally {
                bulk.forget();
                marks.clear();
            }
        }
        JsonNode shards = client.post("/_refresh", HttpService.JSON.createObjectNode(), Deadline.none())
                .path("_shards");
        if (shards.path("failed").asInt() > 0) {
            throw new RerankException(Kind.UNAVAILABLE, "what was added to " + client.subject()
                    + " is written, but not all of it visible: some shards did not answer, commit again");
        }
    }

    private void flush() {
        try {
            if (!pending.isEmpty()) {
                Map<String, Integer> before = sizes(pending.keySet().stream().toList());
                pending.forEach((id, document) -> write(id, document, before.getOrDefault(id, 0)));
                bulk.send();
            }
        } finally {
            bulk.forget();
            pending.clear();
            passages = 0;
        }
    }

    /** How many passages documents have, those that are written but not committed included. */
    private Map<String, Integer> sizes(List<String> documents) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        ArrayNode docs = body.putArray("docs");
        for (String id : documents) {
            String key = OpenSearchLayout.key(id);
            docs.addObject().put("_id", key + "-0").put("routing", key).putArray("_source")
                    .add(OpenSearchLayout.PASSAGES);
        }
        JsonNode answers = client.post("/_mget", body, Deadline.none()).path("docs");
        Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < documents.size(); i++) {
            JsonNode answer = answers.path(i);
            if (answer.path("error").path("type").asText().equals("index_not_found_exception")) {
                throw client.missing(); // removed meanwhile; a bulk request would make one with another mapping
            }
            if (answer.has("error")) {
                throw new RerankException(Kind.UNAVAILABLE, "some shards of " + client.subject()
                        + " did not answer: nothing was added");
            }
            sizes.put(documents.get(i), answer.path("_source").path(OpenSearchLayout.PASSAGES).asInt());
        }
        return sizes;
    }

    /** In an order that a kill in the middle leaves nothing behind which the next version would not remove. */
    private void write(String id, Pending document, int before) {
        String key = OpenSearchLayout.key(id);
        int now = document.passages().size();
        for (int i = before - 1; i >= now; i--) {
            bulk.delete(key + "-" + i, key);
        }
        List<ObjectNode> sources = OpenSearchLayout.sources(document.passages());
        for (int i = 0; i < now; i++) {
            if (!document.vectors().isEmpty()) {
                ArrayNode vector = sources.get(i).putArray(OpenSearchLayout.VECTOR);
                for (float x : document.vectors().get(i)) {
                    vector.add(x);
                }
            }
            bulk.index(key + "-" + i, key, sources.get(i));
        }
    }

    private void write(String key, String mark) {
        String id = OpenSearchLayout.MARK + "-" + OpenSearchLayout.key(key);
        if (mark.isEmpty()) {
            bulk.delete(id, id);
        } else {
            bulk.index(id, id, OpenSearchLayout.mark(key, mark));
        }
    }
}
