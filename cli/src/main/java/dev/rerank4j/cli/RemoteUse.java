package dev.rerank4j.cli;

import dev.rerank4j.remote.RemoteCall;
import dev.rerank4j.remote.RemoteListener;
import dev.rerank4j.remote.Usage;
import java.time.Duration;

/** What was asked of a service so far. Safe for use by several threads. */
final class RemoteUse implements RemoteListener {

    private Total total = Total.NOTHING;
    private Total marked = Total.NOTHING;

    /**
     * So many calls together.
     *
     * @param calls that ended, the failed ones included
     * @param failed those that were not answered
     * @param unsaid those that were answered without a word on what they consumed
     * @param time of all, one after another
     * @param usage what the service said of the others
     */
    record Total(long calls, long failed, long unsaid, Duration time, Usage usage) {

        static final Total NOTHING = new Total(0, 0, 0, Duration.ZERO, Usage.UNKNOWN);

        private Total plus(RemoteCall call) {
            boolean failure = call.failure().isPresent();
            return new Total(calls + 1, failed + (failure ? 1 : 0),
                    unsaid + (!failure && call.usage().equals(Usage.UNKNOWN) ? 1 : 0), time.plus(call.time()),
                    usage.plus(call.usage()));
        }
    }

    @Override
    public synchronized void onCall(RemoteCall call) {
        total = total.plus(call);
        marked = marked.plus(call);
    }

    /** From now on counts anew, beside the total. */
    synchronized void mark() {
        marked = Total.NOTHING;
    }

    /** All since the last {@link #mark}. */
    synchronized Total sinceMark() {
        return marked;
    }

    /** All from the beginning. */
    synchronized Total total() {
        return total;
    }
}
