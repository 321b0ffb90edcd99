package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.Location;
import dev.rerank4j.Passage;
import dev.rerank4j.Value;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How passages lie in an index that Rerank4j makes. A document of the engine is a passage or a mark. Metadata is kept
 * twice: as it was given, to be read back, and by kind, to be compared, so that kinds never meet.
 */
final class OpenSearchLayout {

    /** Written into the mapping; raised whenever what is here or in {@link OpenSearchAnalysis} changes. */
    static final int FORMAT = 1;

    static final String ID = "id";
    static final String DOCUMENT = "document";
    static final String TITLE = "title";
    static final String TEXT = "text";
    static final String CONTENT = "content";
    static final String VECTOR = "vector";
    static final String METADATA = "metadata";
    static final String MARK_KEY = "mark_key";
    static final String MARK = "mark";

    /** Of a document, {@link #key}; of marks, {@value #MARK}. */
    static final String KEY = "key";

    /** Of a passage in its document, from 0. */
    static final String NUMBER = "number";

    /** A passage's or mark's own place among all. */
    static final String ORDER = "order";

    /** On the first passage: the files that passages of its document were read from, each as {@link #key}. */
    static final String FILES = "files";

    /** How many passages the document has, so that its next version knows what to remove. */
    static final String PASSAGES = "passages";

    /** Texts, and those too long for a term of the engine. */
    static final String TEXTS = "texts";
    static final String LONG_TEXTS = "long_texts";
    static final String NUMBERS = "numbers";
    static final String FLAGS = "flags";
    static final String MOMENTS = "moments";

    /** The longest text that is a term, in bytes of UTF-8; Lucene allows 32,766. */
    static final int LONGEST_TERM = 4_096;

    static final List<String> KINDS = List.of(TEXTS, LONG_TEXTS, NUMBERS, FLAGS, MOMENTS);

    private static final String HEADINGS = "headings";
    private static final String LOCATION = "location";

    /** What a passage is made of. */
    static final List<String> KEPT = List.of(ID, DOCUMENT, TITLE, HEADINGS, TEXT, LOCATION, METADATA);

    private OpenSearchLayout() {
    }

    /** The body that makes an index. */
    static ObjectNode index(OpenSearchOptions options, String encoder, int dimension) {
        ObjectNode body = HttpService.JSON.createObjectNode();
        ObjectNode settings = body.putObject("settings").putObject("index");
        settings.put("number_of_shards", options.shards()).put("auto_expand_replicas", "0-1");
        // A commit makes things visible, and nothing else.
        settings.put("refresh_interval", "-1").put("mapping.total_fields.limit", 10_000);
        OpenSearchAnalysis.put(options.language(), settings.putObject("analysis").putObject("analyzer"));
        ObjectNode mappings = body.putObject("mappings").put("dynamic", "strict");
        new OpenSearchIdentity(FORMAT, options.language(), encoder, dimension).put(mappings);
        ObjectNode fields = mappings.putObject("properties");
        for (String field : List.of(KEY, ORDER, FILES)) {
            fields.putObject(field).put("type", "keyword");
        }
        fields.putObject(NUMBER).put("type", "integer");
        for (String field : List.of(TITLE, HEADINGS, TEXT)) {
            fields.putObject(field).put("type", "text").put("index", false).put("norms", false)
                    .put("copy_to", CONTENT);
        }
        fields.putObject(CONTENT).put("type", "text").put("index_options", "freqs")
                .put("analyzer", OpenSearchAnalysis.TEXTS).put("search_analyzer", OpenSearchAnalysis.QUERIES);
        fields.putObject(PASSAGES).put("type", "integer").put("index", false);
        for (String field : List.of(LOCATION, METADATA)) {
            fields.putObject(field).put("type", "object").put("enabled", false);
        }
        // Read back only: of any length.
        for (String field : List.of(ID, DOCUMENT, MARK_KEY, MARK)) {
            fields.putObject(field).put("type", "keyword").put("index", false).put("doc_values", false);
        }
        ArrayNode templates = mappings.putArray("dynamic_templates");
        Map.of(TEXTS, "keyword", LONG_TEXTS, "wildcard", NUMBERS, "double", FLAGS, "boolean", MOMENTS, "long")
                .forEach((kind, type) -> {
                    fields.putObject(kind).put("type", "object").put("dynamic", true);
                    ObjectNode field = templates.addObject().putObject(kind).put("path_match", kind + ".*")
                            .putObject("mapping").put("type", type);
                    if (kind.equals(LONG_TEXTS) && options.engine() == SearchEngine.OPENSEARCH) {
                        field.put("doc_values", false); // they have a limit of 32,766 bytes
                    }
                });
        if (dimension > 0) {
            vector(options, settings, fields.putObject(VECTOR), dimension);
        }
        return body;
    }

    private static void vector(OpenSearchOptions options, ObjectNode settings, ObjectNode field, int dimension) {
        switch (options.engine()) {
            case OPENSEARCH -> {
                settings.put("knn", true);
                ObjectNode method = field.put("type", "knn_vector").put("dimension", dimension).putObject("method");
                method.put("name", "hnsw").put("engine", "lucene").put("space_type", "cosinesimil");
            }
            case ELASTICSEARCH -> field.put("type", "dense_vector").put("dims", dimension).put("index", true)
                    .put("similarity", "cosine");
        }
    }

