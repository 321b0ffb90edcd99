package dev.rerank4j.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.eval.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code regressions/}: how well searches of a collection must turn out.
 *
 * @param collection a folder below the root, or {@code shared:} and a collection of the archive beside the checkout
 * @param queries how many, evenly spread over all that are judged; all, if nobody says
 * @param configuration what all systems have in common, with the keys of the configuration file
 * @param systems by name, what each has besides
 * @param expected of the systems
 */
record Regression(String collection, @Nullable Integer queries, @Nullable ObjectNode configuration,
        Map<String, ObjectNode> systems, List<Expectation> expected) {

    static final String SHARED = "shared:";

    /**
     * One figure; {@code value} or {@code notBelow}.
     *
     * @param notBelow the system that this one must not be worse than
     * @param tolerance by how much the figure may differ, or be below; of {@code notBelow} 0, if nobody says
     */
    record Expectation(String system, String metric, @Nullable Double value, @Nullable String notBelow,
            @Nullable Double tolerance) {

        void check() {
            if (system == null || metric == null) {
                throw new IllegalArgumentException("an expectation must have a system and a metric");
            }
            Metric.parse(metric);
            if ((value == null) == (notBelow == null)) {
                throw new IllegalArgumentException("an expectation must have value or not-below, and not both");
            }
            if (value != null && (value < 0 || value > 1)) {
                throw new IllegalArgumentException("value must be 0 to 1, got " + value);
            }
            if (tolerance == null ? value != null : tolerance < 0) {
                throw new IllegalArgumentException("tolerance must be >= 0, got "
                        + (tolerance == null ? "none" : tolerance));
            }
        }

        double within() {
            return tolerance == null ? 0 : tolerance;
        }

        String title() {
            return system + " " + metric + (notBelow == null ? " is " + value : " is not below " + notBelow);
        }
    }

    /** Not where it is made: Jackson names unknown keys only once that has worked. */
    private void check() {
        if (collection == null || collection.isBlank()) {
            throw new IllegalArgumentException("collection must name a folder, or " + SHARED + "NAME");
        }
        if (queries != null && queries < 1) {
            throw new IllegalArgumentException("queries must be >= 1, got " + queries);
        }
        if (systems == null || systems.isEmpty() || expected == null || expected.isEmpty()) {
            throw new IllegalArgumentException("systems and expected must not be empty");
        }
        for (int i = 0; i < expected.size(); i++) {
            Expectation expectation = expected.get(i);
            try {
                expectation.check();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("expected." + i + ": " + e.getMessage(), e);
            }
            known(expectation.system(), systems);
            if (expectation.notBelow() != null) {
                known(expectation.notBelow(), systems);
            }
        }
    }

    private static void known(String system, Map<String, ObjectNode> systems) {
        if (!systems.containsKey(system)) {
            throw new IllegalArgumentException("there is no system " + system
                    + Nearest.hint(system, systems.keySet()));
        }
    }

    /**
     * @throws IllegalArgumentException naming the file, if it is not one of this kind
     */
    static Regression read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * @throws IllegalArgumentException if it is not YAML, holds an unknown key or an impossible value, or a metric looks
     *         deeper than its system's limit
     */
    static Regression parse(String yaml) {
        Regression regression = ConfigFile.parse(yaml, Regression.class);
        regression.check();
        for (Expectation expectation : regression.expected()) {
            int at = expectation.metric().indexOf('@');
            int limit = regression.config(expectation.system()).search().limit();
            if (at < 0 || Integer.parseInt(expectation.metric().substring(at + 1)) > limit) {
                throw new IllegalArgumentException("system " + expectation.system() + ": " + expectation.metric()
                        + " needs a cut-off of at most search.limit, " + limit);
            }
        }
        return regression;
    }

    /** The configuration of a system: the defaults, what all have in common, what it has besides. */
    Config config(String system) {
        ObjectNode own = Json.MAPPER.createObjectNode();
        if (configuration != null) {
            overlay(own, configuration);
        }
        overlay(own, systems.get(system));
        try {
            return ConfigFile.parse(own.toString()); // JSON is YAML
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("system " + system + ": " + e.getMessage(), e);
        }
    }

    private static void overlay(ObjectNode base, ObjectNode over) {
        for (Map.Entry<String, JsonNode> entry : over.properties()) {
            if (entry.getValue() instanceof ObjectNode section) {
                overlay(base.withObjectProperty(entry.getKey()), section);
            } else {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
