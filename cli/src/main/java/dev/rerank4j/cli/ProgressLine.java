package dev.rerank4j.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress on a terminal: a bar with rate and remaining time. Work that is done in a moment shows none. */
final class ProgressLine implements Progress {

    private static final int REDRAW_MILLIS = 200;
    private static final long MOMENT = TimeUnit.SECONDS.toNanos(1);
    private static final ProgressBarStyle STYLE = ProgressBarStyle.builder()
            .leftBracket("").rightBracket("").block('━').space('─').fractionSymbols("─").build();

    private final Work work;
    private final Diagnostics diagnostics;
    private final LongSupplier nanoTime;
    private final int columns;
    private long started;
    private long total;
    private @Nullable ProgressBar bar;

    ProgressLine(Work work, Diagnostics diagnostics, LongSupplier nanoTime, int columns) {
        this.work = work;
        this.diagnostics = diagnostics;
        this.nanoTime = nanoTime;
        this.columns = columns;
    }

    @Override
    public void start(int parts, long size) {
        started = nanoTime.getAsLong();
        total = size;
    }

    @Override
    public void at(long done, long yield) {
        long nanos = nanoTime.getAsLong() - started;
        if (nanos >= MOMENT) {
            if (bar == null) {
                bar = bar();
            }
            bar.stepTo(done);
            bar.setExtraMessage(String.format(Locale.ROOT, " %,d %s, %.0f/s", yield, work.yield(),
                    yield / (nanos / 1e9)));
        }
    }

    private ProgressBar bar() {
        boolean large = total >= 10_000_000;
        ProgressBarBuilder builder = new ProgressBarBuilder();
        if (work == Work.INDEXING) {
            builder.setUnit(large ? " MB" : " kB", large ? 1_000_000 : 1000);
        }
        return builder
                .setTaskName(work.word())
                .setInitialMax(total)
                .setStyle(STYLE)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setConsumer(new Consumer(diagnostics, columns - 1)) // a full line would make some terminals scroll
                .build();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        diagnostics.clearBar();
    }

    private record Consumer(Diagnostics diagnostics, int columns) implements ProgressBarConsumer {

        @Override
        public int getMaxRenderedLength() {
            return columns;
        }

        @Override
        public void accept(String line) {
            diagnostics.bar(TextLayout.fit(line, columns));
        }

        @Override
        public void close() {
            diagnostics.clearBar();
        }
    }
}
