package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.HubProgress;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Models of a hub, downloaded where they are not in the cache, while the person who waits is told how far it has come:
 * one after another, for two at once would only share the line. Safe for use by several threads.
 */
final class Downloads {

    private final Shell shell;
    private final Diagnostics diagnostics;
    private final BooleanSupplier stop;
    private final Object one = new Object();
    private final Object state = new Object();
    private @Nullable Thread working;
    private boolean stopped;

    Downloads(Shell shell, Diagnostics diagnostics) {
        this(shell, diagnostics, () -> false);
    }

    /**
     * @param stop whether somebody wants an end; asked whenever something has come
     */
    Downloads(Shell shell, Diagnostics diagnostics, BooleanSupplier stop) {
        this.shell = shell;
        this.diagnostics = diagnostics;
        this.stop = stop;
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

    private interface Download {
        HubModel from(ModelHub hub, HubProgress progress);
    }

    /**
     * A model from the cache, else downloaded.
     *
     * @throws RerankException if it cannot be had
     * @throws InterruptedRun if {@link #stop} was called meanwhile
     */
    HubModel get(ModelId id) {
        return run(id, (hub, progress) -> hub.get(id, PullOptions.DEFAULT, progress));
    }

    /**
     * What the revision is now at the hub.
     *
     * @throws RerankException if it cannot be had
     * @throws InterruptedRun if {@link #stop} was called meanwhile
     */
    HubModel pull(ModelId id, PullOptions pull) {
        return run(id, (hub, progress) -> hub.pull(id, pull, progress));
    }

    private HubModel run(ModelId id, Download download) {
        HubOptions options = options(shell);
        synchronized (one) {
            try (DownloadProgress progress = new DownloadProgress(id, options, shell, diagnostics,
                    () -> stopped() || stop.getAsBoolean())) {
                begin(id);
                return download.from(new ModelHub(options), progress);
            } catch (RerankException e) {
                if (stopped()) { // whatever became of it
                    throw DownloadProgress.interrupted(id);
                }
                throw e;
            } finally {
                end();
            }
        }
    }

    private void begin(ModelId id) {
        synchronized (state) {
            if (stopped) {
                throw DownloadProgress.interrupted(id);
            }
            working = Thread.currentThread();
        }
    }

    private void end() {
        synchronized (state) {
            working = null;
            if (stopped) {
                Thread.interrupted(); // it has served
            }
        }
    }

    private boolean stopped() {
        synchronized (state) {
            return stopped;
        }
    }

    /** Ends what is being downloaded, and what would be; what has come is kept. */
    void stop() {
        synchronized (state) {
            stopped = true;
            if (working != null) {
                working.interrupt(); // also where the hub keeps it waiting
            }
        }
    }
}
