package dev.rerank4j.cli;

import dev.rerank4j.onnx.EngineOptions;
import dev.rerank4j.onnx.OnnxEncoder;
import dev.rerank4j.onnx.OnnxScorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * The models of one run, loaded side by side as soon as it is known which they are, because that takes most of the time
 * of a short command. Each is waited for where it is needed.
 */
final class Models implements AutoCloseable {

    private final FutureTask<OnnxEncoder> encoder;
    private final Optional<FutureTask<OnnxScorer>> scorer;

    private Models(EngineOptions options, Optional<FutureTask<OnnxScorer>> scorer) {
        encoder = new FutureTask<>(() -> OnnxEncoder.builtIn(options));
        this.scorer = scorer;
    }

    /** The encoder and a reranker: {@code built-in}, {@code none} or a folder. */
    static Models load(String reranker) {
        return load(reranker, EngineOptions.defaults());
    }

    /** The same, using the machine in another way. */
    static Models load(String reranker, EngineOptions options) {
        Models models = new Models(options, scorer(reranker, options));
        start("load-encoder", models.encoder);
        models.scorer.ifPresent(task -> start("load-reranker", task));
        return models;
    }

    /**
     * Only a reranker.
     *
     * @throws UsageException if that is not built-in and not a folder
     */
    static OnnxScorer scorerAlone(String reranker) {
        FutureTask<OnnxScorer> task = scorer(reranker, EngineOptions.defaults()).orElseThrow(
                () -> new UsageException("--reranker none leaves nothing to rerank with; take built-in or a folder"));
        task.run();
        return await(task);
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().daemon().name(name).start(task);
    }

    private static Optional<FutureTask<OnnxScorer>> scorer(String reranker, EngineOptions options) {
        return switch (reranker) {
            case Config.Reranking.NONE -> Optional.empty();
            case Config.Reranking.BUILT_IN -> Optional.of(new FutureTask<>(() -> OnnxScorer.builtIn(options)));
            default -> {
                Path folder = Path.of(reranker);
                if (!Files.isDirectory(folder)) {
                    throw new UsageException("--reranker must be built-in, none or a folder with model.onnx, "
                            + "tokenizer.json and config.json, got " + reranker);
                }
                yield Optional.of(new FutureTask<>(() -> OnnxScorer.load(folder, options)));
            }
        };
    }

    OnnxEncoder encoder() {
        return await(encoder);
    }

    /** The reranker, unless it is {@code none}. */
    Optional<OnnxScorer> scorer() {
        return scorer.map(Models::await);
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
            encoder.resultNow().close();
        }
        scorer.filter(task -> task.state() == Future.State.SUCCESS).ifPresent(task -> task.resultNow().close());
    }
}
