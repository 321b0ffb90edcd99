package dev.rerank4j.onnx;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads the list of known models. It is part of this jar, so whatever is wrong in it is a mistake of this library: a key
 * that is misspelt stops the reading, for it would otherwise be a prefix or a licence that nobody misses.
 */
final class KnownModelReader {

    private static final Set<String> KEYS = Set.of("repository", "kind", "architecture", "queryPrefix", "textPrefix",
            "activation", "maxLength", "licence", "commercial", "languages", "source", "note");

    /** The list of this jar, read when it is first asked for. */
    static final List<KnownModel> BUNDLED = bundled();

    private KnownModelReader() {
    }

    /**
     * Reads a list.
     *
     * @param json an array of objects with the components of {@link KnownModel} as keys
     * @return its models, in the order of the list
     * @throws IllegalStateException if a key is unknown, a needed one is missing or a value is not of its kind
     */
    static List<KnownModel> read(String json) {
        List<KnownModel> models = new ArrayList<>();
        for (JsonElement element : JsonParser.parseString(json).getAsJsonArray()) {
            models.add(model(element.getAsJsonObject()));
        }
        return List.copyOf(models);
    }

    private static KnownModel model(JsonObject model) {
        Set<String> unknown = new HashSet<>(model.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalStateException("unknown keys " + unknown + " in a known model: allowed are " + KEYS);
        }
        String repository = needed(model, "repository").getAsString();
        try {
            return new KnownModel(repository, ModelKind.valueOf(upper(needed(model, "kind"))),
                    text(model, "architecture"), text(model, "queryPrefix"), text(model, "textPrefix"),
                    Optional.ofNullable(model.get("activation"))
                            .map(value -> ModelSpec.Activation.valueOf(upper(value))),
                    model.has("maxLength") ? OptionalInt.of(model.get("maxLength").getAsInt()) : OptionalInt.empty(),
                    needed(model, "licence").getAsString(), bool(needed(model, "commercial")),
                    Set.copyOf(strings(model, "languages")), strings(model, "source"), text(model, "note").orElse(""));
        } catch (IllegalArgumentException | UnsupportedOperationException | ClassCastException e) {
            throw new IllegalStateException("what is known of " + repository + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonElement needed(JsonObject model, String key) {
        JsonElement value = model.get(key);
        if (value == null) {
            throw new IllegalStateException("a known model needs a " + key + ": " + model.get("repository"));
        }
        return value;
    }

    private static Optional<String> text(JsonObject model, String key) {
        return Optional.ofNullable(model.get(key)).map(JsonElement::getAsString);
    }

    private static boolean bool(JsonElement value) { // Gson reads any string that is not "true" as false
        if (!value.getAsJsonPrimitive().isBoolean()) {
            throw new IllegalStateException("commercial must be true or false, got " + value);
        }
        return value.getAsBoolean();
    }

    private static List<String> strings(JsonObject model, String key) {
        JsonArray values = model.has(key) ? model.getAsJsonArray(key) : new JsonArray();
        return values.asList().stream().map(JsonElement::getAsString).toList();
    }

    private static String upper(JsonElement value) {
        return value.getAsString().toUpperCase(Locale.ROOT);
    }

    private static List<KnownModel> bundled() {
        try (InputStream list = KnownModelReader.class.getResourceAsStream("known-models.json")) {
            return read(new String(Objects.requireNonNull(list, "known-models.json").readAllBytes(),
                    StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