    /** A document's name in the engine: short, whatever its id is. */
    static String key(String id) {
        try {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String order(String documentId, int number) {
        return key(documentId) + String.format("-%08d", number);
    }

    /** A document as documents of the engine, one for each passage. */
    static List<ObjectNode> sources(List<Passage> passages) {
        List<ObjectNode> sources = new ArrayList<>(passages.size());
        for (Passage passage : passages) {
            ObjectNode source = source(passage, passages.size());
            source.put(KEY, key(passage.documentId())).put(NUMBER, sources.size())
                    .put(ORDER, order(passage.documentId(), sources.size()));
            sources.add(source);
        }
        if (!sources.isEmpty()) {
            passages.stream().map(passage -> key(WellFormed.of(passage.location().file()))).distinct()
                    .forEach(sources.getFirst().putArray(FILES)::add);
        }
        return sources;
    }

    static ObjectNode mark(String key, String mark) {
        return HttpService.JSON.createObjectNode().put(KEY, MARK).put(ORDER, MARK + "-" + key(key)).put(MARK_KEY, key)
                .put(MARK, mark);
    }

    private static ObjectNode source(Passage passage, int passages) {
        ObjectNode source = HttpService.JSON.createObjectNode();
        source.put(ID, passage.id()).put(DOCUMENT, passage.documentId());
        source.put(TITLE, WellFormed.of(passage.title()));
        passage.location().headings().stream().map(WellFormed::of).forEach(source.putArray(HEADINGS)::add);
        source.put(TEXT, WellFormed.of(passage.text())).put(PASSAGES, passages);
        ObjectNode location = source.putObject(LOCATION).put("file", WellFormed.of(passage.location().file()))
                .put("start", passage.location().start()).put("end", passage.location().end());
        passage.location().page().ifPresent(page -> location.put("page", page));
        ObjectNode metadata = source.putObject(METADATA);
        passage.metadata().forEach((name, value) -> {
            String field = name(name);
            metadata.set(field, kept(value));
            value.members().forEach(member -> compared(source, field, member));
        });
        return source;
    }

    private static void compared(ObjectNode source, String field, Value value) {
        switch (value) {
            case Value.Text text -> {
                String term = WellFormed.of(text.value());
                source.withObjectProperty(isTerm(term) ? TEXTS : LONG_TEXTS).withArrayProperty(field).add(term);
            }
            case Value.Number number -> source.withObjectProperty(NUMBERS).withArrayProperty(field).add(number.value());
            case Value.Flag flag -> source.withObjectProperty(FLAGS).withArrayProperty(field).add(flag.value());
            case Value.Moment moment -> source.withObjectProperty(MOMENTS).withArrayProperty(field)
                    .add(moment.value().toEpochMilli());
            case Value.Values nested -> throw new IllegalArgumentException("values must not be nested");
        }
    }

    /** Whether a text is short enough to be a term. */
    static boolean isTerm(String text) {
        return text.length() <= LONGEST_TERM && text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_TERM;
    }

    /**
     * A metadata field's name as part of a path: what would be more than a letter, digit or dash there is written as
     * its UTF-8 bytes, {@code %2E} for a dot.
     */
    static String name(String name) {
        StringBuilder escaped = new StringBuilder();
        name.codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || c == '-' || c == '_') {
                escaped.appendCodePoint(c);
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append('%').append(String.format("%02X", b & 0xFF));
                }
            }
        });
        return escaped.toString();
    }

    private static JsonNode kept(Value value) {
        ObjectNode node = HttpService.JSON.createObjectNode();
        switch (value) {
            case Value.Text text -> node.put("text", WellFormed.of(text.value()));
            case Value.Number number -> node.put("number", number.value());
            case Value.Flag flag -> node.put("flag", flag.value());
            case Value.Moment moment -> node.put("moment", moment.value().toString());
            case Value.Values several -> {
                ArrayNode values = node.putArray("values");
                several.values().forEach(member -> values.add(kept(member)));
            }
        }
        return node;
    }

    /** The passage of the engine's document. */
    static Passage passage(JsonNode source) {
        JsonNode location = source.path(LOCATION);
        List<String> headings = new ArrayList<>();
        source.path(HEADINGS).forEach(heading -> headings.add(heading.asText()));
        Map<String, Value> metadata = new HashMap<>();
        source.path(METADATA).properties().forEach(field -> metadata.put(plain(field.getKey()),
                given(field.getValue())));
        JsonNode page = location.path("page");
        return new Passage(source.path(ID).asText(), source.path(DOCUMENT).asText(), source.path(TITLE).asText(),
                source.path(TEXT).asText(), new Location(location.path("file").asText(), headings,
                        page.isInt() ? OptionalInt.of(page.asInt()) : OptionalInt.empty(),
                        location.path("start").asInt(), location.path("end").asInt()),
                metadata);
    }

    /** The name of a metadata field that {@link #name} made part of a path. */
    static String plain(String name) {
        return name.indexOf('%') < 0 ? name : URLDecoder.decode(name, StandardCharsets.UTF_8);
    }

    private static Value given(JsonNode node) {
        if (node.has("text")) {
            return Value.of(node.get("text").asText());
        }
        if (node.has("number")) {
            return Value.of(node.get("number").asDouble());
        }
        if (node.has("flag")) {
            return Value.of(node.get("flag").asBoolean());
        }
        if (node.has("moment")) {
            return Value.of(Instant.parse(node.get("moment").asText()));
        }
        List<Value> values = new ArrayList<>();
        node.path("values").forEach(member -> values.add(given(member)));
        return new Value.Values(values);
    }
}
