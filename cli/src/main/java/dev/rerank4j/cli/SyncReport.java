package dev.rerank4j.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * What an {@link IndexSync} did.
 *
 * @param documents in the index now
 * @param passages in the index now
 * @param added documents that were not there before
 * @param changed documents that were replaced
 * @param removed documents that are gone
 * @param written passages that were written
 * @param stopped whether it was interrupted: what is committed is whole, and running again goes on
 */
record SyncReport(int documents, int passages, int added, int changed, int removed, int written,
        Duration time, boolean stopped) {

    String summary() {
        double seconds = Math.max(1, time.toMillis()) / 1e3;
        return String.format(Locale.ROOT,
                "%,d documents in %,d passages: %,d added, %,d changed, %,d removed, %,d unchanged; %.1f s%s",
                documents, passages, added, changed, removed, documents - added - changed, seconds,
                written == 0 ? "" : String.format(Locale.ROOT, ", %.0f passages a second", written / seconds));
    }
}
