package dev.rerank4j.cli;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
        List<ModelName> rerankers = config.reranker().models().stream().map(ModelName::reranker).toList();
        ModelName named = ModelName.encoder(config.index().encoder());
        FutureTask<Loaded<OnnxEncoder>> encoder = new FutureTask<>(() -> encoder(named, options, downloads));
        List<FutureTask<Loaded<OnnxScorer>>> scorers = rerankers.stream()
                .map(reranker -> new FutureTask<>(() -> scorer(reranker, options, downloads))).toList();
        start("load-encoder", encoder);
        scorers.forEach(task -> start("load-reranker", task));
        return new Models(encoder, scorers);
    }

    /**
     * Only a reranker.
     *
     * @throws UsageException if that can be none
     */
    static OnnxScorer scorerAlone(String reranker, Downloads downloads) {
        return scorer(ModelName.reranker(reranker), EngineOptions.defaults(), downloads).model();
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    private static Loaded<OnnxScorer> scorer(ModelName name, EngineOptions options, Downloads downloads) {
        return switch (name) {
            case ModelName.BuiltIn builtIn -> new Loaded<>(OnnxScorer.builtIn(options), name, Optional.empty());
            case ModelName.Folder(Path folder) ->
                new Loaded<>(OnnxScorer.load(folder, options), name, Optional.empty());
            case ModelName.Hub(ModelId id) -> {
                HubModel model = downloads.get(id);
                yield new Loaded<>(OnnxScorer.load(model, options), name, Optional.of(model));
            }
            case ModelName.None none -> throw new UsageException("--reranker none leaves nothing to rerank with; take "
                    + "built-in, a folder or a model's name");
        };
    }

    private static Loaded<OnnxEncoder> encoder(ModelName name, EngineOptions options, Downloads downloads) {
        return switch (name) {
            case ModelName.BuiltIn builtIn -> new Loaded<>(OnnxEncoder.builtIn(options), name, Optional.empty());
            case ModelName.Folder(Path folder) ->
                new Loaded<>(OnnxEncoder.load(folder, options), name, Optional.empty());
            case ModelName.Hub(ModelId id) -> {
                HubModel model = downloads.get(id);
                yield new Loaded<>(OnnxEncoder.load(model, options), name, Optional.of(model));
            }
            case ModelName.None none -> throw new IllegalArgumentException("an encoder cannot be none");
        };
    }

    OnnxEncoder encoder() {
        return await(encoder).model();
    }

    /** What people call the encoder: a hub's model as they named it. */
    String encoderName() {
        Loaded<OnnxEncoder> loaded = await(encoder);
        return loaded.name() instanceof ModelName.Hub(ModelId id) ? id.toString() : loaded.model().name();
    }

    /** The rerankers: one, those of a cascade in their order, or none. */
    List<OnnxScorer> scorers() {
        return scorers.stream().map(task -> await(task).model()).toList();
    }

    /** What people call the rerankers: a hub's model as they named it. */
    List<String> scorerNames() {
        return scorers.stream().map(Models::await).map(loaded -> loaded.name() instanceof ModelName.Hub(ModelId id)
                ? id.toString()
                : loaded.model().spec().name()).toList();
    }

    /** What tells each reranker from every other, also from one of the same name that was trained anew. */
    List<String> scorerIdentities() {
        return scorers.stream().map(Models::await).map(loaded -> loaded.hub()
                .map(hub -> loaded.model().name() + "-" + hub.commit())
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
