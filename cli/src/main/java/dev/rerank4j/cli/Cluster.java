package dev.rerank4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an OpenSearch or Elasticsearch cluster as a first stage: the sections {@code opensearch} and
 * {@code elasticsearch}.
 *
 * @param address such as {@code https://search.example.com:9200}
 * @param index the name of an index or alias
 * @param user for basic authentication, with a password
 * @param passwordEnv the environment variable that holds it
 * @param passwordFile the file that holds it
 * @param apiKeyEnv the environment variable that holds a key, instead of user and password
 * @param apiKeyFile the file that holds it
 * @param search how the cluster searches
 * @param fields of an index that somebody else fills; if nobody says, those that {@code rerank index} makes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Cluster(@Nullable String address, @Nullable String index, @Nullable String user, @Nullable String passwordEnv,
        @Nullable String passwordFile, @Nullable String apiKeyEnv, @Nullable String apiKeyFile, Search search,
        @Nullable Fields fields) {

    /** How a cluster finds candidates: by words, by vectors, or by both, which it fuses itself. */
    enum Search {
        BM25, VECTOR, HYBRID
    }

    /**
     * Which fields of an index hold what.
     *
     * @param id of the passage; {@code _id} if nobody says
     * @param document the id of its document; the passage's if nobody says
     * @param metadata fields to filter by
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Fields(@Nullable String id, @Nullable String document, @Nullable String title, @Nullable String text,
            @Nullable String vector, @Nullable List<String> metadata) {
    }

    Cluster {
        search = search == null ? Search.BM25 : search;
    }
}
