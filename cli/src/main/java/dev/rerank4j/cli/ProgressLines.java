package dev.rerank4j.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Progress where there is no terminal: a line now and then, for somebody who reads a log. */
final class ProgressLines implements Progress {

    private final Work work;
    private final String name;
    private final Diagnostics diagnostics;
    private final LongSupplier nanoTime;
    private final long interval;
    private long started;
    private long next;
    private long total;

    /**
     * @param seconds between two lines, and before the first: work that is done sooner says nothing
     */
    ProgressLines(Work work, String name, Diagnostics diagnostics, LongSupplier nanoTime, int seconds) {
        this.work = work;
        this.name = name;
        this.diagnostics = diagnostics;
        this.nanoTime = nanoTime;
        this.interval = TimeUnit.SECONDS.toNanos(seconds);
    }

    @Override
    public void start(int parts, long size) {
        total = Math.max(1, size);
        started = nanoTime.getAsLong();
        next = started + interval;
    }

    @Override
    public void at(long done, long yield) {
        long now = nanoTime.getAsLong();
        if (now - next < 0) {
            return;
        }
        next = now + interval;
        double seconds = (now - started) / 1e9;
        diagnostics.say(String.format(Locale.ROOT, "%s: %d %%, %s, %s a second, about %.0f s to go", name,
                done * 100 / total, work.count(yield), work.rate(yield, seconds),
                done == 0 ? 0.0 : seconds * (total - done) / done));
    }
}
