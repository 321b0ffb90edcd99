package dev.rerank4j.remote;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which fields of an index that somebody else fills hold what. Names are paths as in the engine's mapping, with dots
 * between the levels: {@code product.name}. Immutable; each {@code with…} gives another.
 *
 * @param id a passage's id; empty for the {@code _id} of the engine's document
 * @param documentId the document that a passage belongs to; empty where each passage is a document of its own
 * @param title a passage's title; empty if there is none
 * @param text a passage's text; not empty
 * @param searched the fields in which {@code bm25} looks for words, with their weights; of type {@code text} in the
 *        mapping. Empty for title and text, of weight 1
 * @param vector the passages' vectors, of type {@code knn_vector} or {@code dense_vector}; empty if there are none
 * @param metadata the paths of metadata fields by the names that they have here, such as {@code year} to
 *        {@code published.year}; of type {@code keyword}, number, {@code boolean} or {@code date}. A filter on a field
 *        that is not named here finds nothing
 * @param moments the names of those metadata fields that are dates, so that they are read as such
 */
public record OpenSearchFields(String id, String documentId, String title, String text, Map<String, Double> searched,
        String vector, Map<String, String> metadata, Set<String> moments) {

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if {@code text} is empty, a path of another field is blank, a weight is not above
     *         0 and finite, or a moment is no metadata field
     */
    public OpenSearchFields {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the field of the text must be named");
        }
        Map<String, Double> words = new LinkedHashMap<>();
        if (searched.isEmpty()) {
            if (!title.isEmpty()) {
                words.put(title, 1.0);
            }
            words.put(text, 1.0);
        }
        words.putAll(searched);
        words.forEach((field, weight) -> {
            if (field.isBlank() || !(weight > 0) || weight.isInfinite()) {
                throw new IllegalArgumentException("a searched field must have a name and a weight > 0, got " + weight
                        + " for '" + field + "'");
            }
        });
        searched = Collections.unmodifiableMap(words);
        metadata = Map.copyOf(metadata);
        if (metadata.values().stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("the path of a metadata field must not be blank");
        }
        moments = Set.copyOf(moments);
        if (!metadata.keySet().containsAll(moments)) {
            throw new IllegalArgumentException("a moment must be one of the metadata fields, got " + moments);
        }
    }

    /**
     * {@return fields of an index whose documents are passages with this text, by their {@code _id}}
     *
     * @param text the field of the text
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public static OpenSearchFields ofText(String text) {
        return new OpenSearchFields("", "", "", text, Map.of(), "", Map.of(), Set.of());
    }

    /**
     * {@return the same with titles, which are searched like the texts}
     *
     * @param field of the titles
     */
    public OpenSearchFields withTitle(String field) {
        return new OpenSearchFields(id, documentId, field, text, Map.of(), vector, metadata, moments);
    }

    /**
     * {@return the same with ids in fields}
     *
     * @param passage of passages' ids; empty for {@code _id}
     * @param document of documents' ids; empty where each passage is a document of its own
     */
    public OpenSearchFields withIds(String passage, String document) {
        return new OpenSearchFields(passage, document, title, text, searched, vector, metadata, moments);
    }

    /**
     * {@return the same with other fields to search}
     *
     * @param fields with their weights; in the order in which the engine is to be asked
     * @throws IllegalArgumentException if a weight is not above 0 and finite
     */
    public OpenSearchFields withSearched(Map<String, Double> fields) {
        return new OpenSearchFields(id, documentId, title, text, fields, vector, metadata, moments);
    }

    /**
     * {@return the same with vectors}
     *
     * @param field of the vectors
     */
    public OpenSearchFields withVector(String field) {
        return new OpenSearchFields(id, documentId, title, text, searched, field, metadata, moments);
    }

    /**
     * {@return the same with metadata}
     *
     * @param paths by the names that the fields have here
     * @param dates the names of those that are dates
     * @throws IllegalArgumentException if a path is blank, or a date is not among the names
     */
    public OpenSearchFields withMetadata(Map<String, String> paths, Set<String> dates) {
        return new OpenSearchFields(id, documentId, title, text, searched, vector, paths, dates);
    }
}
