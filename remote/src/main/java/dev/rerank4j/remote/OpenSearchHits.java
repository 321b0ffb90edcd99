package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Passages of the engine's hits. Immutable. */
final class OpenSearchHits {

    private final Optional<OpenSearchFields> fields;

    OpenSearchHits(Optional<OpenSearchFields> fields) {
        this.fields = fields;
    }

    /** The passage of a hit. */
    Passage passage(JsonNode hit) {
        JsonNode source = hit.path("_source");
        return fields.map(names -> foreign(names, hit, source)).orElseGet(() -> OpenSearchLayout.passage(source));
    }

    private static Passage foreign(OpenSearchFields names, JsonNode hit, JsonNode source) {
        String name = hit.path("_id").asText();
        String id = text(source, names.id()).filter(value -> !value.isBlank()).orElse(name);
        Map<String, Value> metadata = new HashMap<>();
        names.metadata().forEach((field, path) -> value(at(source, path), names.moments().contains(field))
                .ifPresent(value -> metadata.put(field, value)));
        return new Passage(id, text(source, names.documentId()).filter(value -> !value.isBlank()).orElse(id),
                text(source, names.title()).orElse(""), text(source, names.text()).orElse(""), Location.NONE,
                metadata);
    }

    /** Several texts in one field are several lines. */
    private static Optional<String> text(JsonNode source, String path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        JsonNode node = at(source, path);
        List<String> lines = new ArrayList<>();
        (node.isArray() ? node : List.of(node)).forEach(line -> {
            if (line.isValueNode() && !line.isNull()) {
                lines.add(line.asText());
            }
        });
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines));
    }

    /** A path may be written as objects in objects, as one name with dots, or as both. */
    private static JsonNode at(JsonNode source, String path) {
        if (source.has(path)) {
            return source.get(path);
        }
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            JsonNode inner = source.path(path.substring(0, dot));
            if (inner.isObject()) {
                JsonNode found = at(inner, path.substring(dot + 1));
                if (!found.isMissingNode()) {
                    return found;
                }
            }
        }
        return source.path(path);
    }

    private static Optional<Value> value(JsonNode node, boolean moment) {
        if (node.isArray()) {
            List<Value> values = new ArrayList<>();
            node.forEach(member -> single(member, moment).ifPresent(values::add));
            return Optional.of(new Value.Values(values));
        }
        return single(node, moment);
    }

    private static Optional<Value> single(JsonNode node, boolean moment) {
        if (moment && (node.isTextual() || node.isIntegralNumber())) {
            return Optional.of(moment(node));
        }
        if (node.isTextual()) {
            return Optional.of(Value.of(node.asText()));
        }
        if (node.isNumber() && Double.isFinite(node.asDouble())) {
            return Optional.of(Value.of(node.asDouble()));
        }
        return node.isBoolean() ? Optional.of(Value.of(node.asBoolean())) : Optional.empty();
    }

    /** A date in one of the forms that engines read by default, else the text. */
    private static Value moment(JsonNode node) {
        if (node.isIntegralNumber()) {
            return Value.of(Instant.ofEpochMilli(node.asLong()));
        }
        String text = node.asText();
        try {
            if (text.length() <= "2024-12-31".length()) {
                return Value.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Value.of(text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Value.of(text);
        }
    }
}
