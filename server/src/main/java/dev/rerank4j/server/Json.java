package dev.rerank4j.server;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * JSON in and out: keys with underscores, values of exactly the kind that is asked for. What is wrong is said without
 * quoting it.
 */
final class Json {

    /** Deep enough for every filter, and far from the end of the stack. */
    private static final int MAX_NESTING = 100;

    /** What some editors put before UTF-8. */
    private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final int MAX_DIGITS = 1000;
    /** Each becomes an object of up to a hundred bytes: a body of many tiny ones must not fill the memory. */
    private static final int MAX_TOKENS = 1_000_000;

    /** Takes keys that it does not know, as other people's servers do. */
    private static final JsonMapper LENIENT = mapper(false);

    /** Refuses them: a misspelt option that is silently ignored costs people hours. */
    private static final JsonMapper STRICT = mapper(true);

    private Json() {
    }

    private static JsonMapper mapper(boolean strict) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .maxStringLength(Integer.MAX_VALUE) // the body is bounded
                        .maxNumberLength(MAX_DIGITS)
                        .maxTokenCount(MAX_TOKENS)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
                .addModule(WholeNumbers.module())
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, config -> config
                        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .build();
    }

    /**
     * UTF-8. A lone surrogate, which it cannot have, becomes a question mark: hence by way of a text, as the direct way
     * would fail.
     */
    static byte[] bytes(Object value) {
        try {
            return LENIENT.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // our own records and trees
        }
    }

    /**
     * The object in a body.
     *
     * @throws Refusal if it is none
     */
    static ObjectNode object(byte[] body) {
        if (body.length == 0) {
            throw new Refusal(Reason.MALFORMED, "the body must be a JSON object, got nothing");
        }
        int start = Arrays.mismatch(body, MARK) == MARK.length ? MARK.length : 0;
        JsonNode node;
        try {
            // By way of a decoder, as Jackson's own one takes some bytes that are no UTF-8.
            node = LENIENT.readTree(new InputStreamReader(new ByteArrayInputStream(body, start, body.length - start),
                    StandardCharsets.UTF_8.newDecoder()));
        } catch (JsonProcessingException e) {
            throw new Refusal(Reason.MALFORMED, broken(e));
        } catch (IOException e) { // what is no UTF-8
            throw new Refusal(Reason.MALFORMED, "the body must be JSON in UTF-8, and some of its bytes are not");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new Refusal(Reason.MALFORMED, "the body must be a JSON object, got " + kind(node));
    }

    /**
     * A message of somebody else's API: keys that it does not know are left out.
     *
     * @throws Refusal if a value is of the wrong kind
     */
    static <T> T lenient(JsonNode object, Class<T> type) {
        return read(LENIENT, object, type);
    }

    /**
     * A message of ours: keys that it does not know are an error.
     *
     * @throws Refusal if a key is unknown or a value is of the wrong kind
     */
    static <T> T strict(JsonNode object, Class<T> type) {
        return read(STRICT, object, type);
    }

    private static <T> T read(JsonMapper mapper, JsonNode object, Class<T> type) {
        try {
            return mapper.treeToValue(object, type);
        } catch (UnrecognizedPropertyException e) {
            Collection<Object> known = e.getKnownPropertyIds();
            throw new Refusal(Reason.MALFORMED, "unknown key" + at(e) + "; known here: "
                    + known.stream().map(String::valueOf).sorted().collect(Collectors.joining(", ")));
        } catch (JsonMappingException e) {
            throw new Refusal(Reason.MALFORMED, switch (e.getCause()) {
                case Refusal refusal -> refusal.sentence();
                case IllegalArgumentException wrong -> String.valueOf(wrong.getMessage());
                case null, default -> "the value" + at(e) + " is of the wrong kind" + wanted(e);
            });
        } catch (JsonProcessingException e) {
            throw new Refusal(Reason.MALFORMED, broken(e));
        }
    }

    /** What a value is, in JSON's words. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL, MISSING -> "null";
            case BINARY, POJO -> node.getNodeType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String broken(JsonProcessingException error) {
        if (error instanceof StreamConstraintsException) {
            return "the body must be nested at most " + MAX_NESTING + " deep, with at most " + MAX_TOKENS
                    + " keys, values and brackets, and numbers of at most " + MAX_DIGITS + " digits";
        }
        return "the body is not JSON" + (error.getLocation() == null
                ? ""
                : ": broken at line " + error.getLocation().getLineNr() + ", column "
                        + error.getLocation().getColumnNr());
    }

    /** Where, by our own names of keys: unknown ones could be text of a document, and are cut short. */
    private static String at(JsonMappingException error) {
        String path = error.getPath().stream()
                .map(reference -> reference.getFieldName() == null
                        ? "[" + reference.getIndex() + "]"
                        : "." + reference.getFieldName())
                .collect(Collectors.joining());
        String shown = path.startsWith(".") ? path.substring(1) : path;
        return shown.isEmpty() ? "" : " " + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown);
    }

    private static String wanted(JsonMappingException error) {
        if (!(error instanceof com.fasterxml.jackson.databind.exc.MismatchedInputException mismatch)
                || mismatch.getTargetType() == null) {
            return "";
        }
        Class<?> type = mismatch.getTargetType();
        if (type.isEnum()) {
            return ": it must be one of " + Arrays.stream(type.getEnumConstants())
                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        }
        if (type == String.class) {
            return ": it must be a text";
        }
        if (type == Boolean.class || type == boolean.class) {
            return ": it must be true or false";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return ": it must be a whole number";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return ": it must be a number";
        }
        return Collection.class.isAssignableFrom(type) ? ": it must be a list" : ": it must be an object";
    }
}
