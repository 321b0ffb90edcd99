package dev.rerank4j.cli;

import dev.rerank4j.onnx.HubOptions;
import dev.rerank4j.onnx.HubProgress;
import dev.rerank4j.onnx.ModelId;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Tells of one model's download: where it comes from and goes to, and then of each file how far it is. */
final class DownloadProgress implements HubProgress, AutoCloseable {

    private final ModelId id;
    private final HubOptions hub;
    private final Shell shell;
    private final Diagnostics diagnostics;
    private final BooleanSupplier stop;
    private String file = "";
    private @Nullable Progress progress;

    DownloadProgress(ModelId id, HubOptions hub, Shell shell, Diagnostics diagnostics, BooleanSupplier stop) {
        this.id = id;
        this.hub = hub;
        this.shell = shell;
        this.diagnostics = diagnostics;
        this.stop = stop;
    }

    static InterruptedRun interrupted(ModelId id) {
        return new InterruptedRun("interrupted; what is downloaded of " + id
                + " is kept, and running this again goes on from there");
    }

    @Override
    public void onBytes(String name, long done, long size) {
        if (stop.getAsBoolean()) {
            throw interrupted(id);
        }
        Progress current = progress;
        if (current == null || !name.equals(file)) {
            if (current == null) {
                diagnostics.say("downloading " + id + " from " + hub.endpoint() + " to " + hub.cache());
            } else {
                current.close();
            }
            file = name;
            current = Progress.on(shell, diagnostics, Progress.Work.DOWNLOADING, name);
            current.start(1, size);
            progress = current;
        }
        current.at(done, done);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
