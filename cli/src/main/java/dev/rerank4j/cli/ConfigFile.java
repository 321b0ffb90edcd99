package dev.rerank4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a {@link Config} from YAML. What the file does not say keeps its default; what it says wrongly is an error that
 * names the key. It is a class of its own so that commands without a file never load a YAML parser.
 */
final class ConfigFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, new DurationWriter())
                    .addDeserializer(Duration.class, new DurationReader())
                    .addSerializer(ByteSize.class, new ByteSizeWriter())
                    .addDeserializer(ByteSize.class, new ByteSizeReader()))
            .build();

    private ConfigFile() {
    }

    /**
     * @throws UsageException if the file cannot be read, is not YAML, or holds an unknown key or an impossible value
     */
    static Config read(Path file) {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new UsageException("the configuration file " + file + " cannot be read ("
                    + Diagnostics.sentence(e) + "); --config takes a YAML file", e);
        }
        try {
            return parse(yaml);
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if it is not YAML, or holds an unknown key or an impossible value
     */
    static Config parse(String yaml) {
        try {
            JsonNode given = YAML.readTree(yaml);
            ObjectNode settings = YAML.valueToTree(Config.DEFAULTS);
            if (given.isObject()) {
                overlay(settings, (ObjectNode) given);
            } else if (!given.isNull() && !given.isMissingNode()) {
                throw new IllegalArgumentException("must be a mapping of sections such as \"search:\", got "
                        + given.getNodeType().name().toLowerCase(Locale.ROOT));
            }
            return YAML.treeToValue(settings, Config.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(sentence(e), e);
        }
    }

    /**
     * Any other file of ours, as strictly as this one.
     *
     * @throws IllegalArgumentException if it is not YAML, or holds an unknown key or an impossible value
     */
    static <T> T parse(String yaml, Class<T> type) {
        try {
            return YAML.treeToValue(YAML.readTree(yaml), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(sentence(e), e);
        }
    }

    /** The settings as a file that would give them. */
    static String text(Config config) {
        try {
            return YAML.writeValueAsString(config);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void overlay(ObjectNode settings, ObjectNode given) {
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            JsonNode old = settings.path(entry.getKey());
            JsonNode value = entry.getValue();
            if (value.isObject() && old.isObject()) {
                overlay((ObjectNode) old, (ObjectNode) value);
            } else if (!value.isNull()) {
                settings.set(entry.getKey(), value);
            }
        }
    }

    private static String sentence(JsonProcessingException error) {
        return switch (error) {
            case UnrecognizedPropertyException unknown -> {
                List<String> known = unknown.getKnownPropertyIds().stream().map(String::valueOf).toList();
                yield "unknown key " + path(unknown) + Nearest.hint(unknown.getPropertyName(), known);
            }
            case InvalidFormatException wrong when wrong.getTargetType().isEnum() -> path(wrong) + " must be one of "
                    + Arrays.stream(wrong.getTargetType().getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "))
                    + ", got " + wrong.getValue();
            case JsonMappingException wrong when wrong.getCause() instanceof IllegalArgumentException cause ->
                path(wrong) + (path(wrong).isEmpty() ? "" : ": ") + cause.getMessage();
            case JsonMappingException wrong -> path(wrong) + " has a value of the wrong kind: "
                    + firstLine(wrong.getOriginalMessage());
            default -> "not YAML" + (error.getLocation() == null ? "" : " at line " + error.getLocation().getLineNr())
                    + ": " + firstLine(error.getOriginalMessage());
        };
    }

    private static String path(JsonMappingException error) {
        return error.getPath().stream()
                .map(reference -> reference.getFieldName() == null
                        ? "" + reference.getIndex()
                        : reference.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static final class DurationReader extends JsonDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return Units.duration(parser.getText());
        }
    }

    private static final class DurationWriter extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(Units.text(value));
        }
    }

    private static final class ByteSizeReader extends JsonDeserializer<ByteSize> {
        @Override
        public ByteSize deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new ByteSize(Units.bytes(parser.getText()));
        }
    }

    private static final class ByteSizeWriter extends JsonSerializer<ByteSize> {
        @Override
        public void serialize(ByteSize value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toString());
        }
    }
}
