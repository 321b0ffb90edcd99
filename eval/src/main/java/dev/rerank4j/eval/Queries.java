package dev.rerank4j.eval;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.rerank4j.RerankException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was asked: the text of each query by its id. Immutable. */
public final class Queries {

    private static final List<String> ID_KEYS = List.of("_id", "id", "query_id", "qid");
    private static final List<String> TEXT_KEYS = List.of("text", "query", "title");

    private final Map<String, String> texts;
    private final Map<String, List<String>> filters;
    private final List<String> warnings;

    private Queries(Map<String, String> texts, Map<String, List<String>> filters, List<String> warnings) {
        this.texts = Collections.unmodifiableMap(texts);
        this.filters = Map.copyOf(filters);
        this.warnings = warnings;
    }

    /**
     * {@return queries with these texts, without warnings}
     *
     * @param texts by query id; the order is kept
     */
    public static Queries of(Map<String, String> texts) {
        return new Queries(new LinkedHashMap<>(texts), Map.of(), List.of());
    }

    /**
     * Reads queries line by line, in the format of the first line: BEIR's JSON Lines (an object with {@code _id} or
     * {@code id}, and {@code text}, and perhaps {@link #filters() filter}), TREC's topics ({@code <num>} and {@code <title>} between {@code <top>} and
     * {@code </top>}), or an id, a tab and the text. UTF-8; a byte order mark, carriage returns and blank lines do not
     * matter; a name that ends in {@code .gz} is unpacked. A query without text is left out, and one that is there
     * twice counts once; {@link #warnings()} says so.
     *
     * @param file in one of those formats
     * @return possibly without any query
     * @throws RerankException {@code INVALID_REQUEST}, naming file and line, if a line is broken, or an id has two
     *         texts, or if the file is not UTF-8; {@code UNAVAILABLE} if the file cannot be read
     */
    public static Queries read(Path file) {
        Reader reader = new Reader(file);
        Lines.forEach(file, reader::line);
        return new Queries(reader.texts, reader.filters, reader.warnings.all());
    }

    /** {@return ids, in the order of the file} */
    public Set<String> ids() {
        return texts.keySet();
    }

    /** {@return texts by id, in the order of the file} */
    public Map<String, String> texts() {
        return texts;
    }

    /**
     * {@return the text of a query; empty if there is none of this id}
     *
     * @param id of a query
     */
    public Optional<String> text(String id) {
        return Optional.ofNullable(texts.get(id));
    }

    /**
     * {@return what the metadata of answers must satisfy, conditions by query id; without the queries that filter
     * nothing} In JSON Lines they stand under {@code filter}, one text or an array of several that must all hold. What
     * they mean is up to who searches; the command line reads them as it reads {@code --filter}.
     */
    public Map<String, List<String>> filters() {
        return filters;
    }

    /** {@return what was odd in the file, a sentence each, naming file and line} */
    public List<String> warnings() {
        return warnings;
    }

    /** One file being read. */
    private static final class Reader {

        private final Path file;
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final Map<String, List<String>> filters = new LinkedHashMap<>();
        private final Warnings warnings = new Warnings();
        private Format format = Format.UNKNOWN;
        private String topic = "";
        private boolean title;

        Reader(Path file) {
            this.file = file;
        }

        void line(String line, int number) {
            String stripped = line.strip();
            if (format == Format.UNKNOWN) {
                format = stripped.startsWith("{")
                        ? Format.JSON
                        : stripped.startsWith("<") ? Format.TOPICS : Format.TABBED;
            }
            switch (format) {
                case JSON -> json(stripped, number);
                case TOPICS -> topic(stripped, number);
                case TABBED, UNKNOWN -> tabbed(line, number);
            }
        }

        private void json(String line, int number) {
            JsonObject object = object(line);
            String id = value(object, ID_KEYS, "an \"_id\"");
            List<String> conditions = conditions(object.get("filter"));
            List<String> before = filters.get(id.strip());
            if (texts.containsKey(id.strip()) && !conditions.equals(before == null ? List.of() : before)) {
                throw new IllegalArgumentException("a query must not contradict an earlier one, got another filter for "
                        + id.strip());
            }
            if (!conditions.isEmpty()) {
                filters.put(id.strip(), conditions);
            }
            add(id, value(object, TEXT_KEYS, "a \"text\""), number);
        }

        private void topic(String line, int number) {
            if (line.startsWith("<num>")) {
                topic = line.substring("<num>".length()).replace("</num>", "").replaceFirst("(?i)^\\s*number\\s*:", "")
                        .strip();
                if (topic.isEmpty()) {
                    throw new IllegalArgumentException("a topic must have its number behind <num>");
                }
            } else if (title || line.startsWith("<title>")) {
                String text = line.replace("<title>", "").replace("</title>", "")
                        .replaceFirst("(?i)^\\s*topic\\s*:", "").strip();
                title = text.isEmpty(); // then the next line has it
                if (topic.isEmpty() || line.startsWith("<") && !line.startsWith("<title>")) {
                    throw new IllegalArgumentException("a topic must have a <num> and then a <title>");
                }
                if (!title) {
                    add(topic, text, number);
                    topic = "";
                }
            } else if (line.startsWith("</top>") && !topic.isEmpty()) {
                throw new IllegalArgumentException("a topic must have a <title>");
            }
        }

        private void tabbed(String line, int number) {
            int tab = line.indexOf('\t');
            if (tab < 0) {
                throw new IllegalArgumentException("a query must be a JSON object, or an id, a tab and a text");
            }
            add(line.substring(0, tab), line.substring(tab + 1), number);
        }

        private void add(String id, String text, int number) {
            if (id.isBlank()) {
                throw new IllegalArgumentException("the id of a query must not be blank");
            }
            if (text.isBlank()) {
                warnings.add(file + ":" + number + ": query " + id.strip() + " has no text and is left out");
                return;
            }
            String before = texts.putIfAbsent(id.strip(), text.strip());
            if (before != null && !Objects.equals(before, text.strip())) {
                throw new IllegalArgumentException("a query must not contradict an earlier one, got another text for "
                        + id.strip());
            }
            if (before != null) {
                warnings.add(file + ":" + number + ": query " + id.strip() + " is there twice; that counts once");
            }
        }
    }

    private enum Format {
        UNKNOWN, JSON, TOPICS, TABBED
    }

    private static JsonObject object(String line) {
        JsonReader reader = new JsonReader(new StringReader(line));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = JsonParser.parseReader(reader);
            if (!element.isJsonObject() || reader.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalArgumentException("a query must be one JSON object on one line");
            }
            return element.getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new IllegalArgumentException("a query must be valid JSON", e);
        }
    }

    private static List<String> conditions(@Nullable JsonElement filter) {
        if (filter == null || filter.isJsonNull()) {
            return List.of();
        }
        List<JsonElement> elements = filter.isJsonArray() ? filter.getAsJsonArray().asList() : List.of(filter);
        if (!elements.stream().allMatch(element -> element.isJsonPrimitive()
                && element.getAsJsonPrimitive().isString())) {
            throw new IllegalArgumentException(
                    "\"filter\" must be a text such as \"category=shoes\", or an array of texts");
        }
        return elements.stream().map(JsonElement::getAsString).toList();
    }

    private static String value(JsonObject object, List<String> keys, String wanted) {
        return keys.stream().map(object::get)
                .filter(element -> element != null && element.isJsonPrimitive() && !element.getAsJsonPrimitive()
                        .isBoolean())
                .findFirst().map(JsonElement::getAsString)
                .orElseThrow(() -> new IllegalArgumentException("a query must have " + wanted));
    }
}
