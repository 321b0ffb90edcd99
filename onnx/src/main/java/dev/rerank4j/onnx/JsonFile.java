package dev.rerank4j.onnx;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rerank4j.RerankException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An object of a JSON file that lies beside a model. What is absent or {@code null} is empty; what is of another kind than
 * asked for is refused, and the message says where.
 *
 * @param where the file and its place, for messages
 */
record JsonFile(JsonObject object, String where) {

    /** Configurations have kilobytes. */
    private static final int LONGEST = 16 << 20;

    /** @throws RerankException {@code UNAVAILABLE} if there is no such file, {@code MODEL} if it is no JSON object */
    static JsonFile read(ModelFiles files, String name) {
        return new JsonFile(parse(files, name, JsonElement::getAsJsonObject), name + " in " + files.describe());
    }

    /** Empty if there is no such file. */
    static Optional<JsonFile> readIfThere(ModelFiles files, String name) {
        return files.has(name) ? Optional.of(read(files, name)) : Optional.empty();
    }

    /** The objects of an array. */
    static List<JsonFile> readAll(ModelFiles files, String name) {
        String where = name + " in " + files.describe();
        List<JsonFile> all = new ArrayList<>();
        for (JsonElement element : parse(files, name, JsonElement::getAsJsonArray)) {
            if (!element.isJsonObject()) {
                throw wrong(where, "must be a list of objects");
            }
            all.add(new JsonFile(element.getAsJsonObject(), where));
        }
        return all;
    }

    private interface Root<T> {
        T of(JsonElement element);
    }

    private static <T> T parse(ModelFiles files, String name, Root<T> root) {
        byte[] bytes = files.read(name, LONGEST);
        try {
            return root.of(JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)));
        } catch (JsonParseException | IllegalStateException | StackOverflowError e) {
            throw new RerankException(RerankException.Kind.MODEL, name + " in " + files.describe()
                    + " is not the JSON it should be: fetch the model again", e);
        }
    }

    OptionalInt integer(String key) {
        Optional<JsonElement> value = value(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.get().isJsonPrimitive() || !value.get().getAsJsonPrimitive().isNumber()) {
            throw wrong(key + " must be a number");
        }
        // A tokenizer without a limit says 1e30.
        return OptionalInt
                .of((int) Math.clamp(value.get().getAsDouble(), Integer.MIN_VALUE, (double) Integer.MAX_VALUE));
    }

    Optional<String> text(String key) {
        return value(key).map(value -> {
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
                throw wrong(key + " must be a text");
            }
            return value.getAsString();
        });
    }

    Optional<Boolean> flag(String key) {
        return value(key).map(value -> {
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
                throw wrong(key + " must be true or false");
            }
            return value.getAsBoolean();
        });
    }

    Optional<JsonFile> object(String key) {
        return value(key).map(value -> {
            if (!value.isJsonObject()) {
                throw wrong(key + " must be an object");
            }
            return new JsonFile(value.getAsJsonObject(), where);
        });
    }

    /** A text, or a list of texts. */
    List<String> texts(String key) {
        Optional<JsonElement> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        JsonArray array = new JsonArray();
        if (value.get().isJsonArray()) {
            array = value.get().getAsJsonArray();
        } else {
            array.add(value.get());
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array) {
            if (!element.isJsonPrimitive()) {
                throw wrong(key + " must be a list of texts");
            }
            texts.add(element.getAsString());
        }
        return texts;
    }

    private Optional<JsonElement> value(String key) {
        return Optional.ofNullable(object.get(key)).filter(value -> !value.isJsonNull());
    }

    RerankException wrong(String what) {
        return wrong(where, what);
    }

    private static RerankException wrong(String where, String what) {
        return new RerankException(RerankException.Kind.MODEL, where + " is not as expected: " + what);
    }
}
