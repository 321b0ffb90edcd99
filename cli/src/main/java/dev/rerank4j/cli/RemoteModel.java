package dev.rerank4j.cli;

import dev.rerank4j.Scorer;
import dev.rerank4j.remote.ApiKey;
import dev.rerank4j.remote.ChatApi;
import dev.rerank4j.remote.LanguageModelOptions;
import dev.rerank4j.remote.LanguageModelReranker;
import dev.rerank4j.remote.LanguageModels;
import dev.rerank4j.remote.PointwisePrompt;
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
        LanguageModelOptions model = model(LanguageModelOptions.of(api, named.model(), options), named.settings());
        return switch (named.method()) {
            case POINTWISE -> new StageScorer(LanguageModels.pointwise(model, PointwisePrompt.of(named.model())),
                    StageScorer.Reads.AT_ONCE);
            case LISTWISE -> list(LanguageModels.listwise(model, window(named), stride(named)));
            case SETWISE -> list(LanguageModels.setwise(model, window(named), LanguageModels.BEST));
        };
    }

    private static LanguageModelOptions model(LanguageModelOptions usual, Provider settings) {
        LanguageModelOptions model = usual
                .withPassageTokens(CommonOptions.or(settings.passageTokens(), usual.passageTokens()))
                .withThinking(CommonOptions.or(settings.thinking(), usual.thinkingTokens()));
        String instruction = settings.instruction();
        return instruction == null ? model : model.withInstruction(instruction);
    }

    private static StageScorer list(LanguageModelReranker reranker) {
        return new StageScorer(new ListScorer(reranker.identity(), reranker, reranker::close),
                StageScorer.Reads.AS_LIST);
    }

    /** How many candidates a language model is shown at a time. */
    static int window(ModelName.Remote named) {
        return CommonOptions.or(named.settings().window(),
                named.method() == Provider.Method.SETWISE ? LanguageModels.SET : LanguageModels.WINDOW);
    }

    /** By how many the window moves: half of it, if nobody says. */
    static int stride(ModelName.Remote named) {
        return CommonOptions.or(named.settings().stride(), Math.max(1, window(named) / 2));
    }

    private static RemoteOptions options(ModelName.Remote named, Shell shell, RemoteUse use) {
        Provider settings = named.settings();
        RemoteOptions options = RemoteOptions.at(address(named)).withListener(use);
        options = options.withPatience(CommonOptions.or(settings.timeout(), options.attemptTimeout()),
                CommonOptions.or(settings.retries(), options.retries()))
                .withLimits(options.maxAnswerBytes(),
                        CommonOptions.or(settings.concurrency(), options.maxConcurrent()));
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
     * @throws UsageException if it is missing, or can be none
     */
    static ApiKey key(ModelName.Remote named, Shell shell) {
        Provider settings = named.settings();
        String file = settings.keyFile();
        String variable = keyVariable(named.type(), settings).orElse("");
        String where = file == null ? variable : file;
        ApiKey key;
        try {
            key = ApiKey.of(file == null ? shell.variable(variable) : Files.readString(Path.of(file)));
        } catch (IOException e) {
            throw new UsageException("the key file of provider " + named.provider() + ", " + file
                    + ", cannot be read (" + Diagnostics.sentence(e) + ")", e);
        } catch (IllegalArgumentException e) {
            throw new UsageException("the key of provider " + named.provider() + " in " + where
                    + " must be printable ASCII without blanks", e);
        }
        boolean wanted = file != null || settings.keyEnv() != null
                || settings.address() == null && named.type().wantsKey();
        if (wanted && !key.isPresent()) {
            throw new UsageException(named.provider() + " wants a key, and " + where + (file == null
                    ? " is not set: put the key into that environment variable, or name another one, or a file, with "
                            + "key-env or key-file in the section providers of a --config file"
                    : " is empty: put the key there"));
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
