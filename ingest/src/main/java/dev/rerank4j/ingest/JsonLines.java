package dev.rerank4j.ingest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.rerank4j.Document;
import dev.rerank4j.Value;
import dev.rerank4j.ingest.DocumentReader.Warning;
import dev.rerank4j.ingest.Lines.Line;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** One JSON object a line, each a document. */
final class JsonLines {

    private static final int MAX_DEPTH = 64;
    private static final double EXACT = 1L << 53; // beyond it doubles skip whole numbers
    private static final int LONGEST_NUMBER = 400; // a double has 309 digits before its point

    private JsonLines() {
    }

    static void read(Path path, String name, long maxLineBytes, Consumer<SectionedDocument> documents,
            Consumer<Warning> warnings) throws IOException {
        Set<String> ids = new HashSet<>();
        try (Lines lines = new Lines(path, maxLineBytes)) {
            for (Optional<Line> next = lines.next(); next.isPresent(); next = lines.next()) {
                Line line = next.get();
                String lineName = name + ":" + line.number();
                Optional<Document> document;
                try {
                    document = document(line, lineName, maxLineBytes);
                    if (document.isPresent() && !ids.add(document.get().id())) {
                        throw new Unreadable("Its id stands on an earlier line too, which is kept; make ids unique.");
                    }
                } catch (Unreadable e) {
                    warnings.accept(new Warning(lineName, e.getMessage()));
                    continue;
                }
                document.ifPresent(found -> documents.accept(SectionedDocument.plain(found, name)));
            }
        }
    }

    /** The document of a line; empty if the line is blank. */
    private static Optional<Document> document(Line line, String lineName, long maxLineBytes) throws Unreadable {
        byte[] bytes = line.bytes().orElseThrow(() -> new Unreadable("The line is longer than the " + maxLineBytes
                + " bytes that one may have; split it or raise the limit."));
        String json;
        try {
            json = TextDecoder.strictUtf8(bytes);
        } catch (CharacterCodingException e) {
            throw new Unreadable("The line is not UTF-8; convert the file.", e);
        }
        return json.isBlank() ? Optional.empty() : Optional.of(document(object(json), lineName));
    }

    private static JsonObject object(String json) throws Unreadable {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(MAX_DEPTH);
        try {
            JsonElement element = JsonParser.parseReader(reader);
            if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
                throw new Unreadable("The line is not one JSON object, such as {\"id\": \"1\", \"text\": \"...\"}.");
            }
            return element.getAsJsonObject();
        } catch (Unreadable e) {
            throw e;
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new Unreadable("The line is not valid JSON, or is nested more than " + MAX_DEPTH + " deep.", e);
        }
    }

    private static Document document(JsonObject object, String lineName) throws Unreadable {
        String idKey = object.has("id") ? "id" : "_id";
        String id = string(object, idKey);
        String title = string(object, "title").strip();
        String text = string(object, "text");
        for (String taken : List.of(idKey, "title", "text")) {
            object.remove(taken);
        }
        Fields fields = new Fields();
        fields.add("", object, false);
        return new Document(id.isBlank() ? lineName : id, title, text, fields.values());
    }

    private static String string(JsonObject object, String key) throws Unreadable {
        JsonElement element = object.get(key);
        if (element == null || element.isJsonNull()) {
            return "";
        } else if (element.isJsonPrimitive()) {
            return element.getAsString();
        }
        throw new Unreadable("The line's \"" + key + "\" is not a string.");
    }

    /** Metadata by dotted names, in the order of the line. What stands in an array, at any depth, is one of several. */
    private static final class Fields {

        private final Map<String, List<Value>> collected = new LinkedHashMap<>();
        private final Set<String> several = new LinkedHashSet<>();

        void add(String name, JsonElement element, boolean inArray) {
            boolean nameless = name.isEmpty() && !element.isJsonObject();
            if (nameless) {
                return; // a key "" cannot be asked for
            }
            if (element.isJsonObject()) {
                for (Map.Entry<String, JsonElement> member : element.getAsJsonObject().entrySet()) {
                    String below = name.isEmpty() ? member.getKey() : name + "." + member.getKey();
                    add(below, member.getValue(), inArray);
                }
            } else if (element.isJsonArray()) {
                collected.computeIfAbsent(name, key -> new ArrayList<>());
                several.add(name);
                element.getAsJsonArray().forEach(member -> add(name, member, true));
            } else if (element.isJsonPrimitive()) {
                collected.computeIfAbsent(name, key -> new ArrayList<>()).add(value(element.getAsJsonPrimitive()));
                if (inArray) {
                    several.add(name);
                }
            }
        }

        Map<String, Value> values() {
            Map<String, Value> values = new LinkedHashMap<>();
            collected.forEach((name, found) -> values.put(name,
                    several.contains(name) || found.size() > 1 ? new Value.Values(found) : found.getFirst()));
            return values;
        }

        private static Value value(JsonPrimitive primitive) {
            if (primitive.isBoolean()) {
                return Value.of(primitive.getAsBoolean());
            }
            return primitive.isNumber() ? number(primitive.getAsString()) : Moments.orText(primitive.getAsString());
        }

        /** As text where a double is not the number that was written. */
        private static Value number(String literal) {
            double number = literal.length() > LONGEST_NUMBER ? Double.NaN : Double.parseDouble(literal);
            boolean whole = literal.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
            boolean inexact = whole && Math.abs(number) > EXACT;
            return Double.isFinite(number) && !inexact ? Value.of(number) : Value.of(literal);
        }
    }
}
