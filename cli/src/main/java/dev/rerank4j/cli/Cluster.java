package dev.rerank4j.cli;

import dev.rerank4j.remote.ApiKey;
import dev.rerank4j.remote.OpenSearchFields;
import dev.rerank4j.remote.OpenSearchOptions;
import dev.rerank4j.remote.RemoteOptions;
import dev.rerank4j.remote.SearchEngine;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

        OpenSearchFields there(String section) {
            OpenSearchFields there = OpenSearchFields
                    .ofText(Engines.required(text, section + ".fields.text", "body"))
                    .withIds(id == null || id.equals("_id") ? "" : id, document == null ? "" : document);
            if (title != null) {
                there = there.withTitle(title);
            }
            if (vector != null) {
                there = there.withVector(vector);
            }
            return metadata == null
                    ? there
                    : there.withMetadata(metadata.stream().collect(Collectors.toMap(field -> field, field -> field,
                            (one, same) -> one)), Set.of());
        }
    }

    Cluster {
        search = search == null ? Search.BM25 : search;
    }

    /**
     * The same for the module that speaks to clusters.
     *
     * @param section the name of these settings, for messages
     * @throws UsageException if they are incomplete, or a secret cannot be had
     */
    OpenSearchOptions options(String section, SearchEngine engine, Shell shell) {
        Optional<String> password = new Secret("the password of " + section, passwordEnv, passwordFile).read(shell);
        Optional<String> key = new Secret("the key of " + section, apiKeyEnv, apiKeyFile).read(shell);
        if (password.isPresent() != (user != null) || password.isPresent() && key.isPresent()) {
            throw new UsageException(section + " needs a user and a password (" + section + ".user and " + section
                    + ".password-env), or a key (" + section + ".api-key-env), or none of them");
        }
        String name = Engines.required(index, section + ".index", "passages");
        String there = Engines.required(address, section + ".address", "http://localhost:9200");
        try {
            RemoteOptions remote = RemoteOptions.at(URI.create(there))
                    .withKey(password.or(() -> key).map(ApiKey::of).orElse(ApiKey.none()));
            OpenSearchOptions options = OpenSearchOptions.of(remote, name).withEngine(engine);
            if (user != null) {
                options = options.withUser(user);
            }
            return fields == null ? options : options.withFields(fields.there(section));
        } catch (IllegalArgumentException e) { // of URI.create it repeats the address, which may hold a password
            throw new UsageException(section + ": " + (e.getCause() instanceof URISyntaxException
                    ? "address must be like https://search.example.com:9200"
                    : e.getMessage()), e);
        }
    }
}
