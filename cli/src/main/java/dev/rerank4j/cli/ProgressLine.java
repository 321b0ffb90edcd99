package dev.rerank4j.cli;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress on a terminal: a bar with rate and remaining time, and the number of passages. */
final class ProgressLine implements Progress {

    private static final int REDRAW_MILLIS = 200;
    private static final ProgressBarStyle STYLE = ProgressBarStyle.builder()
            .leftBracket("").rightBracket("").block('━').space('─').fractionSymbols("").build();

    private final Diagnostics diagnostics;
    private final int columns;
    private @Nullable ProgressBar bar;

    ProgressLine(Diagnostics diagnostics, int columns) {
        this.diagnostics = diagnostics;
        this.columns = columns;
    }

    @Override
    public void start(int files, long bytes) {
        boolean large = bytes >= 10_000_000;
        bar = new ProgressBarBuilder()
                .setTaskName("indexing")
                .setInitialMax(bytes)
                .setUnit(large ? " MB" : " kB", large ? 1_000_000 : 1000)
                .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .setSpeedUnit(ChronoUnit.SECONDS)
                .setStyle(STYLE)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .setConsumer(new Consumer(diagnostics, columns - 1)) // a full line would make some terminals scroll
                .build();
    }

    @Override
    public void at(long bytes, int passages) {
        if (bar != null) {
            double seconds = Math.max(1, bar.getElapsedAfterStart().toMillis()) / 1e3;
            bar.stepTo(bytes);
            bar.setExtraMessage(String.format(Locale.ROOT, " %,d passages, %.0f/s", passages, passages / seconds));
        }
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
