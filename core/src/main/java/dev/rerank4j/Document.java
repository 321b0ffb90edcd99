package dev.rerank4j;

import java.util.Map;
import java.util.Objects;

/**
 * A text as its owner knows it: a file, a product, a ticket. Judgments and deletions name documents; retrieval works on
 * their {@linkplain Passage passages}.
 *
 * @param id unique among all documents of an index; not blank
 * @param title what a person would call it; may be empty
 * @param text the whole text; may be empty
 * @param metadata what filters can compare, by field name; copied, never null
 */
public record Document(String id, String title, String text, Map<String, Value> metadata) {

    /**
     * Checks the id and copies the metadata.
     *
     * @throws IllegalArgumentException if {@code id} is blank
     */
    public Document {
        if (id.isBlank()) {
            throw new IllegalArgumentException("document id must not be blank");
        }
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        metadata = Map.copyOf(metadata);
    }

    /**
     * {@return a document without title and metadata}
     *
     * @param id not blank
     * @param text may be empty
     * @throws IllegalArgumentException if {@code id} is blank
     */
    public static Document of(String id, String text) {
        return new Document(id, "", text, Map.of());
    }
}
