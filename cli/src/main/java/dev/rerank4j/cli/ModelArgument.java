package dev.rerank4j.cli;

import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.ModelId;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The name of a hub's model, as commands that are about one take it. */
final class ModelArgument {

    @Parameters(paramLabel = "ID", description = "The model's name: owner/name, such as BAAI/bge-reranker-base.")
    private String text = "";

    /**
     * @throws UsageException if it is no name of a model
     */
    ModelId id() {
        try {
            return ModelId.of(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + ModelName.meant(text), e);
        }
    }

    /** What the cache has of it. */
    static Optional<CachedRepository> find(ModelId id, List<CachedRepository> cached) {
        return cached.stream().filter(one -> one.repository().equals(id.repository())).findFirst();
    }

    /** What to say where the cache does not have it, with the name that was perhaps meant. */
    static String notCached(ModelId id, List<CachedRepository> cached) {
        List<String> names = cached.stream().map(CachedRepository::repository).toList();
        return id.repository() + " is not in the cache" + Nearest.to(id.repository(), names)
                .map(near -> "; did you mean " + near + "?").orElse("; 'rerank models list' shows what is");
    }
}
