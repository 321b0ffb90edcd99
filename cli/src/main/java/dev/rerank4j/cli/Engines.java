package dev.rerank4j.cli;

import dev.rerank4j.remote.SearchEngine;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens the index of an engine elsewhere, where the configuration says that it is. */
final class Engines {

    private static final String CLUSTER = "{address: http://localhost:9200, index: passages}";
    private static final String DATABASE = "{url: jdbc:postgresql://localhost:5432/docs, table: passages}";

    private Engines() {
    }

    /**
     * Before anything is loaded.
     *
     * @throws UsageException if the configuration does not say where the engine is
     */
    static void check(Config config, Config.Retrieval engine) {
        switch (engine) {
            case BM25, VECTOR, HYBRID -> {
            }
            case OPENSEARCH -> section(config.opensearch(), engine, CLUSTER);
            case ELASTICSEARCH -> section(config.elasticsearch(), engine, CLUSTER);
            case POSTGRES -> section(config.postgres(), engine, DATABASE);
        }
    }

    /**
     * Opens it.
     *
     * @param language in which language an index is, or is to be, given that of one that is there
     * @throws UsageException if the configuration does not say where the engine is, or a secret cannot be had
     * @throws dev.rerank4j.RerankException if the engine cannot be used
     */
    static TextIndex open(Config config, Config.Retrieval engine, Function<Optional<String>, String> language,
            Models models, Shell shell) {
        return switch (engine) {
            case BM25, VECTOR, HYBRID -> throw new IllegalArgumentException(engine.text() + " is no engine elsewhere");
            case OPENSEARCH -> ClusterIndex.open(engine.text(), SearchEngine.OPENSEARCH,
                    section(config.opensearch(), engine, CLUSTER), language, models, shell);
            case ELASTICSEARCH -> ClusterIndex.open(engine.text(), SearchEngine.ELASTICSEARCH,
                    section(config.elasticsearch(), engine, CLUSTER), language, models, shell);
            case POSTGRES -> DatabaseIndex.open(section(config.postgres(), engine, DATABASE), language, models, shell);
        };
    }

    private static <T> T section(@Nullable T section, Config.Retrieval engine, String example) {
        if (section == null) {
            throw new UsageException("--retriever " + engine.text() + " needs to know where that is: put a section "
                    + "such as  " + engine.text() + ": " + example + "  into a file, and name the file with --config");
        }
        return section;
    }

    /**
     * A setting that has no default.
     *
     * @throws UsageException if it is missing
     */
    static String required(@Nullable String setting, String key, String example) {
        if (setting == null || setting.isBlank()) {
            throw new UsageException(key + " is missing in the configuration: such as " + example);
        }
        return setting.strip();
    }
}
