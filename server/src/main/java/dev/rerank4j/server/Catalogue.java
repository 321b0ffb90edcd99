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
 * @param cascade some of the models as one, which then answers instead of the first
 * @param encoder answers {@code /v1/embeddings}
 * @param indexes the first one is searched where a client names none; may be empty
 */
public record Catalogue(List<ServedModel> models, Optional<ServedCascade> cascade, Optional<ServedEncoder> encoder,
        List<ServedIndex> indexes) {

    /**
     * Checks the names and copies the lists.
     *
     * @throws IllegalArgumentException if two models, or two indexes, have the same name, the cascade being one of the
     *         models; if a model of the cascade is none of the models
     */
    public Catalogue {
        models = List.copyOf(models);
        Objects.requireNonNull(encoder, "encoder");
        indexes = List.copyOf(indexes);
        requireDistinct("models", rerankers(models, cascade).stream().map(ServedCascade::name));
        for (ServedCascade.Stage stage : cascade.stream().flatMap(all -> all.stages().stream()).toList()) {
            if (!models.contains(stage.model())) {
                throw new IllegalArgumentException("models of a cascade must be served themselves, got "
                        + stage.model().name());
            }
        }
        requireDistinct("indexes", indexes.stream().map(ServedIndex::name));
    }

    /**
     * Without a cascade.
     *
     * @param models the first one answers where a client names none, or one that is not here; may be empty
     * @param encoder answers {@code /v1/embeddings}
     * @param indexes the first one is searched where a client names none; may be empty
     * @throws IllegalArgumentException if two models, or two indexes, have the same name
     */
    public Catalogue(List<ServedModel> models, Optional<ServedEncoder> encoder, List<ServedIndex> indexes) {
        this(models, Optional.empty(), encoder, indexes);
    }

    /** What reranks, each model as a cascade of one; the first answers where a client names none. */
    List<ServedCascade> rerankers() {
        return rerankers(models, cascade);
    }

    private static List<ServedCascade> rerankers(List<ServedModel> models, Optional<ServedCascade> cascade) {
        return Stream.concat(cascade.stream(), models.stream().map(ServedCascade::of)).toList();
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
