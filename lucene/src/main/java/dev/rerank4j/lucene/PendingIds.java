package dev.rerank4j.lucene;

import dev.rerank4j.Passage;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which passage ids are taken, counting what is committed and what was added and deleted since. Without it a passage id
 * in two documents would quietly hide one of the passages in every ranking. Not safe for use by several threads.
 */
final class PendingIds {

    /** Of each document added or deleted since the last commit, the ids of its passages: none if deleted. */
    private final Map<String, Set<String>> documents = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();

    /**
     * Takes the ids of documents that replace those of the same ids.
     *
     * @param added passages by document id
     * @param committed by passage id, the document of the last commit that has it; may leave out ids not added
     * @throws RerankException if an id belongs to another document, or to two passages: then nothing is taken
     */
    void add(Map<String, List<Passage>> added, Map<String, String> committed) {
        Map<String, String> taken = new HashMap<>();
        added.forEach((document, passages) -> passages.forEach(passage -> {
            String before = taken.put(passage.id(), document);
            if (before != null) {
                throw twice(passage.id(), before, document);
            }
        }));
        taken.forEach((id, document) -> {
            String owner = owner(id, committed);
            if (owner != null && !added.containsKey(owner)) {
                throw twice(id, owner, document);
            }
        });
        added.forEach((document, passages) -> {
            delete(document);
            Set<String> ids = new HashSet<>();
            passages.forEach(passage -> {
                ids.add(passage.id());
                owners.put(passage.id(), document);
            });
            documents.put(document, ids);
        });
    }

    void delete(String document) {
        Set<String> ids = documents.put(document, new HashSet<>());
        if (ids != null) {
            ids.forEach(id -> owners.remove(id, document));
        }
    }

    /** All is committed. */
    void clear() {
        documents.clear();
        owners.clear();
    }

    private @Nullable String owner(String id, Map<String, String> committed) {
        String pending = owners.get(id);
        if (pending != null) {
            return pending;
        }
        String before = committed.get(id);
        return before == null || documents.containsKey(before) ? null : before;
    }

    private static RerankException twice(String id, String first, String second) {
        return new RerankException(Kind.INVALID_REQUEST, "passage ids must be unique, got " + id
                + (first.equals(second) ? " twice in document " + first : " in documents " + first + " and " + second)
                + ": give each passage an id of its own");
    }
}
