package dev.rerank4j.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Location;
import dev.rerank4j.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Locations and metadata as JSON. Texts, numbers, flags and lists are themselves; a moment is an object of the
 * milliseconds since 1970, {@code ms}, which filters compare, and of the nanoseconds beyond, {@code ns}, if there are
 * any.
 */
final class PostgresJson {

    static final String MILLIS = "ms";

    private static final String NANOS = "ns";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PostgresJson() {
    }

    static String metadata(Map<String, Value> metadata) {
        ObjectNode object = JSON.createObjectNode();
        metadata.forEach((field, value) -> object.set(PostgresText.stored(field), node(value)));
        return written(object);
    }

    static Map<String, Value> metadata(String json) throws JsonProcessingException {
        Map<String, Value> metadata = new HashMap<>();
        JSON.readTree(json).properties().forEach(field -> value(field.getValue())
                .ifPresent(value -> metadata.put(PostgresText.read(field.getKey()), value)));
        return metadata;
    }

    static String location(Location location) {
        ObjectNode object = JSON.createObjectNode();
        object.put("file", PostgresText.stored(location.file()));
        ArrayNode headings = object.putArray("headings");
        location.headings().forEach(heading -> headings.add(PostgresText.stored(heading)));
        location.page().ifPresent(page -> object.put("page", page));
        object.put("start", location.start());
        object.put("end", location.end());
        return written(object);
    }

    static Location location(String json) throws JsonProcessingException {
        JsonNode object = JSON.readTree(json);
        List<String> headings = new ArrayList<>();
        object.path("headings").forEach(heading -> headings.add(PostgresText.read(heading.asText())));
        JsonNode page = object.path("page");
        return new Location(PostgresText.read(object.path("file").asText()), headings,
                page.isInt() ? OptionalInt.of(page.asInt()) : OptionalInt.empty(), object.path("start").asInt(),
                object.path("end").asInt());
    }

    /** A text in quotes, as JSON and as the language of JSON paths write it. */
    static String quoted(String text) {
        return written(JSON.getNodeFactory().textNode(PostgresText.stored(text)));
    }

    private static JsonNode node(Value value) {
        return switch (value) {
            case Value.Text text -> JSON.getNodeFactory().textNode(PostgresText.stored(text.value()));
            case Value.Number number -> JSON.getNodeFactory().numberNode(number.value());
            case Value.Flag flag -> JSON.getNodeFactory().booleanNode(flag.value());
            case Value.Moment moment -> {
                ObjectNode object = JSON.createObjectNode();
                object.put(MILLIS, moment.value().toEpochMilli());
                int nanos = moment.value().getNano() % 1_000_000;
                if (nanos != 0) {
                    object.put(NANOS, nanos);
                }
                yield object;
            }
            case Value.Values several -> {
                ArrayNode array = JSON.createArrayNode();
                several.values().forEach(member -> array.add(node(member)));
                yield array;
            }
        };
    }

    /** The value; empty for what filters cannot compare, which tables of others may hold. */
    private static Optional<Value> value(JsonNode node) {
        if (!node.isArray()) {
            return single(node);
        }
        List<Value> members = new ArrayList<>();
        node.forEach(member -> single(member).ifPresent(members::add));
        return Optional.of(new Value.Values(members));
    }

    private static Optional<Value> single(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(Value.of(PostgresText.read(node.textValue())));
        }
        if (node.isNumber() && Double.isFinite(node.doubleValue())) {
            return Optional.of(Value.of(node.doubleValue()));
        }
        if (node.isBoolean()) {
            return Optional.of(Value.of(node.booleanValue()));
        }
        if (node.path(MILLIS).canConvertToLong() && node.path(MILLIS).isIntegralNumber()) {
            return Optional.of(Value.of(Instant.ofEpochMilli(node.path(MILLIS).longValue())
                    .plusNanos(node.path(NANOS).asInt(0))));
        }
        return Optional.empty();
    }

    private static String written(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree is always written
        }
    }
}
