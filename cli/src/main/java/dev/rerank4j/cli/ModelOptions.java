package dev.rerank4j.cli;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name the models. */
final class ModelOptions {

    @Option(names = {"--reranker", "--model"}, paramLabel = "MODEL", order = 17,
            description = "The second stage: built-in, none, a folder with a cross-encoder, the name of one such as "
                    + "BAAI/bge-reranker-base, which is downloaded when it is first used, or a provider such as "
                    + "cohere, jina:MODEL or ollama:MODEL (built-in).")
    private @Nullable String reranker;

    @Option(names = "--encoder", paramLabel = "MODEL", order = 17,
            description = "What makes the vectors: built-in, a folder, or a name such as BAAI/bge-base-en-v1.5 "
                    + "(built-in). An index is searched with the encoder that it was made with.")
    private @Nullable String encoder;

    @Option(names = "--cascade", paramLabel = "MODEL=DEPTH", split = ",", order = 17,
            description = "The second stage as several models, one after the other, each for the best of what the one "
                    + "before it put first: built-in=200,BAAI/bge-reranker-base=50. Instead of --reranker.")
    private List<String> cascade = List.of();

    /**
     * The settings with these options over them.
     *
     * @throws UsageException if one of them is empty or cannot be read, or they exclude each other
     */
    Config over(Config config) {
        return reranker(encoder(config, encoder), reranker, cascade);
    }

    /**
     * The settings with this reranker, or this cascade, if one is named.
     *
     * @param cascade of {@code MODEL=DEPTH}
     */
    static Config reranker(Config config, @Nullable String named, List<String> cascade) {
        if (named != null && !cascade.isEmpty()) {
            throw new UsageException("--reranker and --cascade exclude each other: one model, or several");
        }
        if (named != null) {
            return set(() -> config.with(config.reranker().withModel(named)));
        }
        List<Reranking.Narrowing> stages = cascade.stream().map(ModelOptions::narrowing).toList();
        return stages.isEmpty() ? config : set(() -> config.with(config.reranker().withCascade(stages)));
    }

    /** A folder's name may have an equals sign, too. */
    private static Reranking.Narrowing narrowing(String text) {
        int equals = text.lastIndexOf('=');
        try {
            return new Reranking.Narrowing(text.substring(0, Math.max(0, equals)),
                    Integer.parseInt(text.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new UsageException("--cascade must be MODEL=DEPTH,MODEL=DEPTH, such as "
                    + "built-in=200,BAAI/bge-reranker-base=50, got " + text, e);
        }
    }

    private static Config encoder(Config config, @Nullable String named) {
        return named == null ? config : set(() -> config.with(config.index().withEncoder(named)));
    }

    private static Config set(Supplier<Config> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }
}
