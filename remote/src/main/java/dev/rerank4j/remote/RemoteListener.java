package dev.rerank4j.remote;

/**
 * The seam for metrics and bills: hears of every call of a service. Called by the calling threads, by several at a
 * time; what it throws reaches the caller of the stage, so it should not.
 */
@FunctionalInterface
public interface RemoteListener {

    /** Hears nothing. */
    RemoteListener NONE = call -> {
    };

    /**
     * A call ended.
     *
     * @param call what it took
     */
    void onCall(RemoteCall call);
}
