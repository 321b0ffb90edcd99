package dev.rerank4j.remote;

import dev.rerank4j.Passage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Passages as documents. */
final class Documents {

    private Documents() {
    }

    /**
     * Passages by document, in their order.
     *
     * @throws IllegalArgumentException if passages of a document do not stand next to each other
     */
    static Map<String, List<Passage>> grouped(List<Passage> passages) {
        Map<String, List<Passage>> documents = new LinkedHashMap<>();
        String current = "";
        for (Passage passage : passages) {
            String id = passage.documentId();
            if (!id.equals(current) && documents.containsKey(id)) {
                throw new IllegalArgumentException("passages of document " + id
                        + " must stand next to each other, got others between them");
            }
            current = id;
            documents.computeIfAbsent(id, key -> new ArrayList<>()).add(passage);
        }
        return documents;
    }
}
