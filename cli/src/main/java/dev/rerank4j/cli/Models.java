package dev.rerank4j.cli;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The models of one run, loaded side by side as soon as it is known which they are, because that takes most of the time
 * of a short command. Each is waited for where it is needed.
 */
final class Models implements AutoCloseable {

    private final FutureTask<Loaded<OnnxEncoder>> encoder;
    private final List<FutureTask<Loaded<OnnxScorer>>> scorers;

    /**
     * A model.
     *
     * @param name as it was named
     * @param hub what it was loaded from, if that was a hub
     */
    record Loaded<T>(T model, ModelName name, Optional<HubModel> hub) {

        /** What people call it: a hub's model as they named it, any other by its own name. */
        String label(String own) {
            return name instanceof ModelName.Hub hub ? hub.toString() : own;
        }

        /** Those that its files name; if they name none, those of the list of known models. */
        Set<String> languages(Set<String> own) {
            return own.isEmpty() && name instanceof ModelName.Hub hub
                    ? KnownModel.find(hub.id().repository()).map(KnownModel::languages).orElse(own)
                    : own;
        }
    }

    private Models(FutureTask<Loaded<OnnxEncoder>> encoder, List<FutureTask<Loaded<OnnxScorer>>> scorers) {
        this.encoder = encoder;
        this.scorers = scorers;
    }

    /**
     * The encoder and the rerankers that are configured.
     *
     * @throws UsageException if a name can be none of a model
     */
    static Models load(Config config, Downloads downloads) {
        return load(config, EngineOptions.defaults(), downloads);
    }

    /** The same, using the machine in another way. */
    static Models load(Config config, EngineOptions options, Downloads downloads) {
        List<ModelName> rerankers = config.reranker().names();
        ModelName named = ModelName.encoder(config.index().encoder());
        FutureTask<Loaded<OnnxEncoder>> encoder = new FutureTask<>(() -> encoder(named, options, downloads));
        List<FutureTask<Loaded<OnnxScorer>>> scorers = rerankers.stream()
                .map(reranker -> new FutureTask<>(() -> scorer(reranker, options, downloads))).toList();
        start("load-encoder", encoder);
        scorers.forEach(task -> start("load-reranker", task));
        return new Models(encoder, scorers);
    }

    /** Only a reranker. */
    static OnnxScorer scorerAlone(ModelName reranker, Downloads downloads) {
        return scorer(reranker, EngineOptions.defaults(), downloads).model();
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    private static Loaded<OnnxScorer> scorer(ModelName name, EngineOptions options, Downloads downloads) {
        return switch (name) {
            case ModelName.BuiltIn builtIn -> new Loaded<>(OnnxScorer.builtIn(options), name, Optional.empty());
            case ModelName.Folder(Path folder) ->
                new Loaded<>(OnnxScorer.load(folder, options), name, Optional.empty());
            case ModelName.Hub named -> {
                HubModel model = downloads.get(named);
                yield new Loaded<>(OnnxScorer.load(model, options), name, Optional.of(model));
            }
            case ModelName.None none -> throw new IllegalArgumentException("there is no model to load");
        };
    }

    private static Loaded<OnnxEncoder> encoder(ModelName name, EngineOptions options, Downloads downloads) {
        return switch (name) {
            case ModelName.BuiltIn builtIn -> new Loaded<>(OnnxEncoder.builtIn(options), name, Optional.empty());
            case ModelName.Folder(Path folder) ->
                new Loaded<>(OnnxEncoder.load(folder, options), name, Optional.empty());
            case ModelName.Hub named -> {
                HubModel model = downloads.get(named);
                yield new Loaded<>(OnnxEncoder.load(model, options), name, Optional.of(model));
            }
            case ModelName.None none -> throw new IllegalArgumentException("there is no model to load");
        };
    }

    OnnxEncoder encoder() {
        return await(encoder).model();
    }

    /** What people call the encoder: a hub's model as they named it. */
    String encoderName() {
        return await(encoder).label(encoder().name());
    }

    /** Those that the encoder knows; empty if unknown. */
    Set<String> encoderLanguages() {
        return await(encoder).languages(encoder().spec().languages());
    }

    /** The rerankers: one, those of a cascade in their order, or none. */
    List<Loaded<OnnxScorer>> rerankers() {
        return scorers.stream().map(Models::await).toList();
    }

    /** The rerankers alone. */
    List<OnnxScorer> scorers() {
        return rerankers().stream().map(Loaded::model).toList();
    }

    /** What tells each reranker from every other, also from one of the same name that was trained anew. */
    List<String> scorerIdentities() {
        return rerankers().stream().map(loaded -> loaded.hub()
                .map(hub -> hub.id().repository() + "-" + hub.commit() + "-" + hub.modelFile())
                .orElseGet(() -> ModelIdentity.of(loaded.name(), loaded.model().name()))).toList();
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
            encoder.resultNow().model().close();
        }
        scorers.stream().filter(task -> task.state() == Future.State.SUCCESS)
                .forEach(task -> task.resultNow().model().close());
    }
}
