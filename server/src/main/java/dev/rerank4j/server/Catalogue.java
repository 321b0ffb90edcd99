package dev.rerank4j.server;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that is served. The server closes none of it.
 *
 * @param models the first one answers where a client names none, or one that is not here; may be empty
 * @param encoder answers {@code /v1/embeddings}
 * @param indexes the first one is searched where a client names none; may be empty
 */
public record Catalogue(List<ServedModel> models, Optional<ServedEncoder> encoder, List<ServedIndex> indexes) {

    /**
     * Checks the names and copies the lists.
     *
     * @throws IllegalArgumentException if two models, or two indexes, have the same name
     */
    public Catalogue {
        models = List.copyOf(models);
        Objects.requireNonNull(encoder, "encoder");
        indexes = List.copyOf(indexes);
        requireDistinct("models", models.stream().map(ServedModel::name));
        requireDistinct("indexes", indexes.stream().map(ServedIndex::name));
    }

    private static void requireDistinct(String what, Stream<String> names) {
        Set<String> seen = new HashSet<>();
        names.forEach(name -> {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("names of " + what + " must differ, got " + name + " twice");
            }
        });
    }
}
