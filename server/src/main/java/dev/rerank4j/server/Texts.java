package dev.rerank4j.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents as the dialects have them: texts, or objects with texts in their fields. */
final class Texts {

    private static final List<String> DEFAULT_FIELDS = List.of("text");

    private Texts() {
    }

    /**
     * What the model reads of each document.
     *
     * @param name of the list, for messages
     * @param fields of objects, to be read in this order; {@code text} if none are named
     * @throws Refusal if one is neither, or has none of the fields
     */
    static List<String> of(String name, @Nullable List<JsonNode> documents, @Nullable List<String> fields) {
        if (documents == null) {
            throw new Refusal(Reason.MALFORMED, name + " must be a list of documents, got nothing");
        }
        List<String> wanted = fields == null || fields.isEmpty() ? DEFAULT_FIELDS : fields;
        List<String> texts = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            texts.add(text(name + "[" + i + "]", documents.get(i), wanted));
        }
        return texts;
    }

    private static String text(String name, @Nullable JsonNode document, List<String> fields) {
        if (document != null && document.isTextual()) {
            return document.textValue();
        }
        if (document == null || !document.isObject()) {
            throw new Refusal(Reason.MALFORMED, name + " must be a text or an object with a text, got "
                    + (document == null ? "null" : Json.kind(document)));
        }
        List<String> found = new ArrayList<>();
        for (String field : fields) {
            JsonNode value = document.path(field);
            if (value.isValueNode() && !value.isNull()) {
                found.add(value.asText());
            }
        }
        if (found.isEmpty()) {
            throw new Refusal(Reason.MALFORMED, name + " must have a text in "
                    + (fields.equals(DEFAULT_FIELDS) ? "its field text" : "one of the fields of rank_fields"));
        }
        return String.join(" ", found);
    }

    /** A document as an object, as answers have it: a text becomes one with a field of that name. */
    static JsonNode object(JsonNode document) {
        return document.isObject() ? document : JsonNodeFactory.instance.objectNode().set("text", document);
    }
}
