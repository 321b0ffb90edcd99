package dev.rerank4j.springboot;

import dev.rerank4j.onnx.HubProgress;
import dev.rerank4j.onnx.ModelId;

/** A download in the log: a line for each file, and for each tenth of a large one. Of one thread. */
final class LoggedDownload implements HubProgress {

    private static final System.Logger LOG = System.getLogger(LoggedDownload.class.getName());
    private static final long LARGE = 10_000_000;
    private static final int PARTS = 10;

    private final ModelId id;
    private String file = "";
    private long part;

    LoggedDownload(ModelId id) {
        this.id = id;
    }

    @Override
    public void onBytes(String name, long done, long size) {
        long now = size < LARGE ? 0 : PARTS * done / size;
        if (!name.equals(file) || now > part) {
            LOG.log(System.Logger.Level.INFO, "downloading {0}: {1}, {2} of {3} MB", id, name, done / 1_000_000,
                    (size + 999_999) / 1_000_000);
        }
        file = name;
        part = now;
    }
}
