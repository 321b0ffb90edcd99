package dev.rerank4j.onnx;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.rerank4j.RerankException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code tokenizer.json}, corrected by what {@code transformers} and {@code sentence-transformers} go by before it: the
 * switches in {@code tokenizer_config.json} and {@code do_lower_case} in {@code sentence_bert_config.json}.
 */
final class TokenizerFile {

    /** XLM-RoBERTa's, of 250,000 pieces, has 17 million. */
    private static final int LONGEST = 256 << 20;

    /** Reading takes time that grows with their square: 5,500 take half a second, 22,000 five seconds. */
    private static final int MOST_ADDED = 25_000;

    /** Switches of BERT's normalizer: in the configuration, in the tokenizer. */
    private static final Map<String, String> BERT = Map.of("do_lower_case", "lowercase", "strip_accents",
            "strip_accents", "tokenize_chinese_chars", "handle_chinese_chars");
    private static final String PREFIX_SPACE = "add_prefix_space";

    private TokenizerFile() {
    }

    /**
     * @param lowerCase whether texts are put into lower case first
     * @return the file's bytes, or those of a corrected copy
     * @throws RerankException {@code UNAVAILABLE} if the file is missing, {@code MODEL} if it is no JSON or too long
     */
    static byte[] read(ModelFiles files, String name, boolean lowerCase) {
        byte[] bytes = files.read(name, LONGEST);
        Map<String, Boolean> said = new HashMap<>();
        // Others, such as the built-in encoder's, lie beside files of whatever else is on the class path.
        Optional<JsonFile> config = name.equals(ModelFolder.TOKENIZER)
                ? JsonFile.readIfThere(files, "tokenizer_config.json")
                : Optional.empty();
        config.ifPresent(json -> Stream.concat(BERT.keySet().stream(), Stream.of(PREFIX_SPACE))
                .forEach(key -> json.flag(key).ifPresent(flag -> said.put(key, flag))));
        try {
            // Most say the same twice: that is found out without building a tree of all the vocabulary.
            Parts parts = Parts.read(bytes);
            if (parts.added() > MOST_ADDED) {
                throw new RerankException(RerankException.Kind.MODEL, name + " in " + files.describe() + " adds "
                        + parts.added() + " tokens to its vocabulary: at most " + MOST_ADDED + " can be read");
            }
            if (!correct(parts.object(), said, lowerCase)) {
                return bytes;
            }
            JsonObject whole = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
            correct(whole, said, lowerCase);
            return whole.toString().getBytes(StandardCharsets.UTF_8);
        } catch (IOException | JsonParseException | IllegalStateException | ClassCastException
                | UnsupportedOperationException | StackOverflowError e) {
            throw new RerankException(RerankException.Kind.MODEL,
                    name + " in " + files.describe() + " is not a tokenizer: fetch the model again", e);
        }
    }

    /**
     * What of a tokenizer may have to be corrected, and how many tokens it adds.
     *
     * @param object like the whole, with these parts alone
     */
    private record Parts(JsonObject object, int added) {

        static Parts read(byte[] bytes) throws IOException {
            JsonObject parts = new JsonObject();
            int added = 0;
            try (JsonReader reader = new JsonReader(
                    new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8))) {
                reader.beginObject();
                while (reader.hasNext()) {
                    String key = reader.nextName();
                    if (key.equals("normalizer") || key.equals("pre_tokenizer")) {
                        parts.add(key, JsonParser.parseReader(reader));
                    } else if (key.equals("added_tokens") && reader.peek() == JsonToken.BEGIN_ARRAY) {
                        reader.beginArray();
                        for (; reader.hasNext(); added++) {
                            reader.skipValue();
                        }
                        reader.endArray();
                    } else {
                        reader.skipValue();
                    }
                }
            }
            return new Parts(parts, added);
        }
    }

    /** Whether anything had to be changed. */
    private static boolean correct(JsonObject tokenizer, Map<String, Boolean> said, boolean lowerCase) {
        boolean changed = false;
        for (JsonObject part : sequence(tokenizer.get("normalizer"), "normalizers")) {
            if (isType(part, "BertNormalizer")) {
                for (Map.Entry<String, String> key : BERT.entrySet()) {
                    changed |= set(part, key.getValue(), said.get(key.getKey()));
                }
            }
        }
        for (JsonObject part : sequence(tokenizer.get("pre_tokenizer"), "pretokenizers")) {
            if (isType(part, "ByteLevel")) {
                changed |= set(part, PREFIX_SPACE, said.get(PREFIX_SPACE));
            }
        }
        return (lowerCase && lower(tokenizer)) | changed;
    }

    private static boolean lower(JsonObject tokenizer) {
        List<JsonObject> parts = sequence(tokenizer.get("normalizer"), "normalizers");
        if (parts.stream().anyMatch(part -> isType(part, "Lowercase") || isType(part, "BertNormalizer")
                && part.has("lowercase") && part.get("lowercase").getAsBoolean())) {
            return false;
        }
        JsonObject lower = new JsonObject();
        lower.addProperty("type", "Lowercase");
        JsonArray all = new JsonArray();
        all.add(lower);
        parts.forEach(all::add);
        JsonObject sequence = new JsonObject();
        sequence.addProperty("type", "Sequence");
        sequence.add("normalizers", all);
        tokenizer.add("normalizer", sequence);
        return true;
    }

    /** The steps of a sequence; a step by itself is one of one. */
    private static List<JsonObject> sequence(@Nullable JsonElement part, String key) {
        if (part == null || !part.isJsonObject()) {
            return List.of();
        }
        JsonObject object = part.getAsJsonObject();
        return isType(object, "Sequence") && object.has(key)
                ? object.getAsJsonArray(key).asList().stream().map(JsonElement::getAsJsonObject).toList()
                : List.of(object);
    }

    private static boolean isType(JsonObject part, String type) {
        return part.has("type") && part.get("type").getAsString().equals(type);
    }

    private static boolean set(JsonObject part, String key, @Nullable Boolean value) {
        if (value == null || part.has(key) && part.get(key).isJsonPrimitive()
                && part.get(key).getAsBoolean() == value) {
            return false;
        }
        part.addProperty(key, value);
        return true;
    }
}
