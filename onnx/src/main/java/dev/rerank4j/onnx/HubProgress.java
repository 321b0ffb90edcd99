package dev.rerank4j.onnx;

/** Hears of a download. Called by the thread that pulls. */
@FunctionalInterface
public interface HubProgress {

    /** Hears nothing. */
    HubProgress NONE = (file, done, size) -> {
    };

    /**
     * Some more of a file has come.
     *
     * @param file path in the repository
     * @param done bytes on this machine, those of an earlier attempt included
     * @param size bytes of the file
     */
    void onBytes(String file, long done, long size);
}
