package dev.rerank4j.remote;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A listener that remembers. */
final class Heard implements RemoteListener {

    private final List<RemoteCall> calls = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onCall(RemoteCall call) {
        calls.add(call);
    }

    List<RemoteCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** The only one. */
    RemoteCall call() {
        List<RemoteCall> all = calls();
        if (all.size() != 1) {
            throw new AssertionError("one call was to be heard of, not " + all);
        }
        return all.getFirst();
    }
}
