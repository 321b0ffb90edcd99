package dev.rerank4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A piece of a document, short enough to be scored whole: what stages rank.
 *
 * @param id unique among all passages of an index; not blank
 * @param documentId the {@linkplain Document#id() document} it belongs to; not blank
 * @param title the document's title; may be empty
 * @param text the passage's own text; may be empty
 * @param location where it stands in the document
 * @param metadata the document's metadata; copied
 */
public record Passage(String id, String documentId, String title, String text, Location location,
        Map<String, Value> metadata) {

    /**
     * Checks the ids and copies the metadata.
     *
     * @throws IllegalArgumentException if {@code id} or {@code documentId} is blank
     */
    public Passage {
        if (id.isBlank()) {
            throw new IllegalArgumentException("passage id must not be blank");
        }
        if (documentId.isBlank()) {
            throw new IllegalArgumentException("document id of passage " + id + " must not be blank");
        }
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(location, "location");
        metadata = Map.copyOf(metadata);
    }

    /**
     * {@return a passage that is a whole document of the same id, without title and metadata}
     *
     * @param id of the passage and of its document; not blank
     * @param text may be empty
     * @throws IllegalArgumentException if {@code id} is blank
     */
    public static Passage of(String id, String text) {
        return new Passage(id, id, "", text, Location.NONE, Map.of());
    }

    /**
     * {@return what models read and BM25 indexes: title, headings and text, the empty ones left out, joined by one
     * blank} The headings tell a model what "it" is in a passage cut from the middle of a document.
     */
    public String content() {
        List<String> parts = new ArrayList<>(location.headings().size() + 2);
        parts.add(title);
        parts.addAll(location.headings());
        parts.add(text);
        parts.removeIf(String::isEmpty);
        return String.join(" ", parts);
    }
}
