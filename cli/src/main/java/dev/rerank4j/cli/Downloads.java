package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Models of a hub, downloaded where they are not in the cache, while the person who waits is told how far it has come:
 * one after another, for two at once would only share the line. Safe for use by several threads.
 */
final class Downloads {

    private final Shell shell;
    private final Diagnostics diagnostics;
    private final ReentrantLock one = new ReentrantLock();
    private volatile boolean stopped;

    Downloads(Shell shell, Diagnostics diagnostics) {
        this.shell = shell;
        this.diagnostics = diagnostics;
    }

    /**
     * The hub that the environment names.
     *
     * @throws UsageException if it names none that can be
     */
    static HubOptions options(Shell shell) {
        try {
            return HubOptions.from(shell.environment());
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * A model from the cache, else downloaded.
     *
     * @throws dev.rerank4j.RerankException if it cannot be had
     * @throws InterruptedRun if {@link #stop} was called meanwhile
     */
    HubModel get(ModelId id) {
        HubOptions hub = options(shell);
        one.lock();
        try (DownloadProgress progress = progress(id, hub)) {
            return new ModelHub(hub).get(id, PullOptions.DEFAULT, progress);
        } finally {
            one.unlock();
        }
    }

    /**
     * What the revision is now at the hub.
     *
     * @throws dev.rerank4j.RerankException if it cannot be had
     * @throws InterruptedRun if {@link #stop} was called meanwhile
     */
    HubModel pull(ModelId id, PullOptions pull) {
        HubOptions hub = options(shell);
        one.lock();
        try (DownloadProgress progress = progress(id, hub)) {
            return new ModelHub(hub).pull(id, pull, progress);
        } finally {
            one.unlock();
        }
    }

    private DownloadProgress progress(ModelId id, HubOptions hub) {
        return new DownloadProgress(id, hub, shell, diagnostics, () -> stopped);
    }

    /** Ends what is being downloaded, and what would be; what has come is kept. */
    void stop() {
        stopped = true;
    }
}
