package dev.rerank4j.cli;

import dev.rerank4j.Reranker;
import dev.rerank4j.Scorer;
import dev.rerank4j.remote.ApiKey;
import dev.rerank4j.remote.ChatApi;
import dev.rerank4j.remote.LanguageModels;
import dev.rerank4j.remote.RemoteOptions;
import dev.rerank4j.remote.RemoteScorer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes rerankers of what others serve. Nothing is asked until texts are to be scored. */
final class RemoteModel {

    private static final int WINDOW = 20;
    private static final int SET = 4;

    private RemoteModel() {
    }

    /**
     * @throws UsageException if its key is missing or can be none, or its settings do not go together
     */
    static LoadedReranker.Remote open(ModelName.Remote named, Shell shell) {
        RemoteUse use = new RemoteUse();
        try {
            RemoteOptions options = options(named, shell, use);
            if (named.type().rerank().isPresent()) {
                Scorer scorer = RemoteScorer.of(named.type().rerank().get(), named.model(), options);
                return new LoadedReranker.Remote(new StageScorer(scorer, StageScorer.Reads.AT_ONCE), named, use,
                        options.key().isPresent());
            }
            return new LoadedReranker.Remote(chat(named, named.type().chat().orElseThrow(), options), named, use,
                    options.key().isPresent());
        } catch (IllegalArgumentException e) {
            throw new UsageException("provider " + named.provider() + ": " + e.getMessage(), e);
        }
    }

    private static StageScorer chat(ModelName.Remote named, ChatApi api, RemoteOptions options) {
        int window = window(named);
        return switch (named.method()) {
            case POINTWISE -> new StageScorer(LanguageModels.pointwise(api, named.model(), options),
                    StageScorer.Reads.AT_ONCE);
            case LISTWISE -> list(named, LanguageModels.listwise(api, named.model(), window,
                    stride(named), options));
            case SETWISE -> list(named, LanguageModels.setwise(api, named.model(), window, options));
        };
    }

    /** How many candidates a language model is shown at a time. */
    static int window(ModelName.Remote named) {
        return CommonOptions.or(named.settings().window(),
                named.method() == Provider.Method.SETWISE ? SET : WINDOW);
    }

    /** By how many the window moves: half of it, if nobody says. */
    static int stride(ModelName.Remote named) {
        return CommonOptions.or(named.settings().stride(), Math.max(1, window(named) / 2));
    }

    private static StageScorer list(ModelName.Remote named, Reranker reranker) {
        return new StageScorer(new ListScorer(named.type().word() + "/" + named.model() + "/" + named.method().word(),
                reranker, () -> {
                }), StageScorer.Reads.AS_LIST);
    }

    private static RemoteOptions options(ModelName.Remote named, Shell shell, RemoteUse use) {
        Provider settings = named.settings();
        RemoteOptions options = RemoteOptions.at(address(named)).withListener(use);
        options = options.withPatience(CommonOptions.or(settings.timeout(), options.attemptTimeout()),
                CommonOptions.or(settings.retries(), options.retries()));
        return (Boolean.TRUE.equals(settings.plaintextKey()) ? options.withPlaintextKey() : options)
                .withKey(key(named, shell));
    }

    private static URI address(ModelName.Remote named) {
        String given = named.settings().address();
        try {
            return given == null ? named.type().address() : new URI(given);
        } catch (URISyntaxException e) { // its message repeats what may be a secret
            throw new IllegalArgumentException("address must be like https://rerank.example.com/path");
        }
    }

    /**
     * @throws UsageException if it is missing
     */
    static ApiKey key(ModelName.Remote named, Shell shell) {
        Provider settings = named.settings();
        String file = settings.keyFile();
        if (file != null) {
            try {
                return ApiKey.of(Files.readString(Path.of(file)));
            } catch (IOException e) {
                throw new UsageException("the key file of provider " + named.provider() + ", " + file
                        + ", cannot be read (" + Diagnostics.sentence(e) + ")", e);
            }
        }
        String variable = keyVariable(named.type(), settings).orElse("");
        ApiKey key = variable.isEmpty() ? ApiKey.none() : ApiKey.of(shell.variable(variable));
        if (!key.isPresent() && (settings.keyEnv() != null || settings.address() == null && named.type().wantsKey())) {
            throw new UsageException(named.provider() + " wants a key, and " + variable + " is not set: put the key "
                    + "into that environment variable, or name another one, or a file, with key-env or key-file in "
                    + "the section providers of a --config file");
        }
        return key;
    }

    /** The environment variable that its key is looked for in; empty if it is asked without one. */
    static Optional<String> keyVariable(ProviderType type, Provider settings) {
        // A key that others gave for their own address goes nowhere else unless somebody says so.
        String usual = settings.address() == null ? type.keyVariable() : "";
        return Optional.of(CommonOptions.or(settings.keyEnv(), usual)).filter(variable -> !variable.isEmpty());
    }
}
