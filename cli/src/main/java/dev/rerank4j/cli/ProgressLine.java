package dev.rerank4j.cli;

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
    private final String name;
    private final Diagnostics diagnostics;
    private final LongSupplier nanoTime;
    private final int columns;
    private long started;
    private long total;
    private @Nullable ProgressBar bar;

    ProgressLine(Work work, String name, Diagnostics diagnostics, LongSupplier nanoTime, int columns) {
        this.work = work;
        this.name = name;
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
            String rate = work.rate(yield, nanos / 1e9) + "/s";
            bar.setExtraMessage(" " + (work == Work.DOWNLOADING ? rate : work.count(yield) + ", " + rate));
        }
    }

    private ProgressBar bar() {
        boolean large = total >= 10_000_000;
        ProgressBarBuilder builder = new ProgressBarBuilder();
        if (work.inBytes()) {
            builder.setUnit(large ? " MB" : " kB", large ? 1_000_000 : 1000);
        }
        return builder
                .setTaskName(name)
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
