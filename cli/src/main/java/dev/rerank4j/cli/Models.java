package dev.rerank4j.cli;

import dev.rerank4j.Scorer;
import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The models of one run, loaded side by side as soon as it is known which they are, because that takes most of the time
 * of a short command. Each is waited for where it is needed.
 */
final class Models implements AutoCloseable {

    private final FutureTask<LoadedEncoder> encoder;
    private final List<FutureTask<LoadedReranker>> rerankers;

    /**
     * An encoder that is loaded.
     *
     * @param named as it was named
     */
    private record LoadedEncoder(OnnxEncoder encoder, ModelName named) {
    }

    private Models(FutureTask<LoadedEncoder> encoder, List<FutureTask<LoadedReranker>> rerankers) {
        this.encoder = encoder;
        this.rerankers = rerankers;
    }

    /**
     * The encoder and the rerankers that are configured. An encoder that searches do not need is loaded when it is asked
     * for.
     *
     * @throws UsageException if a name can be none of a model
     */
    static Models load(Config config, Downloads downloads) {
        return load(config, EngineOptions.defaults(), downloads);
    }

    /** The same, using the machine in another way. */
    static Models load(Config config, EngineOptions options, Downloads downloads) {
        return load(config, config.rerankers(), options, downloads);
    }

    /** The encoder that is configured, and these rerankers. */
    static Models load(Config config, List<ModelName> names, EngineOptions options, Downloads downloads) {
        ModelName named = ModelName.encoder(config.index().encoder());
        FutureTask<LoadedEncoder> encoder = new FutureTask<>(() -> encoder(named, options, downloads));
        List<FutureTask<LoadedReranker>> rerankers = names.stream()
                .map(name -> new FutureTask<>(loading(name, options, downloads))).toList();
        if (config.wantsVectors()) {
            start("load-encoder", encoder);
        }
        rerankers.forEach(task -> start("load-reranker", task));
        return new Models(encoder, rerankers);
    }

    /** Only a reranker. */
    static Scorer scorerAlone(ModelName reranker, Downloads downloads) {
        return reranker(reranker, EngineOptions.defaults(), downloads).stage().scorer();
    }

    /** What is wrong with a provider is told now, before anything is loaded. */
    private static Callable<LoadedReranker> loading(ModelName name, EngineOptions options, Downloads downloads) {
        if (name instanceof ModelName.Remote) {
            LoadedReranker opened = reranker(name, options, downloads);
            return () -> opened;
        }
        return () -> reranker(name, options, downloads);
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    private static LoadedReranker reranker(ModelName name, EngineOptions options, Downloads downloads) {
        return switch (name) {
            case ModelName.BuiltIn builtIn ->
                new LoadedReranker.Local(OnnxScorer.builtIn(options), name, Optional.empty());
            case ModelName.Folder(Path folder) ->
                new LoadedReranker.Local(OnnxScorer.load(folder, options), name, Optional.empty());
            case ModelName.Hub hub -> {
                HubModel model = downloads.get(hub);
                yield new LoadedReranker.Local(OnnxScorer.load(model, options), name, Optional.of(model));
            }
            case ModelName.Remote remote -> RemoteModel.open(remote, downloads.shell());
            case ModelName.None none -> throw new IllegalArgumentException("there is no model to load");
        };
    }

    private static LoadedEncoder encoder(ModelName name, EngineOptions options, Downloads downloads) {
        return new LoadedEncoder(switch (name) {
            case ModelName.BuiltIn builtIn -> OnnxEncoder.builtIn(options);
            case ModelName.Folder(Path folder) -> OnnxEncoder.load(folder, options);
            case ModelName.Hub hub -> OnnxEncoder.load(downloads.get(hub), options);
            case ModelName.None none -> throw new IllegalArgumentException("there is no model to load");
            case ModelName.Remote remote -> throw new IllegalArgumentException("a provider gives no vectors");
        }, name);
    }

    OnnxEncoder encoder() {
        return loaded().encoder();
    }

    private LoadedEncoder loaded() {
        encoder.run(); // which does nothing where it runs already, or has run
        return await(encoder);
    }

    /** What people call the encoder: a hub's model as they named it. */
    String encoderName() {
        return loaded().named() instanceof ModelName.Hub hub ? hub.toString() : encoder().name();
    }

    /** Those that the encoder knows; empty if unknown. */
    Set<String> encoderLanguages() {
        return languages(loaded().named(), encoder().spec().languages());
    }

    /** The rerankers: one, those of a cascade in their order, or none. */
    List<LoadedReranker> rerankers() {
        return rerankers.stream().map(Models::await).toList();
    }

    /** The models of the {@link #rerankers}. */
    List<StageScorer> scorers() {
        return rerankers().stream().map(LoadedReranker::stage).toList();
    }

    /** How many tokens all rerankers read of which it is known; empty if of none. */
    OptionalInt window() {
        return rerankers().stream().flatMapToInt(reranker -> reranker.window().stream()).min();
    }

    /** What the model's files say, else the list of known models. */
    static Set<String> languages(ModelName name, Set<String> own) {
        return own.isEmpty() && name instanceof ModelName.Hub hub
                ? KnownModel.find(hub.id().repository()).map(KnownModel::languages).orElse(own)
                : own;
    }

    private static <T> T await(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Closes what was loaded; what was not said so where it was waited for. */
    @Override
    public void close() {
        if (encoder.state() == Future.State.SUCCESS) {
            encoder.resultNow().encoder().close();
        }
        rerankers.stream().filter(task -> task.state() == Future.State.SUCCESS)
                .forEach(task -> task.resultNow().close());
    }
}
