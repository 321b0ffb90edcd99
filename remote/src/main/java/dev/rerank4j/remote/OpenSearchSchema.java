package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rerank4j.Deadline;
import dev.rerank4j.RerankException;
import dev.rerank4j.RerankException.Kind;
import dev.rerank4j.remote.HttpService.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether an index is what it is opened as. Its mapping is asked for once, when it is first used: an engine finds nothing
 * in a field that it does not have, and says nothing of it. Safe for use by several threads.
 */
final class OpenSearchSchema {

    private static final Set<String> VECTORS = Set.of("knn_vector", "dense_vector");

    /** Objects whose inner fields have no place in the mapping. */
    private static final Set<String> OPAQUE = Set.of("flat_object", "flattened");

    private final OpenSearchOptions options;
    private final OpenSearchClient client;
    private volatile @Nullable OpenSearchIdentity identity;
    private volatile boolean words;
    private volatile boolean vectors;

    OpenSearchSchema(OpenSearchOptions options, OpenSearchClient client) {
        this.options = options;
        this.client = client;
    }

    /**
     * What an index that Rerank4j made says of itself; nothing if there is no index.
     *
     * @throws RerankException if it is of another format or somebody else's
     */
    Optional<OpenSearchIdentity> identity(Deadline deadline) {
        OpenSearchIdentity known = identity;
        if (known == null) {
            Optional<JsonNode> mappings = mappings(deadline);
            if (mappings.isEmpty()) {
                return Optional.empty();
            }
            known = OpenSearchIdentity.of(mappings.get(), client.subject());
            identity = known;
        }
        return Optional.of(known);
    }

    /** @throws RerankException if the index cannot be searched by words as it is opened */
    void requireWords(Deadline deadline) {
        if (words) {
            return;
        }
        if (options.fields().isEmpty()) {
            known(deadline).requireLanguage(options.language(), client.subject());
        } else {
            requireFields(options.fields().get(), deadline);
        }
        words = true;
    }

    /** @throws RerankException if the index cannot be searched with vectors of this encoder */
    void requireVectors(CheckedEncoder encoder, Deadline deadline) {
        if (vectors) {
            return;
        }
        if (options.fields().isEmpty()) {
            known(deadline).requireVectorsOf(encoder, client.subject());
        } else {
            OpenSearchFields fields = options.fields().get();
            requireVectors(encoder, fields.vector(), requireFields(fields, deadline));
        }
        vectors = true;
    }

    /** @throws RerankException if passages cannot be added to the index as it is opened; one that is not there can be */
    Optional<OpenSearchIdentity> requireWritable(Optional<CheckedEncoder> encoder, Deadline deadline) {
        Optional<OpenSearchIdentity> there = identity(deadline);
        there.ifPresent(known -> {
            known.requireLanguage(options.language(), client.subject());
            known.requireWritable(encoder, client.subject());
        });
        return there;
    }

    private OpenSearchIdentity known(Deadline deadline) {
        return identity(deadline).orElseThrow(client::missing);
    }

    /** The mappings by the names of indexes, several behind an alias; nothing if there is no index. */
    private Optional<JsonNode> mappings(Deadline deadline) {
        Reply reply = client.get("/_mapping", deadline);
        return reply.status() == 404 || reply.body().isEmpty() ? Optional.empty() : Optional.of(reply.body());
    }

    private JsonNode requireFields(OpenSearchFields fields, Deadline deadline) {
        JsonNode mappings = mappings(deadline).orElseThrow(client::missing);
        List<String> paths = new ArrayList<>(List.of(fields.text()));
        paths.addAll(fields.searched().keySet());
        paths.addAll(fields.metadata().values());
        for (String path : paths) {
            if (path.indexOf('*') < 0 && field(mappings, path).isMissingNode()) {
                throw new RerankException(Kind.UNAVAILABLE, client.subject() + " has no field " + path
                        + ": name the fields as its mapping does, with dots between the levels");
            }
        }
        return mappings;
    }

    private void requireVectors(CheckedEncoder encoder, String path, JsonNode mappings) {
        JsonNode field = field(mappings, path);
        if (!VECTORS.contains(field.path("type").asText())) {
            throw new RerankException(Kind.UNAVAILABLE, client.subject() + " has no vectors in " + path
                    + ": name a field of type knn_vector or dense_vector, or search it by words");
        }
        // One whose vectors come from a model of the engine need not say how long they are.
        JsonNode dimension = field.has("dimension") ? field.path("dimension") : field.path("dims");
        if (dimension.isInt() && dimension.asInt() != encoder.dimension()) {
            throw new RerankException(Kind.UNAVAILABLE, client.subject() + " has vectors of " + dimension.asInt()
                    + " numbers in " + path + ", " + encoder.name() + " makes " + encoder.dimension()
                    + ": use the encoder that they were made with");
        }
    }

    /** A field of one of the indexes; missing if none has it. */
    private static JsonNode field(JsonNode mappings, String path) {
        for (JsonNode index : mappings) {
            JsonNode field = in(index.path("mappings"), path);
            if (!field.isMissingNode()) {
                return field;
            }
        }
        return HttpService.JSON.missingNode();
    }

    private static JsonNode in(JsonNode node, String path) {
        if (OPAQUE.contains(node.path("type").asText())) {
            return node;
        }
        for (String kind : List.of("properties", "fields")) {
            JsonNode level = node.path(kind);
            if (level.has(path)) {
                return level.get(path);
            }
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                JsonNode field = in(level.path(path.substring(0, dot)), path.substring(dot + 1));
                if (!field.isMissingNode()) {
                    return field;
                }
            }
        }
        return HttpService.JSON.missingNode();
    }
}
