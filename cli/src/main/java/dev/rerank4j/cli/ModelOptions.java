package dev.rerank4j.cli;

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

    /** The settings with these options over them. */
    Config over(Config config) {
        return config.with(config.index().withEncoder(CommonOptions.or(encoder, config.index().encoder())))
                .with(config.reranker().withModel(CommonOptions.or(reranker, config.reranker().model())));
    }
}
