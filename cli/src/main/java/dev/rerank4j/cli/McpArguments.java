package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Arguments of a tool, held against its input schema: of JSON Schema that much as our own schemas use. What is refused
 * is told in a sentence that a model can act on.
 */
final class McpArguments {

    private static final int SHOWN = 50;

    private final JsonNode values;

    private McpArguments(JsonNode values) {
        this.values = values;
    }

    /**
     * @param given an object; a null is as good as nothing
     * @throws UsageException if one is unknown, missing, of the wrong type or out of range
     */
    static McpArguments checked(JsonNode schema, JsonNode given) {
        JsonNode properties = schema.path("properties");
        List<String> known = new ArrayList<>();
        properties.fieldNames().forEachRemaining(known::add);
        given.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String shown = TextLayout.fit(TextLayout.printable(name), SHOWN);
                throw new UsageException("there is no argument " + shown + Nearest.hint(shown, known));
            }
        });
        for (JsonNode required : schema.path("required")) {
            if (!given.hasNonNull(required.asText())) {
                throw new UsageException("the argument " + required.asText() + " is missing: "
                        + properties.path(required.asText()).path("description").asText());
            }
        }
        for (String name : known) {
            if (given.hasNonNull(name)) {
                check(name, properties.path(name), given.path(name));
            }
        }
        return new McpArguments(given);
    }

    private static void check(String name, JsonNode schema, JsonNode value) {
        switch (schema.path("type").asText()) {
            case "string" -> checkText(name, schema, value);
            case "integer" -> checkNumber(name, schema, value, "an integer",
                    value.isNumber() && isIntegral(value.decimalValue()));
            case "number" -> checkNumber(name, schema, value, "a number", value.isNumber());
            case "array" -> checkList(name, schema, value);
            default -> throw new IllegalStateException("no check of " + schema);
        }
    }

    private static void checkText(String name, JsonNode schema, JsonNode value) {
        if (schema.has("enum")) {
            List<String> allowed = texts(schema.path("enum"));
            if (!value.isTextual() || !allowed.contains(value.textValue())) {
                throw new UsageException(name + " must be one of " + String.join(", ", allowed) + ", got "
                        + shown(value));
            }
            return;
        }
        if (!value.isTextual()) {
            throw new UsageException(name + " must be a string, got " + kind(value));
        }
        String text = value.textValue();
        if (text.isBlank() && schema.path("minLength").asInt() > 0) {
            throw new UsageException(name + " must not be empty");
        }
        int most = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        if (text.length() > most) {
            throw new UsageException(name + " must be at most " + Units.count(most) + " characters long, got "
                    + Units.count(text.length()));
        }
    }

    private static void checkNumber(String name, JsonNode schema, JsonNode value, String what, boolean ofThatType) {
        BigDecimal least = schema.path("minimum").decimalValue();
        BigDecimal most = schema.path("maximum").decimalValue();
        if (!ofThatType || value.decimalValue().compareTo(least) < 0 || value.decimalValue().compareTo(most) > 0) {
            throw new UsageException(name + " must be " + what + " from " + least + " to " + most + ", got "
                    + shown(value));
        }
    }

    private static boolean isIntegral(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private static void checkList(String name, JsonNode schema, JsonNode value) {
        if (!value.isArray()) {
            throw new UsageException(name + " must be an array of strings, got " + kind(value));
        }
        int most = schema.path("maxItems").asInt();
        int least = schema.path("minItems").asInt();
        if (value.size() > most || value.size() < least) {
            throw new UsageException(name + " must have " + (value.size() > most
                    ? "at most " + Units.count(most)
                    : "at least " + least) + (least == 1 && value.isEmpty() ? " item" : " items") + ", got "
                    + Units.count(value.size()));
        }
        for (int i = 0; i < value.size(); i++) {
            checkText(name + "[" + i + "]", schema.path("items"), value.path(i));
        }
    }

    /** A short value as it is, of a long one what it is: texts are nobody else's business. */
    private static String shown(JsonNode value) {
        String text = value.isTextual() ? "\"" + TextLayout.printable(value.textValue()) + "\"" : value.toString();
        return value.isContainerNode() || text.length() > SHOWN ? kind(value) : text;
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> "something else";
        };
    }

    /** One that is required. */
    String text(String name) {
        return values.path(name).asText();
    }

    Optional<String> choice(String name) {
        return Optional.ofNullable(values.path(name).textValue());
    }

    @Nullable
    Integer integer(String name) {
        return values.hasNonNull(name) ? Integer.valueOf(values.path(name).decimalValue().intValueExact()) : null;
    }

    @Nullable
    Double number(String name) {
        return values.hasNonNull(name) ? Double.valueOf(values.path(name).asDouble()) : null;
    }

    /** None if it was not given. */
    List<String> texts(String name) {
        return texts(values.path(name));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::textValue).toList();
    }
}
