package dev.rerank4j.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rerank4j.lucene.LuceneIndex;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors complete and explain. */
class ConfigurationMetadataTest {

    @Test
    void everyPropertyIsThereAndExplained() throws IOException {
        JsonNode metadata = metadata();
        TreeMap<String, String> descriptions = new TreeMap<>();
        metadata.get("properties").forEach(property -> descriptions.put(property.get("name").asString(),
                property.path("description").asString("")));
        assertThat(descriptions).containsKey("management.health.rerank4j.enabled");
        descriptions.remove("management.health.rerank4j.enabled");
        assertThat(descriptions.keySet()).containsExactlyInAnyOrderElementsOf(
                names("rerank4j", Rerank4jProperties.class));
        assertThat(descriptions.values()).allMatch(description -> description.matches("(?s)[A-Z].{20,}\\."));
    }

    @Test
    void theDocumentationHasEveryProperty() throws IOException {
        String page = Files.readString(Path.of("../docs/spring-ai.md"));
        assertThat(names("rerank4j", Rerank4jProperties.class)).allMatch(name -> page.contains("| `" + name + "` | "));
    }

    @Test
    void hintsNameWhatThereIs() throws IOException {
        JsonNode hints = metadata().get("hints");
        List<String> languages = new ArrayList<>();
        for (JsonNode hint : hints) {
            if (hint.get("name").asString().equals("rerank4j.index.language")) {
                hint.get("values").forEach(value -> languages.add(value.get("value").asString()));
            }
        }
        assertThat(languages).isNotEmpty();
        assertThat(LuceneIndex.languages()).containsAll(languages);
    }

    @Test
    void everyAutoConfigurationIsRegistered() {
        assertThat(ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates())
                .contains(RerankModelAutoConfiguration.class.getName(),
                        RerankDocumentsAutoConfiguration.class.getName(),
                        RerankIndexAutoConfiguration.class.getName(), RerankRetrieverAutoConfiguration.class.getName(),
                        RerankEmbeddingAutoConfiguration.class.getName(),
                        RerankHealthAutoConfiguration.class.getName());
    }

    private static JsonNode metadata() throws IOException {
        List<URL> all = Collections.list(Rerank4jProperties.class.getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"));
        for (URL url : all) {
            try (InputStream in = url.openStream()) {
                JsonNode metadata = new JsonMapper().readTree(in);
                if (metadata.toString().contains("rerank4j.depth")) {
                    return metadata;
                }
            }
        }
        throw new AssertionError("no metadata of ours on the class path");
    }

    private static List<String> names(String prefix, Class<?> properties) {
        List<String> names = new ArrayList<>();
        for (RecordComponent component : properties.getRecordComponents()) {
            String name = prefix + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(ConfigurationPropertyName.isValid(name)).isTrue();
            if (component.getType().isRecord()) {
                names.addAll(names(name, component.getType()));
            } else {
                names.add(name);
            }
        }
        return names;
    }
}
