package dev.rerank4j.cli;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.KnownModel;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import dev.rerank4j.server.ServedModel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;

/**
 * The models of one run, loaded side by side as soon as it is known which they are, because that takes most of the time
 * of a short command. Each is waited for where it is needed.
 */
final class Models implements AutoCloseable {

    /** In names of files. */
    private static final Pattern INT8 = Pattern.compile("int8|quantized");

    private final FutureTask<Loaded<OnnxEncoder>> encoder;
    private final Optional<FutureTask<Loaded<OnnxScorer>>> scorer;

    /**
     * A model.
     *
     * @param name as it was named
     * @param hub what it was loaded from, if that was a hub
     */
    record Loaded<T>(T model, ModelName name, Optional<HubModel> hub) {
    }

    private Models(FutureTask<Loaded<OnnxEncoder>> encoder, Optional<FutureTask<Loaded<OnnxScorer>>> scorer) {
        this.encoder = encoder;
        this.scorer = scorer;
    }

    /**
     * The encoder and the reranker that are configured.
     *
     * @throws UsageException if a name can be none of a model
     */
    static Models load(Config config, Downloads downloads) {
        return load(config, EngineOptions.defaults(), downloads);
    }

    /** The same, using the machine in another way. */
    static Models load(Config config, EngineOptions options, Downloads downloads) {
        ModelName reranker = ModelName.reranker(config.reranker().model());
        ModelName named = ModelName.encoder(config.index().encoder());
        FutureTask<Loaded<OnnxEncoder>> encoder = new FutureTask<>(() -> encoder(named, options, downloads));
        Optional<FutureTask<Loaded<OnnxScorer>>> scorer = reranker instanceof ModelName.None
                ? Optional.empty()
                : Optional.of(new FutureTask<>(() -> scorer(reranker, options, downloads)));
        start("load-encoder", encoder);
        scorer.ifPresent(task -> start("load-reranker", task));
        return new Models(encoder, scorer);
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
            case ModelName.Hub(ModelId id) -> {
                HubModel model = downloads.get(id);
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
            case ModelName.Hub(ModelId id) -> {
                HubModel model = downloads.get(id);
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
        Loaded<OnnxEncoder> loaded = await(encoder);
        return loaded.name() instanceof ModelName.Hub(ModelId id) ? id.toString() : loaded.model().name();
    }

    /** Those that the encoder knows; empty if unknown. */
    Set<String> encoderLanguages() {
        return languages(await(encoder), await(encoder).model().spec().languages());
    }

    /** The reranker, unless it is {@code none}. */
    Optional<OnnxScorer> scorer() {
        return scorer.map(task -> await(task).model());
    }

    /** What people call the reranker: a hub's model as they named it. */
    Optional<String> scorerName() {
        return scorer.map(Models::await).map(loaded -> loaded.name() instanceof ModelName.Hub(ModelId id)
                ? id.toString()
                : loaded.model().spec().name());
    }

    /** Those that the reranker knows; empty if unknown, or if there is none. */
    Set<String> scorerLanguages() {
        return scorer.map(Models::await).map(loaded -> languages(loaded, loaded.model().spec().languages()))
                .orElse(Set.of());
    }

    /** What the model's files say, else the list of known models. */
    private static Set<String> languages(Loaded<?> loaded, Set<String> own) {
        return own.isEmpty() && loaded.name() instanceof ModelName.Hub(ModelId id)
                ? KnownModel.find(id.repository()).map(KnownModel::languages).orElse(own)
                : own;
    }

    /** Where the reranker is from, for the server's clients. */
    ServedModel.Origin origin() {
        Loaded<OnnxScorer> loaded = await(scorer.orElseThrow());
        String file = loaded.hub().map(HubModel::modelFile).orElse(loaded.model().name());
        return new ServedModel.Origin(loaded.hub().map(HubModel::commit),
                INT8.matcher(file).find() ? "int8" : "float32");
    }

    /** What tells the reranker from every other, also from one of the same name that was trained anew. */
    Optional<String> scorerIdentity() {
        return scorer.map(Models::await).map(loaded -> loaded.hub()
                .map(hub -> loaded.model().name() + "-" + hub.commit())
                .orElseGet(() -> ModelIdentity.of(loaded.name(), loaded.model().name())));
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
        scorer.filter(task -> task.state() == Future.State.SUCCESS).ifPresent(task -> task.resultNow().model().close());
    }
}
