package dev.rerank4j.cli;

import dev.rerank4j.RerankException;
import dev.rerank4j.onnx.CachedRepository;
import dev.rerank4j.onnx.HubModel;
import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.HubProgress;
import dev.rerank4j.onnx.ModelHub;
import dev.rerank4j.onnx.ModelId;
import dev.rerank4j.onnx.PullOptions;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Models of a hub, downloaded where they are not in the cache, while the person who waits is told how far it has come:
 * one after another, for two at once would only share the line. Safe for use by several threads.
 */
final class Downloads {

    private static final Pattern BEGINNING = Pattern.compile("[0-9a-f]{7,39}");

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

    /** Where it runs. */
    Shell shell() {
        return shell;
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
    HubModel get(ModelName.Hub model) {
        PullOptions pull = new PullOptions(model.file(), false);
        return run(model.id(), (hub, progress) -> hub.get(whole(model.id(), hub), pull, progress));
    }

    /** With all digits of a commit that the cache has, where only the first ones are given: a hub wants all. */
    static ModelId whole(ModelId id, ModelHub hub) {
        if (!BEGINNING.matcher(id.revision()).matches()) {
            return id;
        }
        List<String> commits = hub.list().stream().filter(one -> one.repository().equals(id.repository()))
                .flatMap(one -> one.revisions().stream()).map(CachedRepository.Revision::commit)
                .filter(commit -> commit.startsWith(id.revision())).toList();
        return commits.size() == 1 ? new ModelId(id.repository(), commits.getFirst()) : id;
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
                String meant = e.kind() == RerankException.Kind.INVALID_REQUEST ? meant(id, e) : "";
                throw meant.isEmpty() ? e : new RerankException(e.kind(), e.getMessage() + meant, e);
            } finally {
                end();
            }
        }
    }

    /** The known model whose name was perhaps meant, where the hub has none of that name. */
    private static String meant(ModelId id, RerankException refusal) {
        return String.valueOf(refusal.getMessage()).startsWith("there is no model ")
                ? ModelName.meant(id.repository())
                : "";
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
