package dev.rerank4j.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name the models. */
final class ModelOptions {

    @Option(names = {"--reranker", "--model"}, paramLabel = "MODEL", order = 17,
            description = "The second stage: built-in, none, a folder with a cross-encoder, or the name of one such as "
                    + "BAAI/bge-reranker-base, which is downloaded when it is first used (built-in).")
    private @Nullable String reranker;

    @Option(names = "--encoder", paramLabel = "MODEL", order = 17,
            description = "What makes the vectors: built-in, a folder, or a name such as BAAI/bge-base-en-v1.5 "
                    + "(built-in). An index is searched with the encoder that it was made with.")
    private @Nullable String encoder;

    /**
     * The settings with these options over them.
     *
     * @throws UsageException if one of them is empty
     */
    Config over(Config config) {
        return reranker(encoder(config, encoder), reranker);
    }

    /** The settings with this reranker, if one is named. */
    static Config reranker(Config config, @Nullable String named) {
        return set(() -> config.with(config.reranker().withModel(CommonOptions.or(named, config.reranker().model()))));
    }

    private static Config encoder(Config config, @Nullable String named) {
        return set(() -> config.with(config.index().withEncoder(CommonOptions.or(named, config.index().encoder()))));
    }

    private static Config set(Supplier<Config> setting) {
        try {
            return setting.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage(), e);
        }
    }
}
